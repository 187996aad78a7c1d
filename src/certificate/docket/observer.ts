/**
 * Follows all dockets of a log, leaf by leaf, and raises an alarm where something is not as it must be.
 *
 * This is what a monitor runs that does not believe the log: it is fed every leaf in order and every checkpoint, and
 * keeps no more than the dockets. A leaf that is none of ours is passed over.
 *
 * Guarantee: the same leaves and checkpoints give the same alarms; nothing but a Fault of the cryptography is thrown,
 * whatever the leaves hold. What it cannot see: a checkpoint that it was not given (`docs/adr/0027-dockets.md`).
 */
import { isFault } from '../../base/index.ts'
import type { Cryptography } from '../cryptography.ts'
import { equalBytes, toUtf8 } from '../encoding.ts'
import type { RegisterLeafSpec } from '../statements/types/register-leaf.ts'
import { deriveSeed } from './beacon.ts'
import { validEntries, type Docket, type DocketEntry, type ObjectionCode } from './docket.ts'
import { CLOCK_SKEW, isPassing, recordLeaf, unansweredFailure, type DocketContext } from './objections.ts'
import { readRegisterLeaf } from './register-leaf.ts'

/** What a monitor says. */
export interface DocketAlarm {
  readonly code:
    | ObjectionCode
    | 'leaf-malformed'
    | 'docket-abandoned'
    | 'pass-despite-abandoned'
    | 'number-twice'
    | 'status-index-twice'
    | 'future-dated'
  readonly message: string
  /** Index of the leaf in the log. */
  readonly index: number
  readonly modelId?: string
}

/** A leaf of the log as a monitor reads it. */
export interface ObservedLeaf {
  readonly index: number
  /** Hash of the leaf, hex. */
  readonly hash: string
  readonly bytes: Uint8Array
}

/** A published state of the log. */
export interface ObservedCheckpoint {
  readonly size: number
  /** Hex. */
  readonly root: string
  /** When it was published, ms since 1970. */
  readonly time: number
}

const PREFIX = toUtf8('{"apiVersion":"1","kind":"register",')
const CLEARED: ReadonlySet<string | undefined> = new Set(['cleared', 'cleared-with-advisories'])

/** True for a leaf that has to be a `register/1`: whatever else it holds, it begins as one. */
export function isRegisterLeaf(bytes: Uint8Array): boolean {
  return equalBytes(bytes.subarray(0, PREFIX.length), PREFIX)
}

/** See the module. */
export class DocketObserver {
  readonly #cryptography: Cryptography
  readonly #context: DocketContext
  readonly #dockets = new Map<string, Docket>()
  readonly #numbers = new Map<string, number>()
  readonly #places = new Map<string, number>()
  readonly #seeds = new Map<string, string>()
  /** Entries that no checkpoint has contained yet. */
  #unpublished: DocketEntry[] = []
  readonly #open = new Map<string, DocketEntry>()
  #lastTime = -Infinity

  constructor(cryptography: Cryptography, context: Omit<DocketContext, 'seeds' | 'notBefore'> = {}) {
    this.#cryptography = cryptography
    this.#context = context
  }

  /** The docket of a model as the leaves have it; undefined when nothing was said of it. */
  docketOf(modelId: string): Docket | undefined {
    return this.#dockets.get(modelId)
  }

  /** All dockets. */
  get dockets(): Iterable<Docket> {
    return this.#dockets.values()
  }

  /** Takes the next leaf of the log. */
  observe({ index, hash, bytes }: ObservedLeaf): readonly DocketAlarm[] {
    if (!isRegisterLeaf(bytes)) return []
    try {
      return this.#take({ index, hash, leaf: readRegisterLeaf(bytes) })
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
      return [{ code: 'leaf-malformed', message: `${thrown.code}: ${thrown.message}`, index }]
    }
  }

