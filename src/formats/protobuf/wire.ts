/**
 * The fields of a protobuf message as they stand in the bytes: tag, kind of encoding, payload.
 *
 * Guarantee: a payload lies inside its message or is a `Fault`; nothing of a payload is read here. Groups, which no
 * format that is read here has, are refused.
 * Source: protobuf encoding (protobuf.dev/programming-guides/encoding).
 */
import { Fault } from '../../base/index.ts'
import type { PageReader } from '../page-reader.ts'
import type { ProtobufAnomaly } from './anomalies.ts'

/** Wire types. */
export const VARINT = 0
/** Eight bytes. */
export const FIXED64 = 1
/** A length and that many bytes. */
export const LENGTH = 2
/** Four bytes. */
export const FIXED32 = 5

const LONGEST_VARINT = 10
const EXACT_BYTES = 7

/** A byte range [from, to). */
export interface Range {
  readonly from: number
  readonly to: number
}

/** One field; its payload is the range. */
export interface WireField extends Range {
  readonly number: number
  readonly wire: number
  /** First byte of the tag. */
  readonly at: number
}

/** A fault that ends the walk and becomes an anomaly of that code. */
export function stop(code: ProtobufAnomaly, message: string): Fault {
  return new Fault(code, message)
}

/** Reads a varint at the cursor, as an unsigned number of 64 bits. @throws Fault `pb-tag`, `truncated` */
export function readVarint(cursor: PageReader): number | bigint {
  const at = cursor.at
  let value = 0
  let factor = 1
  for (let i = 0; i < EXACT_BYTES; i++) {
    const byte = cursor.u8()
    value += (byte & 0x7f) * factor
    if (byte < 0x80) return value
    factor *= 128
  }
  let large = BigInt(value)
  for (let i = EXACT_BYTES; i < LONGEST_VARINT; i++) {
    const byte = cursor.u8()
    large += BigInt(byte & 0x7f) << BigInt(7 * i)
    if (byte < 0x80) return toNumber(BigInt.asUintN(64, large))
  }
  throw stop('pb-tag', `at ${at}: a number of more than ${LONGEST_VARINT} bytes`)
}

function toNumber(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}

/** An unsigned number of 64 bits as a signed one. @example asSigned(2n ** 64n - 1n) // -1 */
export function asSigned(value: number | bigint): number | bigint {
  if (typeof value === 'number') return value
  const signed = BigInt.asIntN(64, value)
  const number = Number(signed)
  return Number.isSafeInteger(number) ? number : signed
}

function payloadEnd(cursor: PageReader, wire: number, at: number): number {
  if (wire === FIXED64) return cursor.at + 8
  if (wire === FIXED32) return cursor.at + 4
  throw stop('pb-tag', `at ${at}: ${wire === 3 || wire === 4 ? 'a group' : `the wire type ${wire}`}, which is not read`)
}

/**
 * Reads the field at the cursor, which then stands behind it.
 *
 * @param end end of the message
 * @throws Fault `pb-tag`, `pb-length`, `truncated`
 */
export function readField(cursor: PageReader, end: number): WireField {
  const { at } = cursor
  const tag = readVarint(cursor)
  const number = typeof tag === 'number' ? Math.floor(tag / 8) : 0
  if (number < 1 || number > 0x1fffffff) throw stop('pb-tag', `at ${at}: the tag ${tag}, which no field has`)
  const wire = Number(tag) % 8
  let from = cursor.at
  let to: number | bigint
  if (wire === VARINT) {
    readVarint(cursor)
    to = cursor.at
  } else if (wire === LENGTH) {
    const length = readVarint(cursor)
    from = cursor.at
    to = typeof length === 'number' ? from + length : length
  } else to = payloadEnd(cursor, wire, at)
  if (to > end) throw stop('pb-length', `at ${at}: field ${number} reaches to ${to}, its message ends at ${end}`)
  cursor.seek(Number(to))
  return { number, wire, at, from, to: Number(to) }
}
