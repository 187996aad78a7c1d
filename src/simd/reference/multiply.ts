/**
 * Reference of `multiply`: it fixes the order of every sum, that of the inner index, each step rounded to f32.
 */
import type { ProductShape } from '../multiply.ts'

/** What is smaller counts as zero: products and sums of the rest are zero or normal. */
const SMALLEST = 2 ** -50
const flush = (value: number): number => (Math.abs(value) < SMALLEST ? 0 : value)

/** Reference of `multiply`. */
export function multiplyReference(a: Float32Array, b: Float32Array, shape: ProductShape): Float32Array {
  const { rows, inner, columns, transposeA = false, transposeB = false } = shape
  const first = (i: number, k: number): number => a[transposeA ? k * rows + i : i * inner + k] as number
  const second = (k: number, j: number): number => b[transposeB ? j * inner + k : k * columns + j] as number
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns]
    let sum = 0
    for (let k = 0; k < inner; k++) sum = Math.fround(sum + Math.fround(flush(first(i, k)) * flush(second(k, j))))
    return sum
  })
}
