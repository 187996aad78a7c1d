/**
 * ECDSA P-256 signatures: from DER, the form in bundles, to the 64 bytes that WebCrypto takes.
 *
 * A signature is taken only when it encodes back to itself: shortest lengths, shortest integers, nothing behind; and
 * when 1 ≤ r, s < n. A lenient reader makes several texts of one signature, and a raw `r‖s` where DER is due is refused.
 * That `n − s` is as good as `s` is left to the log entry, which holds the exact bytes.
 *
 * Source: X.690 section 10; SEC 1 version 2, section C.8; FIPS 186-5.
 */
import { Fault } from '../base/index.ts'
import { concatBytes, equalBytes, toHex } from './encoding.ts'

/** Order of the group of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const SEQUENCE = 0x30
const INTEGER = 0x02

function encodeInteger(value: Uint8Array): Uint8Array {
  const zeros = value.findIndex((byte) => byte !== 0)
  const digits = value.subarray(zeros)
  const sign = (digits[0] ?? 0) >= 0x80 ? [0] : []
  return concatBytes(Uint8Array.of(INTEGER, sign.length + digits.length, ...sign), digits)
}

function encodeSignature(r: Uint8Array, s: Uint8Array): Uint8Array {
  const body = concatBytes(encodeInteger(r), encodeInteger(s))
  return concatBytes(Uint8Array.of(SEQUENCE, body.length), body)
}

/** The last 32 bytes, with zeros in front of fewer. */
function toScalar(digits: Uint8Array): Uint8Array {
  const tail = digits.subarray(-32)
  return concatBytes(new Uint8Array(32 - tail.length), tail)
}

function isScalar(bytes: Uint8Array): boolean {
  const value = BigInt(`0x${toHex(bytes)}`)
  return value > 0n && value < ORDER
}

/** Turns a DER signature into `r‖s`, 64 bytes. @throws Fault `signature-form` */
export function derToRaw(der: Uint8Array): Uint8Array {
  const split = 4 + (der[3] ?? 0)
  const r = toScalar(der.subarray(4, split))
  const s = toScalar(der.subarray(split + 2))
  if (!isScalar(r) || !isScalar(s) || !equalBytes(encodeSignature(r, s), der))
    throw new Fault('signature-form', `the ${der.length} bytes of the signature are not a P-256 signature in DER`)
  return concatBytes(r, s)
}
