/**
 * Types whose elements are single numbers and need no kernel: integers, f64, booleans, powers of two.
 *
 * JavaScript rounds a number to f32 to nearest, ties to even, wherever it runs; 64-bit integers are prepared so that
 * they are rounded once.
 */
import { e8m0ToBits, floatOfBits } from './reference/floats.ts'

interface ArrayKind {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBufferLike, offset: number, length: number): ArrayLike<number>
}

const ARRAYS: ReadonlyMap<string, ArrayKind> = new Map<string, ArrayKind>([
  ['F32', Float32Array],
  ['f32', Float32Array],
  ['F64', Float64Array],
  ['f64', Float64Array],
  ['U8', Uint8Array],
  ['I8', Int8Array],
  ['i8', Int8Array],
  ['U16', Uint16Array],
  ['I16', Int16Array],
  ['i16', Int16Array],
  ['U32', Uint32Array],
  ['I32', Int32Array],
  ['i32', Int32Array],
])

type ReadElement = (bytes: DataView, at: number) => number

const readI64: ReadElement = (bytes, at) => roundWide(bytes.getBigInt64(at, true))

/** Types that no typed array of numbers converts, with their size and a reader of one element. */
const ELEMENTS: ReadonlyMap<string, readonly [size: number, read: ReadElement]> = new Map<
  string,
  readonly [number, ReadElement]
>([
  ['BOOL', [1, (bytes, at) => Number(bytes.getUint8(at) !== 0)]],
  ['F8_E8M0', [1, (bytes, at) => floatOfBits(e8m0ToBits(bytes.getUint8(at)))]],
  ['U64', [8, (bytes, at) => roundWide(bytes.getBigUint64(at, true))]],
  ['I64', [8, readI64]],
  ['i64', [8, readI64]],
])

/** A 64-bit integer as a number that rounds to the right f32: bits that a double would lose become one odd bit. */
export function roundWide(value: bigint): number {
  const magnitude = value < 0n ? -value : value
  if (magnitude < 1n << 53n) return Number(value)
  const sticky = (magnitude & ~2047n) | ((magnitude & 2047n) === 0n ? 0n : 2048n)
  return Number(value < 0n ? -sticky : sticky)
}

/** Decodes the elements of a plain type into `out`; false when the type is none. */
export function decodePlain(out: Float32Array, type: string, bytes: Uint8Array): boolean {
  const Kind = ARRAYS.get(type)
  if (Kind === undefined) return decodeElements(out, type, bytes)
  const size = Kind.BYTES_PER_ELEMENT
  const aligned = bytes.byteOffset % size === 0 ? bytes : Uint8Array.from(bytes)
  out.set(new Kind(aligned.buffer, aligned.byteOffset, aligned.length / size))
  return true
}

function decodeElements(out: Float32Array, type: string, bytes: Uint8Array): boolean {
  const element = ELEMENTS.get(type)
  if (element === undefined) return false
  const [size, read] = element
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let i = 0; i < out.length; i++) out[i] = read(view, i * size)
  return true
}
