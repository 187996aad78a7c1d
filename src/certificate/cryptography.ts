/**
 * The cryptographic operations that verification needs, as an argument.
 *
 * Everything else about a certificate is pure; whoever runs the verifier brings these. WebCrypto is in Node and in
 * every current browser, so the default needs nothing to be installed.
 *
 * Guarantee: what the machine cannot do is a `Fault` with the code `cannot-check`, never a yes and never a no: an old
 * browser without Ed25519, or a page that was not opened over HTTPS and so has no WebCrypto at all.
 */
import { Fault } from '../base/index.ts'

/** Hash functions by their names in WebCrypto. */
export type HashName = 'SHA-256' | 'SHA-384' | 'SHA-512'

/** How others than the issuer of a certificate sign (authorities, logs), in WebCrypto's words. */
export type SignatureScheme =
  | { readonly name: 'ECDSA'; readonly namedCurve: 'P-256' | 'P-384' | 'P-521'; readonly hash: HashName }
  | { readonly name: 'RSASSA-PKCS1-v1_5'; readonly hash: HashName }
  | { readonly name: 'ML-DSA-44' | 'ML-DSA-65'; readonly context?: Uint8Array }

/** What is verified. */
export interface SignedMessage {
  readonly key: Uint8Array
  readonly signature: Uint8Array
  readonly message: Uint8Array
}

/** Hashes and verifies. Keys and signatures are raw bytes, unless said otherwise. Each may throw a Fault `cannot-check`. */
export interface Cryptography {
  /** 32 bytes. */
  sha256(bytes: Uint8Array): Promise<Uint8Array>
  /** `key`: uncompressed point, 65 bytes; `signature`: r‖s, 64 bytes. False also for a point off the curve. */
  verifyP256(key: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean>
  /** `key`: 32 bytes; `signature`: 64 bytes. */
  verifyEd25519(key: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean>
  /** `key`: 1312 bytes; `signature`: 2420 bytes; no context. Missing where the machine does not know the scheme. */
  verifyMlDsa44?(key: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean>
  digest(hash: HashName, bytes: Uint8Array): Promise<Uint8Array>
  /** `key`: SubjectPublicKeyInfo in DER; `signature`: r‖s where the scheme is ECDSA. False also for an unusable key. */
  verifyScheme(scheme: SignatureScheme, signed: SignedMessage): Promise<boolean>
}

type Scheme = SignatureScheme | { readonly name: 'Ed25519' }

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const ED25519 = { name: 'Ed25519' } as const

/** FIPS 204, algorithm 3: a longer context verifies nothing. */
const LONGEST_CONTEXT = 255
/** By this name WebCrypto says that a key has no meaning, which is an answer. */
const REFUSAL = 'DataError'
/** And by these that it does not know the algorithm or the form of the key, which is none. */
const UNKNOWN = ['NotSupportedError', 'SyntaxError', 'TypeError']

function subtle(): typeof globalThis.crypto.subtle {
  const { crypto } = globalThis as { readonly crypto?: { readonly subtle?: typeof globalThis.crypto.subtle } }
  if (crypto?.subtle !== undefined) return crypto.subtle
  throw new Fault(
    'cannot-check',
    'there is no WebCrypto here, so nothing can be checked; browsers have it on pages from HTTPS and from files',
  )
}

/** WebCrypto takes no bytes of shared memory, and we hand it none. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}

async function verify(scheme: Scheme, signed: SignedMessage, format: 'raw' | 'spki' = 'raw'): Promise<boolean> {
  const crypto = subtle()
  if ('context' in scheme && (scheme.context?.length ?? 0) > LONGEST_CONTEXT) return false
  try {
    const key = await crypto.importKey(format, unshared(signed.key), scheme, false, ['verify'])
    return await crypto.verify(scheme, key, unshared(signed.signature), unshared(signed.message))
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.name : ''
    if (name === REFUSAL) return false
    if (UNKNOWN.includes(name))
      throw new Fault('cannot-check', `signatures of the kind ${scheme.name} cannot be checked here`, { cause: thrown })
    throw thrown
  }
}

async function digest(name: HashName, bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await subtle().digest(name, unshared(bytes)))
}

/** WebCrypto of the machine or browser. */
export const webCryptography: Cryptography = {
  sha256: (bytes) => digest('SHA-256', bytes),
  verifyP256: (key, signature, message) => verify(P256, { key, signature, message }),
  verifyEd25519: (key, signature, message) => verify(ED25519, { key, signature, message }),
  digest,
  verifyScheme: (scheme, signed) => verify(scheme, signed, 'spki'),
}
