/**
 * Stores f32 values as a plain or a quantised type: the last step of every transform that is run again.
 *
 * Plain types are rounded to nearest, ties to even, subnormals kept; not-a-number keeps its sign and becomes quiet.
 * Source: IEEE 754-2019, 4.3.1; bf16 as PyTorch and ggml round it.
 */
import { Fault } from '../../base/index.ts'
import { isRequantisable, quantiseRows, type QuantiserOptions } from './ggml-quantisers.ts'

const FLOAT = new Float32Array(1)
const WORD = new Uint32Array(FLOAT.buffer)

function bf16Bits(value: number): number {
  FLOAT[0] = value
  const bits = WORD[0] ?? 0
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff
}

/** The nearest bf16 number. @example roundToBf16(1.004) // 1.0078125 */
export function roundToBf16(value: number): number {
  WORD[0] = bf16Bits(value) << 16
  return FLOAT[0] ?? 0
}

/** Rounds to the numbers of a plain type. */
export function roundTo(type: string): (value: number) => number {
  const name = type.toLowerCase()
  if (name === 'bf16') return roundToBf16
  return name === 'f16' ? Math.f16round : Math.fround
}

const PLAIN: ReadonlyMap<string, (values: Float32Array) => Uint8Array> = new Map([
  ['f32', (values: Float32Array) => new Uint8Array(Float32Array.from(values).buffer)],
  ['f16', (values: Float32Array) => new Uint8Array(new Float16Array(values).buffer)],
  ['bf16', (values: Float32Array) => new Uint8Array(Uint16Array.from(values, bf16Bits).buffer)],
])

/** True for types that are written value by value. */
export function isPlain(type: string): boolean {
  return PLAIN.has(type.toLowerCase())
}

/** True for types that {@link storeAs} writes. */
export function isStorable(type: string): boolean {
  return isPlain(type) || isRequantisable(type)
}

/** The bytes of whole rows in a type, little-endian. @throws Fault `unknown-type`, `partial-block` */
export function storeAs(type: string, values: Float32Array, options: QuantiserOptions = {}): Uint8Array {
  const plain = PLAIN.get(type.toLowerCase())
  if (plain !== undefined) return plain(values)
  if (!isRequantisable(type)) throw new Fault('unknown-type', `nothing here stores values as ${type}`)
  return quantiseRows(type, values, options)
}
