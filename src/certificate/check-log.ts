/**
 * Is the signature in a public log, and is that proven?
 *
 * Everything that the entry says twice must agree: index, size and root of proof and checkpoint, and the leaf with what
 * the bundle holds. Origin line and name of the signature must be the origin of the trusted log, exactly; a substring
 * is not enough. What the log did not sign (`integratedTime`, a promise) is refused.
 *
 * Source: C2SP tlog-checkpoint and signed-note; Rekor v2; the tampered bundles in `shared/vectors/interop`.
 */
import { Fault } from '../base/index.ts'
import type { Bundle } from './bundle.ts'
import { readCheckpoint, type Checkpoint } from './checkpoint.ts'
import type { Cryptography } from './cryptography.ts'
import { equalBytes, toHex, toUtf8 } from './encoding.ts'
import { hashLeaf, rootOfProof } from './inclusion.ts'
import { buildLeaf, type LogEntry } from './log-entry.ts'
import { keyHashInput, NOTE_TYPES } from './notes/note-key.ts'
import type { PublicKey } from './public-key.ts'
import { held, notApplicable, skipped, type Outcome } from './report.ts'
import { digestOfSigned } from './signed-content.ts'

/** A log that the caller trusts. */
export interface TrustedLog {
  /** First line of its checkpoints and name of its signatures: the host name. */
  readonly origin: string
  /** Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array
  /** When its key was in use, ms since 1970, inclusive; without bounds when absent. */
  readonly validFrom?: number
  readonly validUntil?: number
}

/** Where a bundle is proven to stand. */
export interface LoggedEntry {
  readonly log: TrustedLog
  readonly checkpoint: Checkpoint
}

/** Id of a log, 32 bytes: over its origin and its key. */
export function idOfLog({ origin, publicKey }: TrustedLog, cryptography: Cryptography): Promise<Uint8Array> {
  return cryptography.sha256(keyHashInput({ name: origin, type: NOTE_TYPES.ed25519, publicKey }))
}

/** What {@link checkLog} holds an entry against. */
export interface LogContext {
  readonly key: PublicKey
  readonly trustedLogs: readonly TrustedLog[]
  /** Refuse a bundle without an entry. */
  readonly required: boolean
  readonly cryptography: Cryptography
}

function refuse(code: string, message: string): never {
  throw new Fault(code, message)
}

function checkForm({ kind, version, hasIntegratedTime, hasPromise, logIndex, proof }: LogEntry): void {
  if (kind !== 'hashedrekord' || version !== '0.0.2')
    refuse('kind-version', `the entry is a ${kind} ${version}; only hashedrekord 0.0.2 is read`)
  if (hasIntegratedTime)
    refuse('integrated-time', 'the entry carries an integratedTime, which no log signs in this version')
  if (hasPromise)
    refuse('inclusion-promise', 'the entry carries a promise of inclusion, which this version does not have')
  if (logIndex !== proof.logIndex)
    refuse('index-mismatch', `the entry says index ${logIndex}, its proof index ${proof.logIndex}`)
}

async function checkLeaf(bundle: Bundle, entry: LogEntry, { key, cryptography }: LogContext): Promise<void> {
  const digest = await digestOfSigned(bundle, cryptography)
  const leaf = buildLeaf({ digest, signature: bundle.signature, spki: key.spki })
  if (!equalBytes(leaf, entry.body)) refuse('leaf', 'the logged entry is not that of this payload, signature and key')
}

async function findLog(entry: LogEntry, { trustedLogs, cryptography }: LogContext): Promise<TrustedLog> {
  for (const log of trustedLogs) {
    if (equalBytes(await idOfLog(log, cryptography), entry.logId)) return log
  }
  return refuse('log-id', `the entry is of the log ${toHex(entry.logId).slice(0, 64)}, which is not trusted here`)
}

/** A note in which one key signs twice has many texts. */
function checkLines({ signatures }: Checkpoint): void {
  const names = signatures.map(({ name, keyHash }) => `${name} ${toHex(keyHash)}`)
  if (new Set(names).size < names.length) refuse('checkpoint', 'a key signed the checkpoint twice')
}

async function checkCheckpoint(checkpoint: Checkpoint, entry: LogEntry, context: LogContext): Promise<TrustedLog> {
  const log = await findLog(entry, context)
  if (checkpoint.origin !== log.origin)
    refuse('origin', `the checkpoint is of "${checkpoint.origin.slice(0, 100)}", the log is "${log.origin}"`)
  const lines = checkpoint.signatures.filter(
    ({ name, keyHash }) => name === log.origin && equalBytes(keyHash, entry.logId.subarray(0, 4)),
  )
  const [line] = lines
  const valid =
    lines.length === 1 &&
    line?.signature.length === 64 &&
    (await context.cryptography.verifyEd25519(log.publicKey, line.signature, toUtf8(checkpoint.text)))
  if (!valid) refuse('checkpoint-signature', `the log ${log.origin} did not sign this checkpoint`)
  return log
}

async function checkInclusion(entry: LogEntry, checkpoint: Checkpoint, cryptography: Cryptography): Promise<void> {
  const { logIndex, treeSize, rootHash, hashes } = entry.proof
  if (treeSize !== checkpoint.size)
    refuse('size-mismatch', `the proof is for ${treeSize} entries, the checkpoint for ${checkpoint.size}`)
  if (!equalBytes(rootHash, checkpoint.root)) refuse('root-mismatch', 'proof and checkpoint have different roots')
  const leaf = await hashLeaf(entry.body, cryptography)
  const root = await rootOfProof(leaf, { index: logIndex, size: treeSize, hashes }, cryptography)
  if (!equalBytes(root, rootHash)) refuse('inclusion', `the proof does not lead from entry ${logIndex} to the root`)
}

/**
 * Checks the log entry of a bundle. Without a trusted log the entry is held against the bundle only and the check
 * counts as skipped.
 *
 * @throws Fault `log-entry-count`, `kind-version`, `integrated-time`, `inclusion-promise`, `index-mismatch`, `leaf`,
 * `log-id`, `checkpoint`, `origin`, `checkpoint-signature`, `size-mismatch`, `root-mismatch`, `inclusion`
 */
export async function checkLog(bundle: Bundle, context: LogContext): Promise<Outcome<LoggedEntry | undefined>> {
  const [entry] = bundle.logEntries
  const count = bundle.logEntries.length
  if (count > 1 || (count === 0 && context.required))
    refuse('log-entry-count', `the bundle has ${count} log entries; exactly one is wanted`)
  if (entry === undefined) return notApplicable('not logged: nothing shows that the certificate was published')
  checkForm(entry)
  await checkLeaf(bundle, entry, context)
  const checkpoint = readCheckpoint(entry.proof.checkpoint)
  checkLines(checkpoint)
  const log = context.trustedLogs.length > 0 ? await checkCheckpoint(checkpoint, entry, context) : undefined
  await checkInclusion(entry, checkpoint, context.cryptography)
  if (log === undefined)
    return skipped('log-not-verified', 'the log entry fits the bundle, but no log is trusted here: not verified')
  return held(`entry ${entry.logIndex} of ${checkpoint.size} in the log ${log.origin}`, { log, checkpoint })
}
