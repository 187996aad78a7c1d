/**
 * The element types of ONNX tensors: name, bits, and the field that holds the values when they are not raw.
 *
 * Source: `TensorProto.DataType` and the comments on the data fields in `onnx-ml.proto`.
 */

/** One element type. */
export interface DataType {
  /** As safetensors names it, where it does. */
  readonly name: string
  /** Bits of an element; undefined for texts. */
  readonly bits: number | undefined
  /** The field of typed values. */
  readonly field: string
  /** Entries of that field for `count` elements. */
  readonly entries: (count: number) => number
}

const twice = (count: number): number => 2 * count
const one = (count: number): number => count

function plain(name: string, bits: number, field = 'int32_data'): DataType {
  return { name, bits, field, entries: one }
}

function packed(name: string, bits: number): DataType {
  return { ...plain(name, bits), entries: (count) => Math.ceil(count / (8 / bits)) }
}

/** Element types by number. */
export const DATA_TYPES: ReadonlyMap<number, DataType> = new Map([
  [1, plain('F32', 32, 'float_data')],
  [2, plain('U8', 8)],
  [3, plain('I8', 8)],
  [4, plain('U16', 16)],
  [5, plain('I16', 16)],
  [6, plain('I32', 32)],
  [7, plain('I64', 64, 'int64_data')],
  [8, { name: 'STRING', bits: undefined, field: 'string_data', entries: one }],
  [9, plain('BOOL', 8)],
  [10, plain('F16', 16)],
  [11, plain('F64', 64, 'double_data')],
  [12, plain('U32', 32, 'uint64_data')],
  [13, plain('U64', 64, 'uint64_data')],
  [14, { name: 'C64', bits: 64, field: 'float_data', entries: twice }],
  [15, { name: 'C128', bits: 128, field: 'double_data', entries: twice }],
  [16, plain('BF16', 16)],
  [17, plain('F8_E4M3', 8)],
  [18, plain('F8_E4M3FNUZ', 8)],
  [19, plain('F8_E5M2', 8)],
  [20, plain('F8_E5M2FNUZ', 8)],
  [21, packed('U4', 4)],
  [22, packed('I4', 4)],
  [23, packed('F4', 4)],
  [24, plain('F8_E8M0', 8)],
  [25, packed('U2', 2)],
  [26, packed('I2', 2)],
  [27, plain('F6_E2M3', 6)],
  [28, plain('F6_E3M2', 6)],
])

/** Fields whose packed values stand in the file as the elements of the tensor do in memory. */
export const CONTIGUOUS_FIELDS: ReadonlySet<string> = new Set(['float_data', 'double_data'])
