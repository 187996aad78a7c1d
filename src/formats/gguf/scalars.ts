/**
 * Scalar values of GGUF metadata as JSON values.
 *
 * Guarantee: exact. Integers beyond 2^53 become decimal strings, numbers that JSON lacks (NaN, infinities) become
 * their names, and a boolean that is neither 0 nor 1 is noted.
 */
import type { PageReader } from '../page-reader.ts'
import type { GgufContext } from './context.ts'
import type { ScalarType } from './value-types.ts'

const READ: Readonly<Record<ScalarType, (cursor: PageReader) => number | bigint>> = {
  u8: (cursor) => cursor.u8(),
  i8: (cursor) => cursor.i8(),
  u16: (cursor) => cursor.u16(),
  i16: (cursor) => cursor.i16(),
  u32: (cursor) => cursor.u32(),
  i32: (cursor) => cursor.i32(),
  f32: (cursor) => cursor.f32(),
  f64: (cursor) => cursor.f64(),
  u64: (cursor) => cursor.u64(),
  i64: (cursor) => cursor.i64(),
  bool: (cursor) => cursor.u8(),
}

/** Reads one scalar at the cursor. @throws Fault `truncated` */
export function readScalar(context: GgufContext, type: ScalarType): number | string | boolean {
  const value = READ[type](context.cursor)
  if (type === 'bool') return toBoolean(context, Number(value))
  const number = Number(value)
  if (typeof value === 'bigint') return Number.isSafeInteger(number) ? number : String(value)
  return Number.isFinite(number) ? number : String(number)
}

function toBoolean(context: GgufContext, byte: number): boolean {
  if (byte > 1)
    context.anomalies.add('ggf-bool', `${context.locus} is ${byte}, neither 0 nor 1`, { locus: context.locus })
  return byte !== 0
}
