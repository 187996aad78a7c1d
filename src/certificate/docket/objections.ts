/**
 * What stands against a leaf, given the docket before it. The log refuses such a leaf, and a monitor says so when one
 * stands in a log all the same.
 *
 * The rules are made so that a failed run cannot be left out: a test is announced before it runs, one announcement has
 * one result, by the station that announced it and in time, and after a failure the next pass has to name it.
 */
import { canonicalJson, Fault } from '../../base/index.ts'
import { CLOCK_SKEW } from '../clock-skew.ts'
import { PASSES } from '../statements/granted.ts'
import { predicateTypeOf } from '../statements/schemas.ts'
import type { RegisterLeafSpec } from '../statements/types/register-leaf.ts'
import { isPossible } from '../status/lifecycle.ts'
import {
  appendEntry,
  countsAsFailed,
  familyOf,
  headOf,
  listTests,
  validEntries,
  type Docket,
  type DocketEntry,
  type DocketTest,
  type LoggedLeaf,
  type Objection,
  type ObjectionCode,
} from './docket.ts'

/** What the rules have to be told. */
export interface DocketContext {
  /**
   * Whether a key may sign statements of a type at a time (ms since 1970); every key may when absent. How an appeal ended
   * is asked for as a revocation: anybody may reply, but not decide.
   */
  readonly mayIssue?: (keyId: string, predicateType: string, time: number) => boolean
  /** Whether two keys are of one station; only equal keys are when absent. */
  readonly isSameStation?: (keyId: string, other: string) => boolean
  /** For each intent (by its identity) the seed that its first checkpoint gave; seeds are not compared when absent. */
  readonly seeds?: ReadonlyMap<string, string>
  /** No leaf may be dated before, ms since 1970: the time of the last checkpoint that does not contain it. */
  readonly notBefore?: number
}

/** Days after which an announced test counts as abandoned, whatever deadline it gave itself. */
const MAX_DAYS_TO_TEST = 30
const DAY = 24 * 60 * 60 * 1000

/** Results of a test that was run. */
const RUN: ReadonlySet<string | undefined> = new Set([...PASSES, 'fail'])

/** True for a result that is a pass. */
export function isPassing({ leaf }: LoggedLeaf): boolean {
  return leaf.kind === 'mot-result' && PASSES.has(leaf.result)
}

function object(code: ObjectionCode, message: string): readonly Objection[] {
  return [{ code, message }]
}

function nameHash(hash = 'no leaf'): string {
  return hash
}

/** Whether a leaf continues the chain. */
function objectToChain(docket: Docket | undefined, { hash, leaf }: LoggedLeaf): readonly Objection[] {
  const head = headOf(docket)
  if (docket !== undefined && leaf.modelId !== docket.modelId)
    return object('docket-model', `the leaf is about ${leaf.modelId}, the docket about ${docket.modelId}`)
  if (leaf.prev !== head?.hash) {
    const isFork = (docket?.entries ?? []).some((entry) => entry.leaf.prev === leaf.prev && entry.hash !== hash)
    return object(
      isFork ? 'docket-fork' : 'docket-prev',
      `before it stands ${nameHash(head?.hash)}, not ${nameHash(leaf.prev)}`,
    )
  }
  const next = head === undefined ? 0 : head.leaf.seq + 1
  return leaf.seq === next ? [] : object('docket-seq', `the leaf has seq ${leaf.seq}; the next is ${next}`)
}

/** Whether its key may say it; an outcome is a decision, so that it wants a key that may revoke. */
function objectToSpeaker(
  { issuer, kind, action, time }: RegisterLeafSpec,
  mayIssue: NonNullable<DocketContext['mayIssue']>,
): readonly Objection[] {
  const isOutcome = action === 'outcome'
  if (mayIssue(issuer, predicateTypeOf(isOutcome ? 'revocation' : kind), Date.parse(time))) return []
  return object(
    'role',
    `the key ${issuer} may not sign ${isOutcome ? 'how an appeal ended' : `statements of the kind ${kind}`}`,
  )
}

function* objectToAny(docket: Docket | undefined, { leaf }: LoggedLeaf, context: DocketContext): Generator<Objection> {
  const { mayIssue = () => true, notBefore = -Infinity } = context
  const head = headOf(docket)
  const time = Date.parse(leaf.time)
  if (head !== undefined && time < Date.parse(head.leaf.time) - CLOCK_SKEW)
    yield* object('time-order', `it is dated ${leaf.time}, the leaf before it ${head.leaf.time}`)
  if (time < notBefore - CLOCK_SKEW)
    yield* object(
      'back-dated',
      `it is dated ${leaf.time}, but a checkpoint of ${new Date(notBefore).toISOString()} lacks it`,
    )
  const family = familyOf(docket)
  if (family !== undefined && leaf.familyId !== family)
    yield* object('family-not-in-force', `it names the family ${leaf.familyId}; in force is ${family}`)
  if (docket?.entries.some((entry) => entry.leaf.entry === leaf.entry) === true)
    yield* object('entry-twice', `the statement ${leaf.entry} already stands in the docket`)
  yield* objectToSpeaker(leaf, mayIssue)
}

/** The last failure that no pass has answered; undefined when there is none. @param now ms since 1970 */
export function unansweredFailure(docket: Docket | undefined, now: number): DocketTest | undefined {
  const tests = listTests(docket, now)
  const last = tests.findLast(countsAsFailed)
  const answered = tests.some(({ close }) => {
    return close !== undefined && isPassing(close) && last !== undefined && namesTest(close.leaf.retestOf, last)
  })
  return answered ? undefined : last
}

