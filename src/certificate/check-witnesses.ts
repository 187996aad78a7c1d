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
import { CLOCK_SKEW } from './check-timestamp.ts'
import type { LoggedEntry } from './check-log.ts'
import type { Cryptography } from './cryptography.ts'
import { equalBytes, toHex } from './encoding.ts'
import type { NoteKey } from './notes/note-key.ts'
import { verifySignatures, type VerifiedSignature } from './notes/note-signatures.ts'
import { held, notApplicable, type Outcome } from './report.ts'
import type { WitnessGroup, WitnessPolicy } from './trust/witness-policy.ts'

/** What the witnesses are held against. */
export interface WitnessContext {
  readonly policy: WitnessPolicy | undefined
  /** ms since 1970. */
  readonly now: number
  readonly cryptography: Cryptography
}

function refuse(code: string, message: string): never {
  throw new Fault(code, message)
}

function isEnough({ least, members }: WitnessGroup, signed: ReadonlySet<NoteKey>): boolean {
  const met = members.filter((member) => ('least' in member ? isEnough(member, signed) : signed.has(member)))
  return met.length >= least
}

function keysOf({ members }: WitnessGroup): readonly NoteKey[] {
  return members.flatMap((member) => ('least' in member ? keysOf(member) : [member]))
}

function checkDistinct(keys: readonly NoteKey[], { log }: LoggedEntry): void {
  const distinct = new Set(keys.map(({ publicKey }) => toHex(publicKey)))
  if (distinct.size < keys.length) refuse('witness-policy', 'the policy counts one key of a witness twice')
  if (keys.some(({ publicKey }) => equalBytes(publicKey, log.publicKey)))
    refuse('witness-policy', 'the policy counts the key of the log as a witness')
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
  if (policy === undefined) return notApplicable('no policy asks for witnesses of the log')
  if (logged === undefined)
    return refuse('witness-quorum', 'the policy asks for witnesses, but no log entry was verified')
  const keys = keysOf(policy.quorum)
  checkDistinct(keys, logged)
  const signed = new Set((await verifyLines(logged, keys, context)).map(({ key }) => key))
  const names = [...signed].map(({ name }) => name).join(', ')
  if (!isEnough(policy.quorum, signed))
    refuse('witness-quorum', `too few witnesses of the policy signed the checkpoint: ${names === '' ? 'none' : names}`)
  return held(`the checkpoint is signed by ${signed.size} of ${keys.length} witnesses: ${names}`, undefined)
}
