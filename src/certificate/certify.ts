/**
 * Signs statements, and issues certificates.
 *
 * Guarantee: what leaves here is what {@link readBundle}, {@link readStatement} and {@link readClearance} take and what
 * the signer's public key verifies; a signer that answers wrongly is found out before anything is handed over.
 */
import { canonicalJson, Fault } from '../base/index.ts'
import { readBundle, writeBundle } from './bundle.ts'
import { buildClearance, CLEARANCE_TYPE, readClearance, type Clearance, type ClearanceContent } from './clearance.ts'
import { webCryptography } from './cryptography.ts'
import { IN_TOTO_PAYLOAD, preAuthEncoding } from './dsse.ts'
import { toHex, toUtf8 } from './encoding.ts'
import { hashLeaf } from './inclusion.ts'
import { buildLeaf } from './log-entry.ts'
import { nameKey, readPublicKey } from './public-key.ts'
import type { Signer } from './signing-key.ts'
import { describeModel, readStatement, STATEMENT_TYPE, type Statement } from './statement.ts'

/** A signed statement. */
export interface SignedStatement {
  /** The bundle: canonical JSON, to be kept as it is. */
  readonly bundle: string
  /** Hex key id. */
  readonly keyId: string
  /** Hex hash of the leaf that a log would hold: the identity of the statement. */
  readonly leafHash: string
}

/** A certificate: the signed clearance. */
export interface IssuedCertificate extends SignedStatement {
  readonly statement: Statement<Clearance>
}

/** What a certificate is issued for. */
export interface CertificateRequest {
  /** The model: what it is called, and its digests. */
  readonly model: { readonly name: string; readonly sha256: string; readonly dirHash: string }
  /** The issuer's key id is filled in. */
  readonly content: Omit<ClearanceContent, 'issuer'> & { readonly issuerName?: string }
  /** ms since 1970. */
  readonly issuedAt: number
  /** 12 unless told. */
  readonly months?: number
}

/**
 * Signs a statement.
 *
 * @throws Fault `signer` when the signer's answer does not verify; `not-json` and those of {@link readStatement}
 */
export async function signStatement(statement: Statement, signer: Signer): Promise<SignedStatement> {
  const payload = toUtf8(canonicalJson(statement))
  const read = readStatement(payload)
  if (read.predicateType === CLEARANCE_TYPE) readClearance(read.predicate)
  const key = readPublicKey(signer.publicKeyPem)
  const { keyId } = await nameKey(key, webCryptography)
  const signed = preAuthEncoding(IN_TOTO_PAYLOAD, payload)
  const bundle = writeBundle({ keyId, payload, signature: await signer.sign(signed) })
  const { signature, rawSignature } = readBundle(toUtf8(bundle))
  if (!(await webCryptography.verifyP256(key.point, rawSignature, signed)))
    throw new Fault('signer', 'the signer answered with a signature that its public key does not verify')
  const leaf = buildLeaf({ digest: await webCryptography.sha256(signed), signature, spki: key.spki })
  return { bundle, keyId, leafHash: toHex(await hashLeaf(leaf, webCryptography)) }
}

/** Issues a certificate. @throws Fault like {@link signStatement}, `predicate-member`, `certificate-number` */
export async function issueCertificate(request: CertificateRequest, signer: Signer): Promise<IssuedCertificate> {
  const { issuerName, ...content } = request.content
  const { keyId } = await nameKey(readPublicKey(signer.publicKeyPem), webCryptography)
  const issuer = { keyId, ...(issuerName === undefined ? {} : { name: issuerName }) }
  const statement: Statement<Clearance> = {
    _type: STATEMENT_TYPE,
    subject: [describeModel(request.model.name, request.model)],
    predicateType: CLEARANCE_TYPE,
    predicate: buildClearance({ ...content, issuer }, request.issuedAt, request.months),
  }
  return { ...(await signStatement(statement, signer)), statement }
}
