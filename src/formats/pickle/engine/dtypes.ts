/** NumPy's element types by their codes. Source: NumPy `_core/src/multiarray/descriptor.c`. */

/** Names of the types that become tensors, as in safetensors. */
const TENSOR_TYPES: ReadonlyMap<string, string> = new Map([
  ['b1', 'BOOL'],
  ['i1', 'I8'],
  ['i2', 'I16'],
  ['i4', 'I32'],
  ['i8', 'I64'],
  ['u1', 'U8'],
  ['u2', 'U16'],
  ['u4', 'U32'],
  ['u8', 'U64'],
  ['f2', 'F16'],
  ['f4', 'F32'],
  ['f8', 'F64'],
  ['c8', 'C64'],
  ['c16', 'C128'],
])
const CODE = /^[<>|=]?(b1|[iu][1248]|f(?:2|4|8|12|16)|c(?:8|16|24|32)|O[48]?|[SV]\d{1,9}|U\d{1,9}|[Mm]8)$/

/** What a code says. */
export interface ElementType {
  /** Kind and size, without byte order. */
  readonly code: string
  readonly size: number
  readonly holdsObjects: boolean
}

/** Reads the code of an element type; undefined when it is none that NumPy pickles. @example readCode('<f4')?.size // 4 */
export function readCode(text: string): ElementType | undefined {
  const code = CODE.exec(text)?.[1]
  if (code === undefined) return undefined
  const number = Number(code.slice(1))
  const size = code.startsWith('U') ? number * 4 : code.startsWith('O') ? 8 : number
  return { code: code.startsWith('O') ? 'O' : code, size, holdsObjects: code.startsWith('O') }
}

/** The name of a numeric type, or undefined. @example tensorTypeOf('f4') // 'F32' */
export function tensorTypeOf(code: string): string | undefined {
  return TENSOR_TYPES.get(code)
}
