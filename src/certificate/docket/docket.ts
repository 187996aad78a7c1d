/**
 * A docket: all that was ever said of one model, folded from the leaves of the log.
 *
 * Each leaf names the one before it, so that none can be left out or put in. A leaf that breaks a rule is refused by the
 * log; should one stand in a log all the same, a monitor keeps it with its objections and it counts for nothing.
 *
 * Guarantee: pure; the same leaves give the same docket, whoever folds them.
 */
import type { RegisterLeafSpec } from '../statements/types/register-leaf.ts'

/** A leaf as it stands in the log. */
export interface LoggedLeaf {
  readonly index: number
  /** Hash of the leaf, hex. */
  readonly hash: string
  readonly leaf: RegisterLeafSpec
}

/** What stands against a leaf. */
export interface Objection {
  readonly code: ObjectionCode
  readonly message: string
}

/** Why a leaf is refused; those that begin with `docket-` say that it does not stand in the chain. See `objections.ts`. */
export type ObjectionCode =
  | 'docket-model'
  | 'docket-seq'
  | 'docket-prev'
  | 'docket-fork'
  | 'time-order'
  | 'back-dated'
  | 'family-not-in-force'
  | 'entry-twice'
  | 'intent-deadline'
  | 'result-without-intent'
  | 'result-twice'
  | 'result-foreign'
  | 'result-late'
  | 'retest-missing'
  | 'retest-unknown'
  | 'seed-twice'
  | 'seed-wrong'
  | 'target-unknown'
  | 'target-mismatch'
  | 'outcome-target'
  | 'status-transition'
  | 'role'

/** True for what says that a leaf does not stand in the chain. */
export function breaksChain({ code }: Objection): boolean {
  return code.startsWith('docket-')
}

/** A leaf of a docket; one with objections counts for nothing. */
export interface DocketEntry extends LoggedLeaf {
  readonly objections: readonly Objection[]
}

/** See the module. */
export interface Docket {
  readonly modelId: string
  /** In the order of the log, so of `seq`. */
  readonly entries: readonly DocketEntry[]
}

/** The docket with one more entry. */
export function appendEntry(docket: Docket | undefined, entry: DocketEntry): Docket {
  return { modelId: entry.leaf.modelId, entries: [...(docket?.entries ?? []), entry] }
}

/** The entries that count. */
export function validEntries(docket: Docket | undefined): readonly DocketEntry[] {
  return docket?.entries.filter(({ objections }) => objections.length === 0) ?? []
}

/** How a test stands; `abandoned` counts as failed. */
export type TestState = 'open' | 'passed' | 'failed' | 'abandoned' | 'refused'

/** One test: its intent, and what closed it. */
export interface DocketTest {
  readonly intent: DocketEntry
  readonly close?: DocketEntry
  readonly state: TestState
}

const STATES: ReadonlyMap<string | undefined, TestState> = new Map([
  ['pass', 'passed'],
  ['pass-with-advisories', 'passed'],
  ['fail', 'failed'],
  ['abandoned', 'abandoned'],
  ['refused', 'refused'],
] as const)

/**
 * The tests of a docket, in the order of their intents.
 *
 * @param now ms since 1970, for the deadlines of those that nothing closed
 */
export function listTests(docket: Docket | undefined, now: number): readonly DocketTest[] {
  const entries = validEntries(docket)
  const closing = new Map(
    entries.flatMap((entry) => (entry.leaf.kind === 'mot-result' ? [[entry.leaf.intent, entry]] : [])),
  )
  return entries
    .filter(({ leaf }) => leaf.kind === 'test-intent')
    .map((intent) => {
      const close = closing.get(intent.leaf.entry)
      if (close !== undefined) return { intent, close, state: STATES.get(close.leaf.result) ?? 'failed' }
      const isLate = now > Date.parse(intent.leaf.deadline ?? '')
      return { intent, state: isLate ? 'abandoned' : 'open' }
    })
}

/** True when a test counts as failed: it failed, was abandoned, or ran out of time. */
export function countsAsFailed({ state }: DocketTest): boolean {
  return state === 'failed' || state === 'abandoned'
}

/** What a person is shown of a docket. */
export interface DocketSummary {
  readonly modelId: string
  readonly familyId: string
  /** Number of leaves, and the hash of the last: what the next one must name. */
  readonly length: number
  readonly head: string
  readonly tests: readonly DocketTest[]
  readonly openIntents: readonly DocketEntry[]
  /** Entries that count for nothing, which are shown all the same. */
  readonly disputed: readonly DocketEntry[]
}

/** The last entry that stands in the chain; undefined for an empty docket. */
export function headOf(docket: Docket | undefined): DocketEntry | undefined {
  return docket?.entries.findLast(({ objections }) => !objections.some(breaksChain))
}

/** The family that the next leaf of a docket has to name; undefined for an empty docket. */
export function familyOf(docket: Docket | undefined): string | undefined {
  const entries = validEntries(docket)
  const acts = entries.filter(({ leaf }) => leaf.kind === 'family' && leaf.action !== 'merge')
  const inForce = acts.findLast(({ leaf }) => standingOf(leaf.entry, entries) === 'in-force')
  return inForce?.leaf.toFamily ?? entries[0]?.leaf.familyId
}

/** How an act stands that can be appealed: a pending appeal suspends it, one that was upheld undoes it. */
export type ActStanding = 'in-force' | 'contested' | 'undone'

/** The standing of an act among all entries that may appeal it or decide an appeal. */
export function standingOf(act: string, entries: readonly DocketEntry[]): ActStanding {
  const replies = entries.filter(({ leaf }) => leaf.kind === 'reply')
  const appeals = replies.filter(({ leaf }) => leaf.action === 'appeal' && leaf.target === act)
  const outcomes = appeals.map(({ leaf: appeal }) => {
    return replies.find(({ leaf }) => leaf.action === 'outcome' && leaf.target === appeal.entry)?.leaf.result
  })
  if (outcomes.includes('upheld')) return 'undone'
  return outcomes.includes(undefined) ? 'contested' : 'in-force'
}

/** Sums a docket up; undefined for an empty one. @param now ms since 1970 */
export function summariseDocket(docket: Docket, now: number): DocketSummary | undefined {
  const [head, familyId] = [headOf(docket), familyOf(docket)]
  if (head === undefined || familyId === undefined) return undefined
  const tests = listTests(docket, now)
  return {
    modelId: docket.modelId,
    familyId,
    length: head.leaf.seq + 1,
    head: head.hash,
    tests,
    openIntents: tests.filter(({ state }) => state === 'open').map(({ intent }) => intent),
    disputed: docket.entries.filter(({ objections }) => objections.length > 0),
  }
}
