/**
 * Sums of products over f32 vectors, with a fixed order of summation.
 *
 * `dot`, `sumOfSquares` and `rowNorms` multiply and add in f64, where the product of two f32 is exact; subnormal
 * elements count as zero, so that no crafted tensor can make them slow. `dotF32` is faster and coarser.
 */
import { Fault } from '../base/index.ts'
import { bytesAt, copyTo, doublesAt, placeAt, scratchAt, SCRATCH_BYTES } from './kernel-memory.ts'
import { loadKernels } from './kernels.ts'

/** Elements that a half of the scratch space holds, zeroes at the end included. */
const MOST_ELEMENTS = SCRATCH_BYTES / 8 - 16
const SECOND_AT = SCRATCH_BYTES / 2

function ensureEqualLengths(a: Float32Array, b: Float32Array): void {
  if (a.length !== b.length) throw new Fault('length-mismatch', `${a.length} elements against ${b.length}`)
  if (a.length > MOST_ELEMENTS) throw new Fault('vector-too-long', `${a.length} elements; at most ${MOST_ELEMENTS}`)
}

/**
 * The inner product in f64.
 *
 * @throws Fault `length-mismatch`; `vector-too-long` beyond six million elements
 * @example dot(Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6)) // 32
 */
export function dot(a: Float32Array, b: Float32Array): number {
  ensureEqualLengths(a, b)
  return loadKernels().dotF64(placeAt(a, 0), placeAt(b, SECOND_AT), a.length)
}

/** The inner product in f32; magnitudes below 2^-50 count as zero. @throws Fault as {@link dot} */
export function dotF32(a: Float32Array, b: Float32Array): number {
  ensureEqualLengths(a, b)
  return loadKernels().dotF32(placePadded(a, 0), placePadded(b, SECOND_AT), a.length)
}

/** Where a vector is with zeroes after it up to a multiple of 16. */
function placePadded(vector: Float32Array, offset: number): number {
  if (vector.length % 16 === 0) return placeAt(vector, offset)
  const address = scratchAt(offset)
  copyTo(address, vector)
  bytesAt(address + 4 * vector.length, 64).fill(0)
  return address
}

/** The sum of the squares, in f64. @throws Fault `vector-too-long` @example sumOfSquares(Float32Array.of(3, 4)) // 25 */
export function sumOfSquares(values: Float32Array): number {
  ensureEqualLengths(values, values)
  const address = placeAt(values, 0)
  return loadKernels().dotF64(address, address, values.length)
}

/**
 * Euclidean norms of the rows of a row-major matrix.
 *
 * @param dimension length of a row, which divides the length of the matrix
 * @throws Fault `partial-row`; `vector-too-long`
 */
export function rowNorms(matrix: Float32Array, dimension: number): Float64Array {
  ensureWholeRows(matrix.length, dimension)
  if (dimension > MOST_ELEMENTS) throw new Fault('vector-too-long', `${dimension} elements; at most ${MOST_ELEMENTS}`)
  const norms = new Float64Array(matrix.length / dimension)
  const rows = Math.max(1, Math.min(2048, Math.floor(65_536 / dimension)))
  const target = scratchAt(SECOND_AT)
  for (let row = 0; row < norms.length; row += rows) {
    const part = matrix.subarray(row * dimension, (row + rows) * dimension)
    const count = part.length / dimension
    loadKernels().squaredNorms(placeAt(part, 0), count, dimension, target)
    norms.set(doublesAt(target, count).map(Math.sqrt), row)
  }
  return norms
}

/** @throws Fault `partial-row` when the elements are no whole number of rows */
export function ensureWholeRows(length: number, dimension: number): void {
  if (!(dimension >= 1) || length % dimension !== 0)
    throw new Fault('partial-row', `${length} elements are no whole number of rows of ${dimension}`)
}
