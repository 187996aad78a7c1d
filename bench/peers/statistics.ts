/** What the peers' formulas are made of: cosines, correlations, products. */
import { multiply } from '../../src/simd/index.ts'

/** Cosine of two lists of numbers. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, squareA, squareB] = [0, 0, 0]
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0]
    dot += x * y
    squareA += x * x
    squareB += y * y
  }
  return squareA > 0 && squareB > 0 ? dot / Math.sqrt(squareA * squareB) : 0
}

/** Pearson's correlation. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const centred = (list: ArrayLike<number>): number[] => {
    const numbers = Array.from(list)
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length
    return numbers.map((value) => value - mean)
  }
  return cosine(centred(a), centred(b))
}

/** Standard deviation. */
export function deviation(values: ArrayLike<number>): number {
  const numbers = Array.from(values)
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length
  return Math.sqrt(numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length)
}

/** A · Bᵀ of two matrices of `inner` columns. */
export function products(a: Float32Array, b: Float32Array, inner: number): Float32Array {
  return multiply(a, b, { rows: a.length / inner, inner, columns: b.length / inner, transposeB: true })
}

function withoutDiagonal(gram: Float32Array, n: number): Float64Array {
  return Float64Array.from(gram, (value, i) => (i % (n + 1) === 0 ? 0 : value))
}

/** The unbiased estimator of the Hilbert-Schmidt independence criterion. Source: L. Song et al. (2012). */
function unbiasedHsic(k: Float64Array, l: Float64Array, n: number): number {
  const sums = (m: Float64Array): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => m.subarray(i * n, (i + 1) * n).reduce((sum, value) => sum + value, 0))
  const [rowsK, rowsL] = [sums(k), sums(l)]
  const total = (rows: Float64Array): number => rows.reduce((sum, value) => sum + value, 0)
  const trace = k.reduce((sum, value, i) => sum + value * (l[i] ?? 0), 0)
  const cross = rowsK.reduce((sum, value, i) => sum + value * (rowsL[i] ?? 0), 0)
  return (trace + (total(rowsK) * total(rowsL)) / ((n - 1) * (n - 2)) - (2 * cross) / (n - 2)) / (n * (n - 3))
}

/**
 * Unbiased linear CKA with the `n` columns of each matrix as the samples.
 *
 * Source: S. Kornblith et al. (2019); T. Nguyen et al. (2021) for the unbiased form.
 */
export function unbiasedCka(a: Float32Array, b: Float32Array, n: number): number {
  const gram = (m: Float32Array): Float64Array =>
    withoutDiagonal(multiply(m, m, { rows: n, inner: m.length / n, columns: n, transposeA: true }), n)
  const [k, l] = [gram(a), gram(b)]
  return unbiasedHsic(k, l, n) / Math.sqrt(Math.abs(unbiasedHsic(k, k, n) * unbiasedHsic(l, l, n)))
}

/** Every row divided by its length. */
export function normaliseRows(values: Float32Array, columns: number): Float32Array {
  const out = Float32Array.from(values)
  for (let from = 0; from < out.length; from += columns) {
    const row = out.subarray(from, from + columns)
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
    if (norm > 0) for (let i = 0; i < columns; i++) row[i] = (row[i] ?? 0) / norm
  }
  return out
}

/** The matrix with rows and columns exchanged. */
export function transpose(values: Float32Array, columns: number): Float32Array {
  const rows = values.length / columns
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)] ?? 0)
}
