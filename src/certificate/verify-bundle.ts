/**
 * Verifies a certificate, or a bundle of another tool, without trusting whoever handed it over.
 *
 * `verifyBundle` reads as the specification: the form of the file, the key, the signature, the log entry and its
 * witnesses, the time, and only then what the signed text says and whether it says it about these bytes. Content is never
 * handed out before its signature held. Nothing is fetched: keys, logs, authorities, the time and the digests of the
 * artefact come in as arguments.
 *
 * A bare signature over a file (`cosign sign-blob`) is verified as just that: it says nothing about the file.
 * The identity of a statement is the hash of its log leaf, never of the bundle file, whose bytes can be rewritten.
 */
import { compareCodePoints, Fault, omsPreimage } from '../base/index.ts'
import { readBundle, type Bundle } from './bundle.ts'
import { checkFiles, checkMessage, checkSubject, type ArtefactDigests } from './check-artefact.ts'
import {
  checkExpiry,
  checkIssuer,
  checkPredicate,
  checkRole,
  issuedAtOf,
  type Content,
  demandCleared,
} from './check-content.ts'
import { checkKeyValidity } from './check-key-validity.ts'
import { checkKey, checkSignature, type ChosenKey, type TrustedKey } from './check-key.ts'
import { checkLogClaim } from './check-log-claim.ts'
import { checkLog, type LoggedEntry, type TrustedLog } from './check-log.ts'
import { checkTimestamps } from './check-timestamp.ts'
import { checkWithdrawn, type StatusSource } from './check-withdrawn.ts'
import { checkWitnesses } from './check-witnesses.ts'
import type { Clearance } from './clearance.ts'
import { webCryptography, type Cryptography } from './cryptography.ts'
import type { Policy } from './notes/policy.ts'
import { CheckFailed, CheckList, CHECKS, held, judge, levelOf, notApplicable } from './report.ts'
import type { Check, CheckId, EvidenceLevel, VerificationVerdict } from './report.ts'
import type { ComparisonWishes } from './manifest/compare.ts'
import { isLegacyPayload, readLegacy } from './manifest/legacy.ts'
import { readStatement, type StatementRead } from './statement.ts'
import type { TimestampAuthority } from './timestamp/verify.ts'

/** What the caller knows and wants. */
export interface VerificationOptions extends ComparisonWishes {
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
  readonly timestampAuthorities?: readonly TimestampAuthority[]
  /** Witnesses of which so many must have signed the checkpoint. */
  readonly witnessPolicy?: Policy
  /** The file itself, for a bundle that is a bare signature over it. */
  readonly blob?: Uint8Array
  /** Refuse statements of any other type. */
  readonly predicateType?: string
  /** Refuse what is genuine and lets no model in: a refusal, a hold, a statement that decides nothing. */
  readonly requireCleared?: boolean
  /** Refuse a bundle without a log entry, without a timestamp. */
  readonly requireLog?: boolean
  readonly requireTimestamp?: boolean
  /** Also take what others write: Statement v0.1 of cosign, P-384 and P-521 and old bundles of model_signing. */
  readonly foreign?: boolean
  /** Also take manifests of model_signing 0.2, whose signature covers something else than its envelope says. */
  readonly legacy?: boolean
  readonly cryptography?: Cryptography
  /** A status list, by which it may have been withdrawn; without one nobody asks. */
  readonly status?: StatusSource
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
  /** How far the evidence goes; null when something failed or no signature was verified. */
  readonly level: EvidenceLevel | null
  readonly checks: readonly Check[]
  readonly statement: VerifiedStatement | null
}

function trustedKeys({
  publicKeyPem,
  keyValidFrom,
  trustedKeys: keys = [],
}: VerificationOptions): readonly TrustedKey[] {
  if (publicKeyPem === undefined) return keys
  return [{ publicKeyPem, ...(keyValidFrom === undefined ? {} : { validFrom: keyValidFrom }) }]
}

function describeStatement({ chosen }: Signed, { statement, content }: Said): VerifiedStatement {
  const { subject, predicateType } = statement
  return {
    keyId: chosen.names.keyId,
    predicateType,
    subject: { name: subject.name, digest: Object.fromEntries(subject.digest) },
    ...(content.kind === 'clearance' ? { clearance: content.clearance } : {}),
  }
}

/** Who signed, and when; nothing of what was said. */
interface Signed {
  readonly bundle: Bundle
  readonly chosen: ChosenKey
  readonly logged: LoggedEntry | undefined
  /** ms since 1970. */
  readonly time: number | undefined
}

interface Said {
  readonly statement: StatementRead
  readonly content: Content
}

/** Options, with the defaults filled in that several checks share. */
interface Run extends VerificationOptions {
  readonly foreign: boolean
  readonly legacy: boolean
  readonly cryptography: Cryptography
  readonly checks: CheckList<CheckId>
}

/** Files over which a bare signature may be: the one that was given, and the digests of all that were listed. */
function blobsOf({ blob, artefact }: VerificationOptions): readonly Uint8Array[] {
  const files = artefact?.files?.toSorted((a, b) => compareCodePoints(a.path, b.path))
  const preimage = files === undefined ? [] : [omsPreimage(files.map(({ sha256 }) => sha256))]
  return blob === undefined ? preimage : [blob, ...preimage]
}