function namesTest(entry: string | undefined, { intent, close }: DocketTest): boolean {
  return entry !== undefined && (entry === intent.leaf.entry || entry === close?.leaf.entry)
}

function* objectToRetest(docket: Docket | undefined, entry: LoggedLeaf): Generator<Objection> {
  const { retestOf, time } = entry.leaf
  const now = Date.parse(time)
  const failure = unansweredFailure(docket, now)
  if (isPassing(entry) && failure !== undefined && !namesTest(retestOf, failure))
    yield* object(
      'retest-missing',
      `the test ${failure.intent.leaf.entry} ${failure.state}; a pass after it has to name it`,
    )
  const failed = listTests(docket, now).filter(countsAsFailed)
  if (retestOf !== undefined && !failed.some((test) => namesTest(retestOf, test)))
    yield* object('retest-unknown', `${retestOf} is no failed or abandoned test of this docket`)
}

function* objectToSeed(
  before: readonly DocketEntry[],
  leaf: RegisterLeafSpec,
  seeds: DocketContext['seeds'],
): Generator<Objection> {
  if (seeds !== undefined && RUN.has(leaf.result) && leaf.seed !== seeds.get(leaf.intent ?? ''))
    yield* object(
      'seed-wrong',
      `the seed ${leaf.seed ?? 'none'} does not follow from the first checkpoint with the intent`,
    )
  if (leaf.seed !== undefined && before.some((other) => other.leaf.seed === leaf.seed))
    yield* object('seed-twice', `the seed ${leaf.seed} was used before`)
}

function* objectToResult(
  docket: Docket | undefined,
  entry: LoggedLeaf,
  { isSameStation = (a, b) => a === b, seeds }: DocketContext,
): Generator<Objection> {
  const { leaf } = entry
  const before = validEntries(docket)
  const intent = before.find((other) => other.leaf.kind === 'test-intent' && other.leaf.entry === leaf.intent)
  if (intent === undefined) {
    yield* object('result-without-intent', `no intent ${leaf.intent} stands before it`)
    return
  }
  if (before.some((other) => other.leaf.intent === leaf.intent))
    yield* object('result-twice', `the intent ${leaf.intent} has a result already`)
  if (!isSameStation(leaf.issuer, intent.leaf.issuer))
    yield* object('result-foreign', `${intent.leaf.issuer} announced the test, ${leaf.issuer} gives a result`)
  if (leaf.time > (intent.leaf.deadline ?? '') && leaf.result !== 'abandoned')
    yield* object('result-late', `it is dated ${leaf.time}, the deadline was ${intent.leaf.deadline}`)
  yield* objectToSeed(before, leaf, seeds)
  yield* objectToRetest(docket, entry)
}

function objectToIntent({ leaf }: LoggedLeaf): readonly Objection[] {
  const span = Date.parse(leaf.deadline ?? '') - Date.parse(leaf.time)
  return span > 0 && span <= MAX_DAYS_TO_TEST * DAY
    ? []
    : object('intent-deadline', `the deadline ${leaf.deadline} is not within ${MAX_DAYS_TO_TEST} days`)
}

function* objectToTarget(docket: Docket | undefined, { leaf }: LoggedLeaf): Generator<Objection> {
  const target = validEntries(docket).find((other) => other.leaf.entry === leaf.target)
  if (target === undefined) {
    yield* object('target-unknown', `no statement ${leaf.target} stands in this docket`)
    return
  }
  const { number, statusIndex, kind, action } = target.leaf
  const isOther =
    (leaf.number !== undefined && leaf.number !== number) ||
    (leaf.statusIndex !== undefined && canonicalJson(leaf.statusIndex) !== canonicalJson(statusIndex ?? {}))
  if (isOther) yield* object('target-mismatch', `number or status index are not those of ${leaf.target}`)
  if (leaf.kind === 'revocation' && !isPossible(docket, leaf))
    yield* object('status-transition', `what became of ${leaf.target} leaves no room to ${leaf.action} it`)
  if (leaf.action === 'outcome' && (kind !== 'reply' || action !== 'appeal'))
    yield* object('outcome-target', `${leaf.target} is no appeal`)
}

/** All objections to a leaf that would stand next in a docket; when it breaks the chain, only those. */
export function findObjections(
  docket: Docket | undefined,
  entry: LoggedLeaf,
  context: DocketContext = {},
): readonly Objection[] {
  const broken = objectToChain(docket, entry)
  if (broken.length > 0) return broken
  const general = [...objectToAny(docket, entry, context)]
  switch (entry.leaf.kind) {
    case 'test-intent':
      return [...general, ...objectToIntent(entry), ...objectToRetest(docket, entry)]
    case 'mot-result':
      return [...general, ...objectToResult(docket, entry, context)]
    case 'revocation':
    case 'reply':
      return [...general, ...objectToTarget(docket, entry)]
    default:
      return general
  }
}

/** The docket with one more leaf. @throws Fault with the code and message of the first objection */
export function admitLeaf(docket: Docket | undefined, entry: LoggedLeaf, context: DocketContext = {}): Docket {
  const [first] = findObjections(docket, entry, context)
  if (first !== undefined) throw new Fault(first.code, first.message)
  return appendEntry(docket, { ...entry, objections: [] })
}

/** The docket with one more leaf, whatever stands against it. @returns the docket and the entry with its objections */
export function recordLeaf(
  docket: Docket | undefined,
  entry: LoggedLeaf,
  context: DocketContext = {},
): { readonly docket: Docket; readonly entry: DocketEntry } {
  const recorded = { ...entry, objections: findObjections(docket, entry, context) }
  return { docket: appendEntry(docket, recorded), entry: recorded }
}
