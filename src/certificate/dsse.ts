/**
 * DSSE: what exactly is signed.
 *
 * The signature covers the type and the bytes of the payload, each with its length, and not the envelope. Whoever
 * verified a payload goes on with those bytes and never reads the envelope again.
 *
 * Source: DSSE 1.0.2, protocol.md ("PAE").
 */
import { concatBytes, toUtf8 } from './encoding.ts'

/** Payload type of an in-toto statement; the only one that we write and take. */
export const IN_TOTO_PAYLOAD = 'application/vnd.in-toto+json'

/**
 * Pre-authentication encoding: the bytes that are signed.
 *
 * @example
 * new TextDecoder().decode(preAuthEncoding('a', new TextEncoder().encode('hello'))) // 'DSSEv1 1 a 5 hello'
 */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = toUtf8(payloadType)
  return concatBytes(toUtf8(`DSSEv1 ${type.length} `), type, toUtf8(` ${payload.length} `), payload)
}