async function authenticate(bytes: Uint8Array, run: Run): Promise<Signed> {
  const { checks, cryptography, now, requireLog = false, requireTimestamp = false, timestampAuthorities = [] } = run
  const { legacy, foreign } = run
  const bundle = await checks.make('bundle', () => held('Sigstore bundle v0.3', readBundle(bytes, { foreign })))
  const chosen = await checks.make('key', () => checkKey(bundle, trustedKeys(run), { cryptography, foreign }))
  await checks.make('signature', () => checkSignature(bundle, chosen, { blobs: blobsOf(run), cryptography, legacy }))
  const logContext = { key: chosen.key, trustedLogs: run.trustedLogs ?? [], required: requireLog, cryptography }
  const logged = await checks.make('log', () => checkLog(bundle, logContext))
  await checks.make('witnesses', () => checkWitnesses(logged, { policy: run.witnessPolicy, now, cryptography }))
  const timeContext = { authorities: timestampAuthorities, required: requireTimestamp, now, cryptography }
  const time = await checks.make('timestamp', () => checkTimestamps(bundle, timeContext))
  return { bundle, chosen, logged, time }
}

/** What the signed text says, whether the signer may say it, and whether it is about these bytes and holds today. */
async function readSaid(payload: Uint8Array, { checks, cryptography, ...run }: Run): Promise<Said> {
  const statement = await checks.make('statement', async () => {
    if (run.legacy && isLegacyPayload(payload))
      return held('statement of model_signing 0.2', await readLegacy(payload, cryptography))
    return held('in-toto statement, one subject', readStatement(payload, { foreign: run.foreign }))
  })
  const content = await checks.make('predicate', async () => {
    const outcome = await checkPredicate(statement, run.predicateType, cryptography)
    return run.requireCleared === true ? demandCleared(outcome) : outcome
  })
  return { statement, content }
}

async function apply({ chosen, bundle, logged, time }: Signed, { statement, content }: Said, run: Run): Promise<void> {
  const { checks, cryptography, now, artefact, only, ignoreUnsigned, signature } = run
  const comparand = { artefact, only, ignoreUnsigned, signature }
  const times = { trusted: time, stated: issuedAtOf(content) }
  await checks.make('key-validity', () => checkKeyValidity(chosen, logged, times))
  await checks.make('issuer', () => {
    checkRole(chosen, statement.predicateType)
    checkLogClaim(statement, bundle, logged)
    return checkIssuer(content, chosen, bundle)
  })
  await checks.make('subject', () => checkSubject(statement, content, comparand))
  await checks.make('files', () => checkFiles(content, comparand, cryptography))
  await checks.make('status', () => checkWithdrawn(content, logged, { source: run.status, now }))
  await checks.make('expiry', () => checkExpiry(content, now))
}

function refuseSilence(wanted: string): never {
  throw new Fault('predicate-type', `a bare signature over a file is no statement of type "${wanted}"`)
}

/** The checks that remain for a bare signature over the file with this digest. */
async function applyToMessage(digest: Uint8Array, { chosen, logged, time }: Signed, run: Run): Promise<void> {
  const { checks, cryptography } = run
  const silent = notApplicable('a bare signature: the key signed a file and says nothing about it')
  await checks.make('statement', () => silent)
  await checks.make('predicate', () =>
    run.predicateType === undefined && run.requireCleared !== true
      ? silent
      : refuseSilence(run.predicateType ?? 'clearance'),
  )
  await checks.make('key-validity', () => checkKeyValidity(chosen, logged, { trusted: time, stated: undefined }))
  await checks.make('issuer', () => {
    checkRole(chosen, undefined)
    return silent
  })
  await checks.make('subject', () => checkMessage(digest, run, cryptography))
  for (const id of ['files', 'status', 'expiry'] as const) await checks.make(id, () => silent)
}

/**
 * Verifies a bundle. Never throws because of what the bundle holds; a key that cannot be read fails the check `key`.
 *
 * @returns verdict, deciding reason and every check; see `report.ts` for what they mean
 */
export async function verifyBundle(bytes: Uint8Array, options: VerificationOptions): Promise<VerificationReport> {
  const checks = new CheckList(CHECKS)
  const { cryptography = webCryptography, legacy = false, foreign = legacy } = options
  const run = { ...options, cryptography, legacy, foreign, checks }
  let statement: VerifiedStatement | null = null
  try {
    const signed = await authenticate(bytes, run)
    const { content } = signed.bundle
    if (content.kind === 'message') {
      await applyToMessage(content.digest, signed, run)
    } else {
      const said = await readSaid(content.payload, run)
      statement = describeStatement(signed, said)
      await apply(signed, said, run)
    }
  } catch (thrown) {
    if (!(thrown instanceof CheckFailed)) throw thrown
  }
  const found = checks.all
  return { schema: 'tidewaiter/verification/v1', ...judge(found), level: levelOf(found), checks: found, statement }
}
