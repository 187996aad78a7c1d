/**
 * Follows all dockets of a log, leaf by leaf, and raises an alarm where something is not as it must be.
 *
 * This is what a monitor runs that does not believe the log: it is fed every leaf in order and every checkpoint, and
 * keeps no more than the dockets. A leaf that is none of ours is passed over. It has the form of the observers of
 * `log/monitor`, which knows nothing of what leaves mean.
 *
 * Guarantee: the same leaves, checkpoints and times give the same alarms; it throws nothing, whatever the leaves hold.
 * What it cannot see: a checkpoint that it was not given (`docs/adr/0017-dockets.md`).
 */
import { canonicalJson, isFault, sha256 } from '../../base/index.ts'
import type { Checkpoint } from '../checkpoint.ts'
import { CLOCK_SKEW } from '../clock-skew.ts'
import { equalBytes, toHex, toUtf8 } from '../encoding.ts'
import { LETS_IN } from '../statements/granted.ts'
import type { RegisterLeafSpec } from '../statements/types/register-leaf.ts'
import { seedInput } from './beacon.ts'
import { appendEntry, validEntries, type Docket, type DocketEntry, type ObjectionCode } from './docket.ts'
import { isPassing, recordLeaf, unansweredFailure, type DocketContext } from './objections.ts'
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

/** A leaf that is proven to be in the log. */
export interface ObservedLeaf {
  readonly index: number
  readonly data: Uint8Array
  readonly leafHash: Uint8Array
}

/** What the observer has to be told. */
export interface DocketWatch extends Pick<DocketContext, 'mayIssue' | 'isSameStation'> {
  /** The time, ms since 1970: for the deadlines of tests. */
  readonly now: () => number
  /**
   * False when not every checkpoint is seen: the first with an intent, from which the seed of its test follows, may be
   * missing then, so seeds are not compared. True unless told.
   */
  readonly seesAll?: boolean
  /** When a checkpoint was published, ms since 1970, as witnesses say; dates are not held against it where nobody says. */
  readonly timeOf?: (checkpoint: Checkpoint) => number | undefined
}

interface Saved {
  readonly entries: readonly DocketEntry[]
  readonly seeds: readonly (readonly [string, string])[]
  readonly open: readonly string[]
  readonly unpublished: readonly string[]
  readonly notBefore?: number
}

const PREFIX = toUtf8('{"apiVersion":"1","kind":"register",')

/** True for a leaf that has to be a `register/1`: whatever else it holds, it begins as one. */
export function isRegisterLeaf(bytes: Uint8Array): boolean {
  return equalBytes(bytes.subarray(0, PREFIX.length), PREFIX)
}

/** See the module. */
export class DocketObserver {
  readonly name = 'dockets'
  readonly #watch: DocketWatch
  readonly #dockets = new Map<string, Docket>()
  readonly #numbers = new Map<string, number>()
  readonly #places = new Map<string, number>()
  /** The model of whose docket each statement stands first. */
  readonly #models = new Map<string, string>()
  readonly #seeds: Map<string, string>
  /** Entries that no checkpoint has contained yet, by identity. */
  readonly #unpublished = new Map<string, DocketEntry>()
  /** Intents without a result, whose deadline has not been told of. */
  readonly #open = new Map<string, DocketEntry>()
  #notBefore: number | undefined

  /** Begins with the first leaf, or goes on from what {@link save} gave. */
  constructor(watch: DocketWatch, saved?: string) {
    this.#watch = watch
    const { entries, seeds, open, unpublished, notBefore } = readSaved(saved)
    this.#seeds = new Map(seeds)
    this.#notBefore = notBefore
    const [openOnes, unpublishedOnes] = [new Set(open), new Set(unpublished)]
    for (const entry of entries) {
      const { modelId, entry: identity } = entry.leaf
      this.#dockets.set(modelId, appendEntry(this.#dockets.get(modelId), entry))
      this.#alarmTwice(entry)
      if (openOnes.has(identity)) this.#open.set(identity, entry)
      if (unpublishedOnes.has(identity)) this.#unpublished.set(identity, entry)
    }
  }

