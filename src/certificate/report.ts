/**
 * What a verification found: every check with its evidence, and one verdict.
 *
 * Guarantee: `pass` stands only when every check that applies was made and held. What could not be checked makes the
 * verdict `partial`, never `pass`; the first check that fails, or that this machine cannot make, ends the verification,
 * and the rest say so.
 */
import { isFault } from '../base/index.ts'

/** The checks, in the order in which they are made. */
export const CHECKS = [
  'bundle', // the file is a bundle of the one form, nothing unknown in it
  'key', // a key that the caller trusts is named
  'signature', // it signed these bytes
  'log', // the entry is that of this signature and proven to be in a trusted log
  'witnesses', // enough others have seen the same log
  'timestamp', // the signature existed at a time that a trusted authority states
  'statement', // the signed bytes are an in-toto statement about one subject
  'predicate', // of a type that is understood, and complete
  'key-validity', // key and log were valid at the time of signing, and the key not known to others
  'issuer', // the certificate names the key that signed it, and the key may sign such
  'subject', // the statement is about these bytes
  'files', // file by file, where the statement lists files
  'status', // it was not withdrawn, by a status list
  'expiry', // the certificate holds today
] as const
/** See {@link CHECKS}. */
export type CheckId = (typeof CHECKS)[number]

/** `skipped`: it applies, but was not made; `not-applicable`: there is nothing to check. */
export type CheckOutcome = 'pass' | 'fail' | 'skipped' | 'not-applicable'

/** One check, of a bundle unless told. */
export interface Check<Id extends string = CheckId> {
  readonly id: Id
  readonly outcome: CheckOutcome
  /** Stable code of why it failed or was skipped; null otherwise. */
  readonly reason: string | null
  /** The evidence, for a person. */
  readonly message: string
}

/** What it comes to. `stale`: the status list is too old, or an older one than was seen. */
export type VerificationVerdict = 'pass' | 'fail' | 'malformed' | 'stale' | 'revoked' | 'expired' | 'partial'

/** Exit code of `verify` for each verdict. */
export const VERIFICATION_EXIT_CODES: Readonly<Record<VerificationVerdict, number>> = {
  pass: 0,
  fail: 1,
  malformed: 2,
  stale: 3,
  revoked: 4,
  expired: 4,
  partial: 5,
}

/** What a check that held hands on, or why it was not made. */
export interface Outcome<Value = undefined> {
  readonly value: Value
  readonly outcome: Exclude<CheckOutcome, 'fail'>
  readonly reason: string | null
  readonly message: string
}

/** The check held; `message` is the evidence. */
export function held<Value>(message: string, value: Value): Outcome<Value> {
  return { value, outcome: 'pass', reason: null, message }
}

/** The check applies but was not made. */
export function skipped(reason: string, message: string): Outcome {
  return { value: undefined, outcome: 'skipped', reason, message }
}

/** There is nothing to check. */
export function notApplicable(message: string): Outcome {
  return { value: undefined, outcome: 'not-applicable', reason: null, message }
}

/** Thrown by {@link CheckList} after a failed check. */
export class CheckFailed extends Error {}

/** Makes the checks one after another and keeps what they found. */
export class CheckList<Id extends string> {
  readonly #ids: readonly Id[]
  readonly #checks: Check<Id>[] = []

  /** @param ids all checks, in the order in which they are made */
  constructor(ids: readonly Id[]) {
    this.#ids = ids
  }

  /** Makes a check: a fault is its failure, but `cannot-check` leaves it open. @throws CheckFailed when it did not hold */
  async make<Value>(id: Id, check: () => Outcome<Value> | Promise<Outcome<Value>>): Promise<Value> {
    try {
      const { value, outcome, reason, message } = await check()
      this.#checks.push({ id, outcome, reason, message })
      return value
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
      const outcome = thrown.code === 'cannot-check' ? 'skipped' : 'fail'
      this.#checks.push({ id, outcome, reason: thrown.code, message: thrown.message })
      throw new CheckFailed(thrown.code)
    }
  }

  /** All checks, those that were not reached as skipped. */
  get all(): readonly Check<Id>[] {
    const rest = this.#ids.filter((id) => !this.#checks.some((check) => check.id === id))
    const unreached = { outcome: 'skipped', reason: 'not-reached', message: 'not reached' } as const
    return [...this.#checks, ...rest.map((id) => ({ id, ...unreached }))]
  }
}

/** Reasons of a check that failed which are a verdict of their own. */
const VERDICTS: ReadonlyMap<string | null, VerificationVerdict> = new Map([
  ['expired', 'expired'],
  ['revoked', 'revoked'],
  ['suspended', 'revoked'],
  ['superseded', 'revoked'],
  ['key-compromised', 'revoked'],
  ['stale', 'stale'],
  ['status-rollback', 'stale'],
  ['status-unreachable', 'stale'],
])

/** The verdict over all checks and the reason code that decides it; the first check is that of the form. */
export function judge(checks: readonly Check<string>[]): {
  readonly verdict: VerificationVerdict
  readonly reason: string | null
} {
  const failed = checks.find((check) => check.outcome === 'fail')
  if (failed === undefined) {
    const open = checks.find((check) => check.outcome === 'skipped')
    return open === undefined ? { verdict: 'pass', reason: null } : { verdict: 'partial', reason: open.reason }
  }
  const verdict = failed === checks[0] ? 'malformed' : (VERDICTS.get(failed.reason) ?? 'fail')
  return { verdict, reason: failed.reason }
}

/** How far the evidence of a bundle goes that holds as far as it was checked. */
export type EvidenceLevel = 'signed' | 'stamped' | 'logged' | 'logged-and-stamped'

/** The level that was reached; null when a check failed or the signature was not verified. */
export function levelOf(checks: readonly Check[]): EvidenceLevel | null {
  const holds = (id: CheckId): boolean => checks.some((check) => check.id === id && check.outcome === 'pass')
  if (!holds('signature') || checks.some(({ outcome }) => outcome === 'fail')) return null
  if (holds('log')) return holds('timestamp') ? 'logged-and-stamped' : 'logged'
  return holds('timestamp') ? 'stamped' : 'signed'
}
