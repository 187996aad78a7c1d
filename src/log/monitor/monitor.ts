/**
 * Follows a log as a stranger: believes nothing, forgets nothing, and says what is wrong with the notes that show it.
 *
 * At each check it reads the checkpoint, holds it against the policy, against the last one it saw and against what
 * witnesses cosigned, then reads the new leaves, computes the root again and lets the observers look.
 *
 * Guarantees: an observer is given only leaves that are proven to be in a log that goes on from all that was seen before;
 * memory does not grow with the log; the state between two checks is all that is needed to go on. When a check rejects, the
 * state before it is the one to go on from.
 *
 * Source: RFC 9162 section 8.2 for what a monitor does; C2SP tlog-tiles and tlog-witness for what it reads.
 */
import { toSize, type Clock } from '../../base/index.ts'
import { equalBytes, judgeCheckpoint, readCheckpoint } from '../../certificate/index.ts'
import type { Cryptography, Policy } from '../../certificate/index.ts'
import { toText } from '../http/bounded.ts'
import { Frontier } from '../merkle/frontier.ts'
import { hashesFromTiles } from '../tiles/read.ts'
import { tilesOf, type LogReader } from '../tiles/served.ts'
import { raise, toAlarm, type Alarm } from './alarm.ts'
import { compareViews, type SignedCheckpoint } from './compare.ts'
import { followLeaves } from './follow.ts'
import type { Finding, LeafObserver, ObservedLeaf } from './observer.ts'
import type { MonitorState } from './state.ts'
import { compareWitnessed, type WitnessedView } from './witnessed.ts'

/** What a monitor needs. */
export interface MonitorOptions {
  /** Logs and witnesses; the log that is followed must be among them. */
  readonly policy: Policy
  readonly read: LogReader
  readonly cryptography: Cryptography
  readonly clock: Clock
  readonly observers?: readonly LeafObserver[]
  /** What each witness cosigned last, as a note; asked for before the log is. */
  readonly witnessed?: () => Promise<readonly WitnessedView[]>
  /** Leaves to read in one check, about; without it all. */
  readonly leaves?: number
}

/** What a check found. */
export interface MonitorReport {
  readonly alarms: readonly Alarm[]
  /** True when all leaves of the last checkpoint have been read. */
  readonly complete: boolean
  /** Leaves read so far, of how many. */
  readonly read: number
  readonly size: number
}

/** See the module. */
export class Monitor {
  readonly #options: MonitorOptions
  readonly #observers: readonly LeafObserver[]
  readonly #origin: string
  readonly #frontier: Frontier
  #last: SignedCheckpoint | undefined
  #alarms: Alarm[] = []

  /** Goes on from a state; observers must have been made from what they kept in it. */
  constructor(options: MonitorOptions, state: MonitorState) {
    this.#options = options
    this.#observers = options.observers ?? []
    this.#origin = state.origin
    this.#frontier = new Frontier(state.frontier)
    this.#last = state.note === undefined ? undefined : { note: state.note, checkpoint: readCheckpoint(state.note) }
  }

