/**
 * Public keys on P-384 and P-521, with which others sign manifests.
 *
 * model_signing lets the curve choose the hash: SHA-384 and SHA-512. cosign hashes by SHA-256 whatever the curve, so a
 * signature on these curves is nobody's but that tool's; certificates and the log know P-256 alone.
 *
 * Source: RFC 5480 section 2; measured with model_signing 1.1.1 and cosign 3.1.3.
 */
import { Fault } from '../../base/index.ts'
import type { HashName } from '../cryptography.ts'
import type { Curve } from '../ecdsa.ts'
import { equalBytes, fromHex } from '../encoding.ts'
import { readPem, readPublicKey, writePem, type PublicKey } from '../public-key.ts'

/** SubjectPublicKeyInfo up to the point, which is uncompressed and so begins with 4. */
const LARGER: readonly { readonly curve: Curve; readonly start: Uint8Array; readonly point: number }[] = [
  { curve: 'P-384', start: fromHex('3076301006072a8648ce3d020106052b81040022036200'), point: 97 },
  { curve: 'P-521', start: fromHex('30819b301006072a8648ce3d020106052b8104002303818600'), point: 133 },
]

/** The hash that goes with a curve. */
export const HASH_OF_CURVE: Readonly<Record<Curve, HashName>> = {
  'P-256': 'SHA-256',
  'P-384': 'SHA-384',
  'P-521': 'SHA-512',
}

/**
 * Reads one PEM `PUBLIC KEY` block on P-256, P-384 or P-521; the larger two with an uncompressed point only.
 *
 * @throws Fault `key-unreadable`, `base64`
 */
export function readForeignKey(pem: string): PublicKey {
  const spki = readPem(pem)
  for (const { curve, start, point } of LARGER) {
    const rest = spki.subarray(start.length)
    if (equalBytes(spki.subarray(0, start.length), start) && rest.length === point && rest[0] === 4)
      return { curve, point: rest, spki, pem: writePem(spki) }
  }
  try {
    return readPublicKey(pem)
  } catch (cause) {
    throw new Fault('key-unreadable', 'the key is not an ECDSA public key on P-256, P-384 or P-521', { cause })
  }
}
