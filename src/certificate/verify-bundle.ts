/**
 * Verifies a certificate, or a bundle of another tool, without trusting whoever handed it over.
 *
 * `verifyBundle` reads as the specification: the form of the file, the key, the signature, the log entry, the time, and
 * only then what the signed text says and whether it says it about these bytes. Content is never handed out before its
 * signature held. Nothing is fetched: keys, logs, the time and the digests of the artefact come in as arguments.
 *
 * Timestamps (RFC 3161) are not verified in this version; a bundle that carries one is at best `partial`.
 * The identity of a statement is the hash of its log leaf, never of the bundle file, whose bytes can be rewritten.
 */
import { Fault } from '../base/index.ts'
import { readBundle, type Bundle } from './bundle.ts'
import { checkFiles, checkSubject, type ArtefactDigests } from './check-artefact.ts'
import { checkExpiry, checkIssuer, checkPredicate, type Content } from './check-content.ts'
import { checkKey, checkSignature, type ChosenKey, type TrustedKey } from './check-key.ts'
import { checkLog, type TrustedLog } from './check-log.ts'
import type { Clearance } from './clearance.ts'
import { webCryptography, type Cryptography } from './cryptography.ts'
import { equalBytes } from './encoding.ts'
import { CheckFailed, CheckList, CHECKS, held, judge, notApplicable, skipped } from './report.ts'
import type { Check, CheckId, Outcome, VerificationVerdict } from './report.ts'
import { readStatement, type StatementRead } from './statement.ts'

/** What the caller knows and wants. */
export interface VerificationOptions {
  /** ms since 1970. */
  readonly now: number
  /** The bytes at hand; without them the verdict is at best `partial`. */
  readonly artefact?: ArtefactDigests
  /** The one key that may have signed; goes before `trustedKeys`. */
  readonly publicKeyPem?: string
  /** From when `publicKeyPem` is valid, ms since 1970. */
  readonly keyValidFrom?: number
  readonly trustedKeys?: readonly TrustedKey[]
  readonly trustedLogs?: readonly TrustedLog[]
  /** Compare only these files of a manifest; the verdict is at best `partial`. */
  readonly only?: readonly string[]
  /** Refuse statements of any other type. */
  readonly predicateType?: string
  /** Refuse a bundle without a log entry, without a timestamp. */
  readonly requireLog?: boolean
  readonly requireTimestamp?: boolean
  /** Also take in-toto Statement v0.1, which cosign writes. */
  readonly foreign?: boolean
  readonly cryptography?: Cryptography
}

/** What was signed; given when the signature held and the content was read, whatever the verdict. */
export interface VerifiedStatement {
  readonly keyId: string
  readonly predicateType: string
  readonly subject: { readonly name: string; readonly digest: Readonly<Record<string, string>> }
  readonly clearance?: Clearance
}

/** See the module; JSON-safe. */
export interface VerificationReport {
  readonly schema: 'tidewaiter/verification/v1'
  readonly verdict: VerificationVerdict
  /** Code of the check that decided; null when the verdict is `pass`. */
  readonly reason: string | null
  readonly checks: readonly Check[]
  readonly statement: VerifiedStatement | null
}

const MAX_TIMESTAMPS = 8

function trustedKeys({
  publicKeyPem,
  keyValidFrom,
  trustedKeys: keys = [],
}: VerificationOptions): readonly TrustedKey[] {
  if (publicKeyPem === undefined) return keys
  return [{ publicKeyPem, ...(keyValidFrom === undefined ? {} : { validFrom: keyValidFrom }) }]
}

function describeStatement({ chosen, statement, content }: Authentic): VerifiedStatement {
  const { subject, predicateType } = statement
  return {
    keyId: chosen.names.keyId,
    predicateType,
    subject: { name: subject.name, digest: Object.fromEntries(subject.digest) },
    ...(content.kind === 'clearance' ? { clearance: content.clearance } : {}),
  }
}

function checkTimestamp({ timestamps }: Bundle, required: boolean): Outcome {
  const [first] = timestamps
  if (timestamps.length > MAX_TIMESTAMPS)
    throw new Fault('timestamp-count', `the bundle carries ${timestamps.length} timestamps; at most ${MAX_TIMESTAMPS}`)
  const twice = timestamps.some((a, index) => timestamps.slice(index + 1).some((b) => equalBytes(a, b)))
  if (twice) throw new Fault('timestamp-count', 'the bundle carries the same timestamp twice')
  if (first !== undefined)
    return skipped('timestamp-not-verified', `RFC 3161 timestamps (${timestamps.length}): not verified in this version`)
  if (required) throw new Fault('timestamp-count', 'the bundle carries no timestamp; at least one is wanted')
  return notApplicable('no timestamp: the time of issue is the issuer’s word')
}

interface Authentic {
  readonly chosen: ChosenKey
  readonly hint: string | undefined
  readonly statement: StatementRead
  readonly content: Content
}

/** Who signed what, and when. */
async function authenticate(
  bytes: Uint8Array,
  options: VerificationOptions,
  checks: CheckList<CheckId>,
): Promise<Authentic> {
  const { cryptography = webCryptography, requireLog = false, requireTimestamp = false, foreign = false } = options
  const bundle = await checks.make('bundle', () => held('Sigstore bundle v0.3', readBundle(bytes)))
  const chosen = await checks.make('key', () => checkKey(bundle, trustedKeys(options), cryptography))
  await checks.make('signature', () => checkSignature(bundle, chosen, cryptography))
  const logContext = { key: chosen.key, trustedLogs: options.trustedLogs ?? [], required: requireLog, cryptography }
  await checks.make('log', () => checkLog(bundle, logContext))
  await checks.make('timestamp', () => checkTimestamp(bundle, requireTimestamp))
  const statement = await checks.make('statement', () =>
    held('in-toto statement, one subject', readStatement(bundle.payload, { foreign })),
  )
  const content = await checks.make('predicate', () => checkPredicate(statement, options.predicateType, cryptography))
  return { chosen, hint: bundle.hint, statement, content }
}

/** Whether it was the signer's to say, is about these bytes, and holds today. */
async function apply(authentic: Authentic, options: VerificationOptions, checks: CheckList<CheckId>): Promise<void> {
  const { chosen, hint, statement, content } = authentic
  const comparand = { artefact: options.artefact, only: options.only }
  await checks.make('issuer', () => checkIssuer(content, chosen, hint))
  await checks.make('subject', () => checkSubject(statement, content, comparand))
  await checks.make('files', () => checkFiles(content, comparand, options.cryptography ?? webCryptography))
  await checks.make('expiry', () => checkExpiry(content, options.now))
}

/**
 * Verifies a bundle. Never throws because of what the bundle holds; a key that cannot be read fails the check `key`.
 *
 * @returns verdict, deciding reason and every check; see `report.ts` for what they mean
 */
export async function verifyBundle(bytes: Uint8Array, options: VerificationOptions): Promise<VerificationReport> {
  const checks = new CheckList(CHECKS)
  let statement: VerifiedStatement | null = null
  try {
    const authentic = await authenticate(bytes, options, checks)
    statement = describeStatement(authentic)
    await apply(authentic, options, checks)
  } catch (thrown) {
    if (!(thrown instanceof CheckFailed)) throw thrown
  }
  return { schema: 'tidewaiter/verification/v1', ...judge(checks.all), checks: checks.all, statement }
}
