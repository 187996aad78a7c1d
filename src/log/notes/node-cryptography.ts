/**
 * What verification needs, from Node: WebCrypto, a hash that does not wait for a thread, and ML-DSA-44.
 *
 * Source: FIPS 204 for ML-DSA-44; RFC 9881 for its public keys in DER.
 */
import { createPublicKey, hash, verify } from 'node:crypto'
import { concatBytes, webCryptography, type Cryptography } from '../../certificate/index.ts'

/** What stands before the 1312 bytes of a key: SEQUENCE, algorithm 2.16.840.1.101.3.4.3.17, BIT STRING. */
const ML_DSA_44 = Uint8Array.from(Buffer.from('30820532300b06096086480165030403110382052100', 'hex'))

/** See the module. */
export const nodeCryptography: Cryptography = {
  ...webCryptography,
  sha256: (bytes) => Promise.resolve(hash('sha256', bytes, 'buffer')),
  verifyMlDsa44: (key, signature, message) => {
    if (key.length !== 1312 || signature.length !== 2420) return Promise.resolve(false)
    const spki = Buffer.from(concatBytes(ML_DSA_44, key))
    return Promise.resolve(
      verify(null, message, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature),
    )
  },
}
