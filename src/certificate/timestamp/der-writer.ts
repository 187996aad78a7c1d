/**
 * DER: writes elements. What is written here is what {@link DerReader} reads.
 *
 * Source: ITU-T X.690 (02/2021), sections 8, 10 and 11.6 (order of a SET OF).
 */
import { concatBytes, fromHex, toUtf8 } from '../encoding.ts'
import { TAG } from './der.ts'

function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length)
  const digits: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256)
  return Uint8Array.of(0x80 + digits.length, ...digits)
}

/** An element with this tag around the parts. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...parts)
  return concatBytes(Uint8Array.of(tag), lengthOf(content.length), content)
}

/** SEQUENCE of the parts. */
export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return element(TAG.sequence, ...parts)
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index])
  return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1)
}

/** True when the elements stand in the order of a SET OF, none of them twice. */
export function isSorted(elements: readonly Uint8Array[]): boolean {
  return elements.every((one, index) => index === 0 || compareBytes(elements[index - 1] ?? one, one) < 0)
}

/** SET OF the parts, in DER's order; `tag` for an implicit one. */
export function setOf(parts: readonly Uint8Array[], tag: number = TAG.set): Uint8Array {
  return element(tag, ...parts.toSorted(compareBytes))
}

/** A non-negative INTEGER from its digits, most significant first. */
export function integerOf(digits: Uint8Array): Uint8Array {
  const zeros = digits.findIndex((digit) => digit !== 0)
  const shortest = zeros < 0 ? Uint8Array.of(0) : digits.subarray(zeros)
  return element(TAG.integer, (shortest[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array(0), shortest)
}

/** A non-negative INTEGER. */
export function integer(value: bigint): Uint8Array {
  const hex = value.toString(16)
  return integerOf(fromHex(hex.length % 2 === 0 ? hex : `0${hex}`))
}

/** OBJECT IDENTIFIER from the hex of its content. */
export function oid(hex: string): Uint8Array {
  return element(TAG.oid, fromHex(hex))
}

/** BIT STRING of whole bytes. */
export function bitString(bytes: Uint8Array): Uint8Array {
  return element(TAG.bitString, Uint8Array.of(0), bytes)
}

/** GeneralizedTime to the second, rounded down; of ms since 1970. */
export function generalizedTime(ms: number): Uint8Array {
  const text = new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')
  return element(TAG.generalizedTime, toUtf8(`${text}Z`))
}

/** Time of a certificate: UTCTime before 2050, else GeneralizedTime. */
export function certificateTime(ms: number): Uint8Array {
  const text = new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')
  return text < '2050' ? element(TAG.utcTime, toUtf8(`${text.slice(2)}Z`)) : generalizedTime(ms)
}
