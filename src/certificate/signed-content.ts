/**
 * What the signature of a bundle covers: the envelope's text with its type, or a file that is not in the bundle.
 *
 * Source: DSSE 1.0.2; sigstore/protobuf-specs, `MessageSignature`.
 */
import type { Bundle } from './bundle.ts'
import type { Cryptography } from './cryptography.ts'
import { preAuthEncoding } from './dsse.ts'
import { equalBytes } from './encoding.ts'

/** SHA-256 of what was signed, as the log holds it. For a bare signature it is what the bundle states. */
export function digestOfSigned({ content }: Bundle, cryptography: Cryptography): Promise<Uint8Array> {
  if (content.kind === 'message') return Promise.resolve(content.digest)
  return cryptography.sha256(preAuthEncoding(content.payloadType, content.payload))
}

/**
 * The bytes that were signed; undefined when they are in neither the bundle nor the candidates.
 *
 * @param candidates files at hand, of which the one with the stated digest is taken
 */
export async function findSigned(
  { content }: Bundle,
  candidates: readonly Uint8Array[],
  cryptography: Cryptography,
): Promise<Uint8Array | undefined> {
  if (content.kind === 'envelope') return preAuthEncoding(content.payloadType, content.payload)
  for (const candidate of candidates) {
    if (equalBytes(await cryptography.sha256(candidate), content.digest)) return candidate
  }
  return undefined
}
