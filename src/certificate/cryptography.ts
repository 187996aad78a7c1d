/**
 * The cryptographic operations that verification needs, as an argument.
 *
 * Everything else about a certificate is pure; whoever runs the verifier brings these. WebCrypto is in Node and in
 * every current browser, so the default needs nothing to be installed.
 */

/** Hashes and verifies. All keys and signatures are raw bytes. */
export interface Cryptography {
  /** 32 bytes. */
  sha256(bytes: Uint8Array): Promise<Uint8Array>
  /** `key`: uncompressed point, 65 bytes; `signature`: r‖s, 64 bytes. False also for a point off the curve. */
  verifyP256(key: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean>
  /** `key`: 32 bytes; `signature`: 64 bytes. */
  verifyEd25519(key: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean>
  /** `key`: 1312 bytes; `signature`: 2420 bytes; no context. Missing where the machine does not know the scheme. */
  verifyMlDsa44?(key: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean>
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const ED25519 = { name: 'Ed25519' }

interface SignedMessage {
  readonly key: Uint8Array
  readonly signature: Uint8Array
  readonly message: Uint8Array
}

async function verify(scheme: { readonly name: string }, { key, signature, message }: SignedMessage): Promise<boolean> {
  const { subtle } = globalThis.crypto
  try {
    const imported = await subtle.importKey('raw', key, scheme, false, ['verify'])
    return await subtle.verify(scheme, imported, signature, message)
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'DataError') return false
    throw thrown
  }
}

/** WebCrypto of the machine or browser. */
export const webCryptography: Cryptography = {
  sha256: async (bytes) => new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes)),
  verifyP256: (key, signature, message) => verify(P256, { key, signature, message }),
  verifyEd25519: (key, signature, message) => verify(ED25519, { key, signature, message }),
}