  /** How far it has come. */
  get state(): MonitorState {
    const observers = new Map(this.#observers.map((observer) => [observer.name, observer.save()]))
    return { origin: this.#origin, note: this.#last?.note, frontier: this.#frontier.state, observers }
  }

  /** One check. Alarms are values; it rejects only when an observer or the program itself fails. */
  async check(): Promise<MonitorReport> {
    this.#alarms = []
    try {
      await this.#checkOnce()
    } catch (thrown) {
      this.#alarms.push(toAlarm(thrown, this.#last === undefined ? [] : [this.#last.note]))
    }
    const size = toSize(this.#last?.checkpoint.size ?? 0n)
    const read = this.#frontier.size
    return { alarms: this.#alarms, complete: this.#last !== undefined && read === size, read, size }
  }

  async #checkOnce(): Promise<void> {
    const views = (await this.#options.witnessed?.()) ?? []
    const current = await this.#readCheckpoint()
    await this.#compareLast(current)
    this.#last = current
    await this.#compareWitnessed(views, current)
    await this.#follow(current)
  }

  async #readCheckpoint(): Promise<SignedCheckpoint> {
    const bytes = await this.#options.read('checkpoint')
    if (bytes === undefined) return raise({ code: 'checkpoint', message: 'the log serves no checkpoint', notes: [] })
    try {
      const note = toText(bytes)
      const checkpoint = readCheckpoint(note)
      toSize(checkpoint.size)
      const { policy, cryptography } = this.#options
      const { quorum, cosignatures } = await judgeCheckpoint(checkpoint, policy, cryptography)
      if (checkpoint.origin !== this.#origin)
        return raise({ code: 'checkpoint', message: `a checkpoint of ${checkpoint.origin}`, notes: [note] })
      const message = `${cosignatures.length} witnesses cosigned checkpoint ${checkpoint.size}: too few`
      if (!quorum) this.#alarms.push({ code: 'quorum', message, notes: [note] })
      return { note, checkpoint }
    } catch (thrown) {
      const alarm = toAlarm(thrown, [Buffer.from(bytes).toString('utf8').slice(0, 65_536)])
      return raise({ ...alarm, code: 'checkpoint' })
    }
  }

  #hashes({ checkpoint }: SignedCheckpoint): ReturnType<typeof hashesFromTiles> {
    return hashesFromTiles(toSize(checkpoint.size), tilesOf(this.#options.read))
  }

  async #compareLast(current: SignedCheckpoint): Promise<void> {
    const last = this.#last
    if (last === undefined) return
    if (last.checkpoint.size <= current.checkpoint.size) {
      await compareViews({ smaller: last, larger: current, read: this.#hashes(current) })
      return
    }
    const rollback: Alarm = {
      code: 'rollback',
      message: `the log had ${last.checkpoint.size} leaves and now shows ${current.checkpoint.size}`,
      notes: [current.note, last.note],
    }
    try {
      await compareViews({ smaller: current, larger: last, read: this.#hashes(last) })
    } catch (thrown) {
      const alarm = toAlarm(thrown, [])
      raise(alarm.code === 'split-view' ? alarm : rollback)
    }
    raise(rollback)
  }

  async #compareWitnessed(views: readonly WitnessedView[], current: SignedCheckpoint): Promise<void> {
    const { policy, cryptography, clock } = this.#options
    const context = { current, policy, cryptography, now: clock.now(), read: this.#hashes(current) }
    for (const view of views) {
      const alarm = await compareWitnessed(view, context)
      if (alarm?.code === 'split-view') raise(alarm)
      if (alarm !== undefined) this.#alarms.push(alarm)
    }
  }

  async #follow(target: SignedCheckpoint): Promise<void> {
    const { checkpoint, note } = target
    const [from, size] = [this.#frontier.size, toSize(checkpoint.size)]
    const to = Math.min(size, from + (this.#options.leaves ?? size))
    for await (const leaves of followLeaves({ target, from, to }, this.#options.read))
      for (const leaf of leaves) this.#observe(leaf, note)
    if (this.#frontier.size !== size) return
    if (!equalBytes(this.#frontier.root(), checkpoint.root))
      raise({ code: 'tiles', message: `the leaves do not make the root of ${size} leaves`, notes: [note] })
    for (const observer of this.#observers) this.#report(observer, observer.settle?.(checkpoint) ?? [], note)
  }

  #observe(leaf: ObservedLeaf, note: string): void {
    this.#frontier.append(leaf.leafHash)
    for (const observer of this.#observers) this.#report(observer, observer.observe(leaf), note)
  }

  #report({ name }: LeafObserver, findings: readonly Finding[], note: string): void {
    for (const { code, message, index } of findings)
      this.#alarms.push({
        code: 'observer',
        who: name,
        notes: [note],
        message: code === undefined ? message : `${code}: ${message}`,
        ...(index === undefined ? {} : { index }),
      })
  }
}
