/**
 * The element types of TensorFlow by number.
 *
 * Source: `tensorflow/core/framework/types.proto`; a type above 100 is a reference to the type below.
 */

/** Name, as safetensors gives it where it does, and bits of an element; texts and handles have none. */
export interface DataType {
  readonly name: string
  readonly bits: number | undefined
}

const TYPES: ReadonlyMap<number, DataType> = new Map(
  (
    [
      [1, 'F32', 32],
      [2, 'F64', 64],
      [3, 'I32', 32],
      [4, 'U8', 8],
      [5, 'I16', 16],
      [6, 'I8', 8],
      [7, 'STRING', undefined],
      [8, 'C64', 64],
      [9, 'I64', 64],
      [10, 'BOOL', 8],
      [11, 'I8', 8],
      [12, 'U8', 8],
      [13, 'I32', 32],
      [14, 'BF16', 16],
      [15, 'I16', 16],
      [16, 'U16', 16],
      [17, 'U16', 16],
      [18, 'C128', 128],
      [19, 'F16', 16],
      [20, 'RESOURCE', undefined],
      [21, 'VARIANT', undefined],
      [22, 'U32', 32],
      [23, 'U64', 64],
      [24, 'F8_E5M2', 8],
      [25, 'F8_E4M3', 8],
      [26, 'F8_E4M3FNUZ', 8],
      [27, 'F8_E4M3B11FNUZ', 8],
      [28, 'F8_E5M2FNUZ', 8],
      [29, 'I4', undefined],
      [30, 'U4', undefined],
    ] as const
  ).map(([id, name, bits]) => [id, { name, bits }] as const),
)

/** The number of the type of texts. */
export const STRING_TYPE = 7

/** The type of a number, or undefined. @example dataType(1)?.name // 'F32' */
export function dataType(id: number): DataType | undefined {
  return TYPES.get(id > 100 ? id - 100 : id)
}
