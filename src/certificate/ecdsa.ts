/**
 * ECDSA signatures: from DER, the form in bundles, to the `r‖s` that WebCrypto takes, and back.
 *
 * A signature is taken only when it encodes back to itself: shortest lengths, shortest integers, nothing behind; and
 * when 1 ≤ r, s < n. A lenient reader makes several texts of one signature, and a raw `r‖s` where DER is due is refused.
 * That `n − s` is as good as `s` would give anybody a second signature, and so a second log entry and identity, of what he
 * did not sign: what we sign has `s` in the lower half, and statements of ours are taken in that form only.
 *
 * Source: X.690 section 10; SEC 1 version 2, section C.8; FIPS 186-5; orders from SP 800-186, section 3.2.1.
 */
import { Fault } from '../base/index.ts'
import { concatBytes, equalBytes, fromHex, toHex } from './encoding.ts'

/** A curve whose signatures are read. Certificates are signed on P-256; manifests of others on any of the three. */
export type Curve = 'P-256' | 'P-384' | 'P-521'

interface Group {
  /** Number of the points. */
  readonly order: bigint
  /** Bytes of a scalar. */
  readonly bytes: number
}

const GROUPS: Readonly<Record<Curve, Group>> = {
  'P-256': { order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n, bytes: 32 },
  'P-384': {
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    bytes: 48,
  },
  'P-521': {
    order:
      0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    bytes: 66,
  },
}
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
  const long = body.length >= 0x80 ? [0x81] : []
  return concatBytes(Uint8Array.of(SEQUENCE, ...long, body.length), body)
}

/** The last `size` bytes, with zeros in front of fewer. */
function toScalar(digits: Uint8Array, size: number): Uint8Array {
  const tail = digits.subarray(-size)
  return concatBytes(new Uint8Array(size - tail.length), tail)
}

function isScalar(bytes: Uint8Array, order: bigint): boolean {
  const value = BigInt(`0x${toHex(bytes)}`)
  return value > 0n && value < order
}

/** Turns a DER signature into `r‖s`: 64 bytes on P-256, 96 on P-384, 132 on P-521. @throws Fault `signature-form` */
export function derToRaw(der: Uint8Array, curve: Curve = 'P-256'): Uint8Array {
  const { order, bytes } = GROUPS[curve]
  const start = der[1] === 0x81 ? 3 : 2
  const split = start + 2 + (der[start + 1] ?? 0)
  const r = toScalar(der.subarray(start + 2, split), bytes)
  const s = toScalar(der.subarray(split + 2), bytes)
  if (!isScalar(r, order) || !isScalar(s, order) || !equalBytes(encodeSignature(r, s), der))
    throw new Fault('signature-form', `the ${der.length} bytes of the signature are not a ${curve} signature in DER`)
  return concatBytes(r, s)
}

/** Turns a DER signature on whichever of the curves it fits into `r‖s`. @throws Fault `signature-form` */
export function derToRawOnAny(der: Uint8Array): Uint8Array {
  for (const curve of ['P-256', 'P-384'] as const) {
    try {
      return derToRaw(der, curve)
    } catch {
      continue
    }
  }
  return derToRaw(der, 'P-521')
}

function splitRaw(raw: Uint8Array): readonly [bigint, bigint] {
  return [BigInt(`0x${toHex(raw.subarray(0, 32))}`), BigInt(`0x${toHex(raw.subarray(32))}`)]
}

/** True for 64 bytes r‖s on P-256 with s in the lower half, the one of the two forms that is taken of our own. */
export function isLowS(raw: Uint8Array): boolean {
  if (raw.length !== 64) return false
  const { order } = GROUPS['P-256']
  const [r, s] = splitRaw(raw)
  return r > 0n && r < order && s > 0n && s <= order / 2n
}

/** The same signature on P-256 with s in the lower half: `n − s` is as good as `s`. */
export function toLowS(raw: Uint8Array): Uint8Array {
  const { order } = GROUPS['P-256']
  const [, s] = splitRaw(raw)
  if (s <= order / 2n) return raw
  return concatBytes(raw.subarray(0, 32), fromHex((order - s).toString(16).padStart(64, '0')))
}

/** Turns `r‖s` on P-256, 64 bytes, as tokens and some key services give it, into DER. @throws Fault `signature-form` */
export function rawToDer(raw: Uint8Array): Uint8Array {
  const { order } = GROUPS['P-256']
  const [r, s] = [raw.subarray(0, 32), raw.subarray(32)]
  if (raw.length !== 64 || !isScalar(r, order) || !isScalar(s, order))
    throw new Fault('signature-form', `the ${raw.length} bytes of the signature are not r‖s of P-256`)
  return encodeSignature(r, s)
}

/** A signature on P-256 in DER with s in the lower half. @throws Fault `signature-form` */
export function lowerSignature(der: Uint8Array): Uint8Array {
  return rawToDer(toLowS(derToRaw(der)))
}
