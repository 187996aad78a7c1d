/**
 * The element types of TensorFlow Lite, by the names that safetensors gives them.
 */

/** One type. */
export interface ElementType {
  /** Undefined for a type that safetensors does not have, or whose elements are not numbers of a fixed size. */
  readonly name: string | undefined
  /** Bits of one element; undefined when they vary. */
  readonly bits: number | undefined
}

const OTHER: ElementType = { name: undefined, bits: undefined }

function type(name: string | undefined, bits: number): ElementType {
  return { name, bits }
}

/** In the order of `TensorType`: … 5 text, 11 complex of two doubles, 13 resource, 14 variant, 17 int4, 19 int2, 20 uint4 … */
const TYPES: readonly ElementType[] = [
  type('F32', 32),
  type('F16', 16),
  type('I32', 32),
  type('U8', 8),
  type('I64', 64),
  OTHER,
  type('BOOL', 8),
  type('I16', 16),
  type('C64', 64),
  type('I8', 8),
  type('F64', 64),
  type(undefined, 128),
  type('U64', 64),
  OTHER,
  OTHER,
  type('U32', 32),
  type('U16', 16),
  type(undefined, 4),
  type('BF16', 16),
  type(undefined, 2),
  type(undefined, 4),
  type('F8_E4M3', 8),
  type('F8_E5M2', 8),
]

/** The type of a number in a file. @example elementType(0).name // 'F32' */
export function elementType(number: number): ElementType {
  return TYPES[number] ?? OTHER
}
