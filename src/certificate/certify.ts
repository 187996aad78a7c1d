/**
 * Signs statements, and issues certificates.
 *
 * Guarantee: what leaves here is what {@link readBundle}, {@link readStatement} and {@link readPredicate} take and what
 * the signer's public key verifies; a signer that answers wrongly is found out before anything is handed over.
 */
import { canonicalJson, Fault } from '../base/index.ts'
import { readBundle, writeBundle, type Bundle, type BundleContent } from './bundle.ts'
import { checkLog } from './check-log.ts'
import { buildClearance, CLEARANCE_TYPE, type Clearance, type ClearanceContent } from './clearance.ts'
import { webCryptography } from './cryptography.ts'
import { IN_TOTO_PAYLOAD, preAuthEncoding } from './dsse.ts'
import { derToRaw, lowerSignature } from './ecdsa.ts'
import { toHex, toUtf8 } from './encoding.ts'
import { hashLeaf } from './inclusion.ts'
import { buildLeaf, type LogEntryContent } from './log-entry.ts'
import { nameKey, readPublicKey, type PublicKey } from './public-key.ts'
import type { Signer } from './keys/signing-key.ts'
import { describeModel, readStatement, STATEMENT_TYPE, type Statement } from './statement.ts'
import { readPredicate } from './statements/read-predicate.ts'
import type { Issuer } from './statements/types/common.ts'
import { fitTimestamp } from './timestamp/verify.ts'

/** A signed statement. */
export interface SignedStatement {
  /** The bundle: canonical JSON, to be kept as it is. */
  readonly bundle: string
  /** The signed bytes. */
  readonly payload: Uint8Array
  /** Hex key id. */
  readonly keyId: string
  /** Hex hash of the leaf that a log would hold: the identity of the statement. */
  readonly leafHash: string
}

/** A certificate: the signed clearance. */
export interface IssuedCertificate extends SignedStatement {
  readonly statement: Statement<Clearance>
}

/** Who vouches for when and where a statement was signed. What is absent is left out of the bundle. */
export interface Publication {
  /**
   * Appends the leaf to a log and answers when a published checkpoint covers it. `unlogged` is the bundle without the
   * entry, to be kept before.
   */
  readonly log?: (leaf: Uint8Array, unlogged: string) => Promise<LogEntryContent>
  /** RFC 3161 responses in DER over the signature (DER), from one or several authorities. */
  readonly stamp?: (signature: Uint8Array) => Promise<Uint8Array | readonly Uint8Array[]>
}

/** What a certificate is issued for. */
export interface CertificateRequest {
  /** The model: what it is called, and its digests. */
  readonly model: { readonly name: string; readonly sha256: string; readonly dirHash: string }
  /** The issuer's key id is filled in. */
  readonly content: Omit<ClearanceContent, 'issuer'> & {
    readonly issuerName?: string
    readonly issuer?: Omit<Issuer, 'keyId' | 'name'>
  }
  /** ms since 1970. */
  readonly issuedAt: number
  /** 12 unless told. */
  readonly months?: number
}

/**
 * Signs a statement.
 *
 * @throws Fault `signer` when the signer's answer does not verify; `timestamp` and those of {@link checkLog} when the answer of
 * an authority or the log does not fit; `not-json` and those of {@link readStatement}
 * and {@link readPredicate}
 */
export async function signStatement(
  statement: Statement,
  signer: Signer,
  publication: Publication = {},
): Promise<SignedStatement> {
  const payload = toUtf8(canonicalJson(statement))
  const read = readStatement(payload)
  readPredicate(read.predicateType, read.predicate)
  const key = readPublicKey(signer.publicKeyPem)
  const { keyId } = await nameKey(key, webCryptography)
  const signed = preAuthEncoding(IN_TOTO_PAYLOAD, payload)
  const signature = lowerSignature(await signer.sign(signed))
  if (!(await webCryptography.verifyP256(key.point, derToRaw(signature), signed)))
    throw new Fault('signer', 'the signer answered with a signature that its public key does not verify')
  const leaf = buildLeaf({ digest: await webCryptography.sha256(signed), signature, spki: key.spki })
  const bundle = writeBundle(await publish(leaf, { keyId, payload, signature }, publication))
  await checkEvidence(readBundle(toUtf8(bundle)), key)
  return { bundle, payload, keyId, leafHash: toHex(await hashLeaf(leaf, webCryptography)) }
}

/** Stamped before it is logged, so that the time is at most as late as the log. */
async function publish(leaf: Uint8Array, signed: BundleContent, { stamp, log }: Publication): Promise<BundleContent> {
  const stamped = stamp === undefined ? signed : { ...signed, timestamps: [await stamp(signed.signature)].flat() }
  return log === undefined ? stamped : { ...stamped, logEntry: await log(leaf, writeBundle(stamped)) }
}

/** Log and authority are held to their answer; whether they are trusted is for whoever verifies. */
async function checkEvidence(bundle: Bundle, key: PublicKey): Promise<void> {
  const context = { key, trustedLogs: [], required: false, cryptography: webCryptography }
  await checkLog(bundle, context)
  for (const timestamp of bundle.timestamps) await fitTimestamp(timestamp, bundle.signature, webCryptography)
}

/** Issues a certificate. @throws Fault like {@link signStatement} */
export async function issueCertificate(
  request: CertificateRequest,
  signer: Signer,
  publication: Publication = {},
): Promise<IssuedCertificate> {
  const { issuerName, ...content } = request.content
  const { keyId } = await nameKey(readPublicKey(signer.publicKeyPem), webCryptography)
  const issuer = { ...content.issuer, keyId, ...(issuerName === undefined ? {} : { name: issuerName }) }
  const statement: Statement<Clearance> = {
    _type: STATEMENT_TYPE,
    subject: [describeModel(request.model.name, request.model)],
    predicateType: CLEARANCE_TYPE,
    predicate: buildClearance({ ...content, issuer }, request.issuedAt, request.months),
  }
  return { ...(await signStatement(statement, signer, publication)), statement }
}
