/**
 * Algorithms and keys of timestamp authorities: SHA-2, ECDSA on P-256 and P-384, RSA with PKCS#1 v1.5.
 *
 * Everything else is refused, SHA-1 before all. What an algorithm identifier leaves open (parameters NULL or absent for
 * a hash) is taken in both spellings, because both are in use.
 *
 * Source: RFC 5754 (SHA-2 in CMS), RFC 5480 (EC keys), RFC 8017 section A.1.1 (RSA keys).
 */
import { Fault } from '../../base/index.ts'
import type { Cryptography, HashName, SignatureScheme } from '../cryptography.ts'
import { derToRaw } from '../ecdsa.ts'
import { DerReader, TAG } from './der.ts'
import { OID } from './oids.ts'

/** Public key out of a certificate. */
export interface AuthorityKey {
  readonly kind: 'P-256' | 'P-384' | 'RSA'
  /** SubjectPublicKeyInfo in DER. */
  readonly spki: Uint8Array
}

/** How something was signed; `hash` is undefined where it is said elsewhere (`rsaEncryption`). */
export interface SignatureAlgorithm {
  readonly kind: 'EC' | 'RSA'
  readonly hash: HashName | undefined
}

const HASHES: ReadonlyMap<string, HashName> = new Map([
  [OID.sha256, 'SHA-256'],
  [OID.sha384, 'SHA-384'],
  [OID.sha512, 'SHA-512'],
])
const SIGNATURES: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  [OID.ecdsaWithSha256, { kind: 'EC', hash: 'SHA-256' }],
  [OID.ecdsaWithSha384, { kind: 'EC', hash: 'SHA-384' }],
  [OID.ecdsaWithSha512, { kind: 'EC', hash: 'SHA-512' }],
  [OID.sha256WithRsa, { kind: 'RSA', hash: 'SHA-256' }],
  [OID.sha384WithRsa, { kind: 'RSA', hash: 'SHA-384' }],
  [OID.sha512WithRsa, { kind: 'RSA', hash: 'SHA-512' }],
  [OID.rsaEncryption, { kind: 'RSA', hash: undefined }],
])
/** Bytes of an RSA modulus: 2048 to 8192 bits. */
const RSA_MODULUS = { least: 256, most: 1024 }

function readNull(reader: DerReader): void {
  if (reader.takeIf(TAG.null)?.content.length !== 0)
    throw new Fault('der', 'the parameters of an algorithm are not NULL')
}

/** Reads the identifier of a hash. @throws Fault `der`, `algorithm` */
export function readHash(reader: DerReader): HashName {
  const identifier = reader.enter(TAG.sequence)
  const oid = identifier.oid()
  if (!identifier.done) readNull(identifier)
  identifier.end()
  const name = HASHES.get(oid)
  if (name === undefined)
    throw new Fault('algorithm', `the hash function (object identifier ${oid}) is not SHA-256, SHA-384 or SHA-512`)
  return name
}

/** Reads the identifier of a signature algorithm. @throws Fault `der`, `algorithm` */
export function readSignatureAlgorithm(reader: DerReader): SignatureAlgorithm {
  const identifier = reader.enter(TAG.sequence)
  const oid = identifier.oid()
  const algorithm = SIGNATURES.get(oid)
  if (algorithm === undefined)
    throw new Fault(
      'algorithm',
      `the signature algorithm (object identifier ${oid}) is neither ECDSA nor RSA with SHA-2`,
    )
  if (algorithm.kind === 'RSA') readNull(identifier)
  identifier.end()
  return algorithm
}

function readRsa(bits: Uint8Array): 'RSA' {
  const outer = new DerReader(bits, 'RSA key')
  const key = outer.enter(TAG.sequence)
  outer.end()
  const modulus = key.integer(RSA_MODULUS.most + 1)
  key.integer(8)
  key.end()
  if (modulus[0] !== 0 || modulus.length <= RSA_MODULUS.least)
    throw new Fault('algorithm', `an RSA key of ${modulus.length * 8} bits; at least 2048 are wanted`)
  return 'RSA'
}

/** Reads a SubjectPublicKeyInfo. @throws Fault `der`, `algorithm` */
export function readAuthorityKey(reader: DerReader): AuthorityKey {
  const { whole: spki, content } = reader.take(TAG.sequence)
  const body = new DerReader(content, 'public key')
  const identifier = body.enter(TAG.sequence)
  const oid = identifier.oid()
  if (oid === OID.rsaEncryption) readNull(identifier)
  const curve = oid === OID.ecPublicKey ? identifier.oid() : undefined
  identifier.end()
  const bits = body.bits()
  body.end()
  if (oid === OID.rsaEncryption) return { kind: readRsa(bits), spki }
  if (curve === OID.p256 && bits.length === 65 && bits[0] === 4) return { kind: 'P-256', spki }
  if (curve === OID.p384 && bits.length === 97 && bits[0] === 4) return { kind: 'P-384', spki }
  throw new Fault('algorithm', 'the public key is neither RSA nor an uncompressed point of P-256 or P-384')
}

function schemeFor(
  key: AuthorityKey,
  { kind, hash }: SignatureAlgorithm,
  stated: HashName | undefined,
): SignatureScheme {
  const name = hash ?? stated
  const fits = (key.kind === 'RSA') === (kind === 'RSA')
  if (!fits || name === undefined || (hash !== undefined && stated !== undefined && hash !== stated))
    throw new Fault('algorithm', 'key, hash function and signature algorithm do not fit each other')
  return key.kind === 'RSA'
    ? { name: 'RSASSA-PKCS1-v1_5', hash: name }
    : { name: 'ECDSA', namedCurve: key.kind, hash: name }
}

/** What {@link verifyBy} verifies. */
export interface AuthoritySignature {
  readonly algorithm: SignatureAlgorithm
  /** The hash that is named beside the algorithm, where there is one; the two must agree. */
  readonly hash?: HashName
  /** As it stands in the structure: DER where ECDSA. */
  readonly signature: Uint8Array
  readonly message: Uint8Array
}

/** True when the key signed the message. @throws Fault `algorithm`, `signature-form` */
export function verifyBy(key: AuthorityKey, signed: AuthoritySignature, cryptography: Cryptography): Promise<boolean> {
  const scheme = schemeFor(key, signed.algorithm, signed.hash)
  const signature = scheme.name === 'ECDSA' ? derToRaw(signed.signature, scheme.namedCurve) : signed.signature
  return cryptography.verifyScheme(scheme, { key: key.spki, signature, message: signed.message })
}
