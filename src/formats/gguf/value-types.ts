/**
 * The types that a GGUF metadata value can have.
 *
 * Source: the GGUF specification (ggml repository, docs/gguf.md), `gguf_metadata_value_type`.
 */

/** Names by type number, as they stand in facts. */
export const VALUE_TYPES = [
  'u8',
  'i8',
  'u16',
  'i16',
  'u32',
  'i32',
  'f32',
  'bool',
  'string',
  'array',
  'u64',
  'i64',
  'f64',
] as const
/** A name of {@link VALUE_TYPES}. */
export type ValueType = (typeof VALUE_TYPES)[number]
/** A type whose values all have the same size. */
export type ScalarType = Exclude<ValueType, 'string' | 'array'>

const SIZES: Readonly<Record<ValueType, number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  bool: 1,
  string: 8,
  array: 12,
  u64: 8,
  i64: 8,
  f64: 8,
}

/** Bytes that a value of the type takes at least: exactly, for scalars. @example minimumBytes('string') // 8 */
export function minimumBytes(type: ValueType): number {
  return SIZES[type]
}

/** The name of a type number, or undefined. @example valueType(8) // 'string' */
export function valueType(id: number): ValueType | undefined {
  return VALUE_TYPES[id]
}