  /** What it needs to go on from here. */
  save(): string {
    const entries = [...this.#dockets.values()].flatMap((docket) => docket.entries)
    return canonicalJson({
      entries: entries.toSorted((a, b) => a.index - b.index),
      seeds: [...this.#seeds],
      open: [...this.#open.keys()],
      unpublished: [...this.#unpublished.keys()],
      notBefore: this.#notBefore,
    })
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
  observe({ index, data, leafHash }: ObservedLeaf): readonly DocketAlarm[] {
    if (!isRegisterLeaf(data)) return []
    try {
      return this.#take({ index, hash: toHex(leafHash), leaf: readRegisterLeaf(data) })
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
    const bound = this.#notBefore === undefined ? {} : { notBefore: this.#notBefore }
    const seeds = this.#watch.seesAll === false ? {} : { seeds: this.#seeds }
    const { docket, entry } = recordLeaf(before, logged, { ...this.#watch, ...seeds, ...bound })
    this.#dockets.set(leaf.modelId, docket)
    const place = { index, modelId: leaf.modelId }
    const objections = entry.objections.map(({ code, message }) => ({ code, message, ...place }))
    if (!this.#unpublished.has(leaf.entry)) this.#unpublished.set(leaf.entry, entry)
    if (objections.length > 0) return [...objections, ...this.#alarmTwice(entry)]
    if (leaf.kind === 'test-intent') this.#open.set(leaf.entry, entry)
    if (leaf.kind === 'mot-result') this.#open.delete(leaf.intent ?? '')
    return [...this.#alarmTwice(entry), ...alarmClearance(before, entry)]
  }

  #alarmTwice({ index, leaf }: DocketEntry): readonly DocketAlarm[] {
    const { kind, entry, modelId, number = '', statusIndex } = leaf
    const alarms: DocketAlarm[] = []
    const model = claim(this.#models, entry, modelId)
    if (model !== modelId)
      alarms.push({ code: 'entry-twice', message: `the statement ${entry} is one of ${model}`, index, modelId })
    if (kind !== 'mot-result' && kind !== 'clearance') return alarms
    const first = claim(this.#numbers, number, index)
    if (first !== index)
      alarms.push({ code: 'number-twice', message: `the number ${number} stands at ${first} too`, index, modelId })
    if (statusIndex === undefined) return alarms
    const place = `${statusIndex.index} of the list ${statusIndex.list}`
    const other = claim(this.#places, place, index)
    if (other !== index)
      alarms.push({ code: 'status-index-twice', message: `the index ${place} was given at ${other}`, index, modelId })
    return alarms
  }

  /** Takes the next checkpoint, after the leaves that it contains. Every one that is left out makes it see less. */
  settle(checkpoint: Checkpoint): readonly DocketAlarm[] {
    const time = this.#watch.timeOf?.(checkpoint)
    const published = [...this.#unpublished.values()].filter(({ index }) => BigInt(index) < checkpoint.size)
    for (const { leaf, hash } of published) {
      this.#unpublished.delete(leaf.entry)
      if (leaf.kind === 'test-intent' && !this.#seeds.has(leaf.entry))
        this.#seeds.set(leaf.entry, sha256(seedInput(toHex(checkpoint.root), hash)))
    }
    if (time !== undefined) this.#notBefore = Math.max(this.#notBefore ?? time, time)
    return [...alarmFuture(published, time), ...this.#alarmAbandoned(this.#watch.now())]
  }

  #alarmAbandoned(now: number): readonly DocketAlarm[] {
    const late = [...this.#open.values()].filter(({ leaf }) => now > Date.parse(leaf.deadline ?? ''))
    return late.flatMap((intent): readonly DocketAlarm[] => {
      const { index, leaf } = intent
      this.#open.delete(leaf.entry)
      const abandoned = `the test announced at ${index} had no result by ${leaf.deadline}: it counts as failed`
      const passes = validEntries(this.#dockets.get(leaf.modelId)).filter((other) => {
        return other.index > index && (isPassing(other) || LETS_IN.has(other.leaf.result))
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

/** Who has a name: whoever had it first. */
function claim<Owner>(owners: Map<string, Owner>, name: string, owner: Owner): Owner {
  const first = owners.get(name)
  if (first !== undefined) return first
  owners.set(name, owner)
  return owner
}

function alarmClearance(before: Docket | undefined, { index, leaf }: DocketEntry): readonly DocketAlarm[] {
  if (leaf.kind !== 'clearance' || !LETS_IN.has(leaf.result)) return []
  const failure = unansweredFailure(before, Date.parse(leaf.time))
  if (failure === undefined) return []
  const message = `it was cleared although the test announced at ${failure.intent.index} ${failure.state}`
  return [{ code: 'pass-despite-abandoned', message, index, modelId: leaf.modelId }]
}

function alarmFuture(published: readonly DocketEntry[], time: number | undefined): readonly DocketAlarm[] {
  if (time === undefined) return []
  const early = published.filter(({ leaf }) => Date.parse(leaf.time) > time + CLOCK_SKEW)
  return early.map(({ index, leaf }): DocketAlarm => {
    const message = `it is dated ${leaf.time} and was published ${new Date(time).toISOString()}`
    return { code: 'future-dated', message, index, modelId: leaf.modelId }
  })
}

/** What was kept is our own text, and no other is ever given. */
function readSaved(saved: string | undefined): Saved {
  if (saved === undefined) return { entries: [], seeds: [], open: [], unpublished: [] }
  return JSON.parse(saved) as Saved
}