  #take(logged: {
    readonly index: number
    readonly hash: string
    readonly leaf: RegisterLeafSpec
  }): readonly DocketAlarm[] {
    const { index, leaf } = logged
    const before = this.#dockets.get(leaf.modelId)
    const context = { ...this.#context, seeds: this.#seeds, notBefore: this.#lastTime }
    const { docket, entry } = recordLeaf(before, logged, context)
    this.#dockets.set(leaf.modelId, docket)
    const place = { index, modelId: leaf.modelId }
    const objections = entry.objections.map(({ code, message }) => ({ code, message, ...place }))
    this.#unpublished.push(entry)
    if (objections.length > 0) return [...objections, ...this.#alarmTwice(entry)]
    if (leaf.kind === 'test-intent') this.#open.set(leaf.entry, entry)
    if (leaf.kind === 'mot-result') this.#open.delete(leaf.intent ?? '')
    return [...this.#alarmTwice(entry), ...alarmClearance(before, entry)]
  }

  #alarmTwice({ index, leaf }: DocketEntry): readonly DocketAlarm[] {
    if (leaf.kind !== 'mot-result' && leaf.kind !== 'clearance') return []
    const { number = '', statusIndex, modelId } = leaf
    const alarms: DocketAlarm[] = []
    const first = this.#numbers.get(number)
    if (first !== undefined)
      alarms.push({ code: 'number-twice', message: `the number ${number} stands at ${first} too`, index, modelId })
    else this.#numbers.set(number, index)
    if (statusIndex === undefined) return alarms
    const place = `${statusIndex.index} of the list ${statusIndex.list}`
    const other = this.#places.get(place)
    if (other !== undefined)
      alarms.push({ code: 'status-index-twice', message: `the index ${place} was given at ${other}`, index, modelId })
    else this.#places.set(place, index)
    return alarms
  }

  /** Takes the next checkpoint, after the leaves that it contains. Every one that is left out makes it see less. */
  async observeCheckpoint({ size, root, time }: ObservedCheckpoint): Promise<readonly DocketAlarm[]> {
    const published = this.#unpublished.filter(({ index }) => index < size)
    this.#unpublished = this.#unpublished.filter(({ index }) => index >= size)
    for (const { leaf, hash } of published) {
      if (leaf.kind === 'test-intent' && !this.#seeds.has(leaf.entry))
        this.#seeds.set(leaf.entry, await deriveSeed(root, hash, this.#cryptography))
    }
    this.#lastTime = Math.max(this.#lastTime, time)
    const early = published.filter(({ leaf }) => Date.parse(leaf.time) > time + CLOCK_SKEW)
    const alarms = early.map(({ index, leaf }): DocketAlarm => {
      const message = `it is dated ${leaf.time} and was published ${new Date(time).toISOString()}`
      return { code: 'future-dated', message, index, modelId: leaf.modelId }
    })
    return [...alarms, ...this.#alarmAbandoned(time)]
  }

  #alarmAbandoned(now: number): readonly DocketAlarm[] {
    const late = [...this.#open.values()].filter(({ leaf }) => now > Date.parse(leaf.deadline ?? ''))
    return late.flatMap((intent): readonly DocketAlarm[] => {
      const { index, leaf } = intent
      this.#open.delete(leaf.entry)
      const abandoned = `the test announced at ${index} had no result by ${leaf.deadline}: it counts as failed`
      const passes = validEntries(this.#dockets.get(leaf.modelId)).filter((other) => {
        return other.index > index && (isPassing(other) || CLEARED.has(other.leaf.result))
      })
      return [
        { code: 'docket-abandoned', message: abandoned, index, modelId: leaf.modelId },
        ...passes.map((pass): DocketAlarm => {
          const message = `a pass was issued while the test announced at ${index} was open, which was then abandoned`
          return { code: 'pass-despite-abandoned', message, index: pass.index, modelId: leaf.modelId }
        }),
      ]
    })
  }
}

function alarmClearance(before: Docket | undefined, { index, leaf }: DocketEntry): readonly DocketAlarm[] {
  if (leaf.kind !== 'clearance' || !CLEARED.has(leaf.result)) return []
  const failure = unansweredFailure(before, Date.parse(leaf.time))
  if (failure === undefined) return []
  const message = `it was cleared although the test announced at ${failure.intent.index} ${failure.state}`
  return [{ code: 'pass-despite-abandoned', message, index, modelId: leaf.modelId }]
}
