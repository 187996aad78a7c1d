/**
 * Have enough others seen the same log?
 *
 * A witness signs a checkpoint only when it extends the one that it saw last, so a log that shows different people
 * different histories cannot have both cosigned. Distinct keys are counted, never lines, and never the log's own key.
 * Lines of witnesses that the policy does not know are passed over; a line in the name of one that it knows must hold.
 *
 * Source: C2SP tlog-cosignature and tlog-policy.
 */
import { Fault, isFault } from '../base/index.ts'
import { CLOCK_SKEW } from './clock-skew.ts'
import type { LoggedEntry } from './check-log.ts'
import type { Cryptography } from './cryptography.ts'
import { equalBytes, toHex } from './encoding.ts'
import type { NoteKey } from './notes/note-key.ts'
import { verifySignatures, type VerifiedSignature } from './notes/note-signatures.ts'
import { holdsQuorum, type Policy } from './notes/policy.ts'
import { held, notApplicable, type Outcome } from './report.ts'

/** What the witnesses are held against. */
export interface WitnessContext {
  readonly policy: Policy | undefined
  /** ms since 1970. */
  readonly now: number
  readonly cryptography: Cryptography
}

function refuse(code: string, message: string): never {
  throw new Fault(code, message)
}

/** A policy that was not read from a file may count a key twice, or be of another log. */
function checkPolicy({ logs, witnesses }: Policy, { log }: LoggedEntry): void {
  const distinct = new Set(witnesses.map(({ key }) => toHex(key.publicKey)))
  if (distinct.size < witnesses.length) refuse('witness-policy', 'the policy counts one key of a witness twice')
  if (witnesses.some(({ key }) => equalBytes(key.publicKey, log.publicKey)))
    refuse('witness-policy', 'the policy counts the key of the log as a witness')
  const named = logs.some(({ key }) => key.name === log.origin && equalBytes(key.publicKey, log.publicKey))
  if (logs.length > 0 && !named) refuse('witness-policy', `the policy is not about the log ${log.origin} with this key`)
}

async function verifyLines(
  { checkpoint }: LoggedEntry,
  keys: readonly NoteKey[],
  { now, cryptography }: WitnessContext,
): Promise<readonly VerifiedSignature[]> {
  try {
    const signatures = await verifySignatures(checkpoint, keys, cryptography)
    const latest = BigInt(Math.floor((now + CLOCK_SKEW) / 1000))
    const early = signatures.find(({ time = 0n }) => time > latest)
    if (early !== undefined) refuse('witness-signature', `the witness ${early.key.name} signed in the future`)
    return signatures
  } catch (thrown) {
    if (!isFault(thrown, 'note-signature') && !isFault(thrown, 'cosignature')) throw thrown
    throw new Fault('witness-signature', thrown.message, { cause: thrown })
  }
}

/** Holds the checkpoint of an entry against the policy. @throws Fault `witness-policy`, `witness-signature`, `witness-quorum` */
export async function checkWitnesses(logged: LoggedEntry | undefined, context: WitnessContext): Promise<Outcome> {
  const { policy } = context
  if (policy === undefined || policy.quorum.threshold === 0)
    return notApplicable('no policy asks for witnesses of the log')
  if (logged === undefined)
    return refuse('witness-quorum', 'the policy asks for witnesses, but no log entry was verified')
  checkPolicy(policy, logged)
  await verifyLines(logged, otherKeys(policy, logged), context)
  const signed = await verifyLines(
    logged,
    policy.witnesses.map(({ key }) => key),
    context,
  )
  const names = policy.witnesses.filter(({ key }) => signed.some((one) => one.key === key)).map(({ name }) => name)
  const list = names.length === 0 ? 'none' : names.join(', ')
  if (!holdsQuorum(policy.quorum, new Set(names)))
    refuse('witness-quorum', `too few witnesses of the policy signed the checkpoint: ${list}`)
  return held(`signed by ${names.length} of ${policy.witnesses.length} witnesses of the policy: ${list}`, undefined)
}

/** Further keys of the same log, such as its ML-DSA-44 key: what they signed must hold too. */
function otherKeys({ logs }: Policy, { log }: LoggedEntry): readonly NoteKey[] {
  return logs.map(({ key }) => key).filter(({ name }) => name === log.origin)
}
