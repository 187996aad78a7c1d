/**
 * The polar factor: of all matrices with orthonormal columns (or rows) the nearest to a given one.
 *
 * Newton-Schulz iteration needs nothing but products. Some steps of a polynomial that lifts small singular values fast
 * come first, then the cubic that brings all of them to 1.
 *
 * Guarantee: same input, same bits. Directions in which the input is weaker than about 1e-5 of its norm may not reach
 * length 1; `defect` says how far from orthonormal the result is.
 * Source: A. Björck, C. Bowie, SIAM J. Numer. Anal. 8 (1971); the quintic: K. Jordan, Muon (2024).
 */
import { multiply } from '../../simd/index.ts'
import type { Matrix } from './frame.ts'

/** A polar factor. */
export interface Polar extends Matrix {
  /** Root mean square of the elements of R·Rᵀ − I (or RᵀR − I), of the smaller side. */
  readonly defect: number
}

const QUINTIC_STEPS = 6
const QUINTIC = [3.4445, -4.775, 2.0315] as const
/** Cubic steps: few where each costs minutes. */
const CUBIC_STEPS = { narrow: 40, wide: 10, narrowUpTo: 1024 } as const
/** At this defect the iteration ends. */
const ORTHONORMAL = 1e-6

/** The Gram matrix of the smaller side. */
function gram(x: Matrix): Float32Array {
  const [outer, inner] = x.rows <= x.columns ? [x.rows, x.columns] : [x.columns, x.rows]
  const shape = { rows: outer, inner, columns: outer }
  return x.rows <= x.columns
    ? multiply(x.values, x.values, { ...shape, transposeB: true })
    : multiply(x.values, x.values, { ...shape, transposeA: true })
}

function apply(x: Matrix, polynomial: Float32Array): Matrix {
  const { rows, columns, values } = x
  return {
    rows,
    columns,
    values:
      rows <= columns
        ? multiply(polynomial, values, { rows, inner: rows, columns })
        : multiply(values, polynomial, { rows, inner: columns, columns }),
  }
}

/** c0·I + c1·G (+ c2·G²). */
function polynomialOf(g: Float32Array, side: number, coefficients: readonly [number, number, number]): Float32Array {
  const [c0, c1, c2] = coefficients
  const square = c2 === 0 ? null : multiply(g, g, { rows: side, inner: side, columns: side })
  const out = g.map((value, i) => c1 * value + c2 * (square?.[i] ?? 0))
  for (let i = 0; i < side; i++) out[i * side + i] = (out[i * side + i] ?? 0) + c0
  return out
}

function defectOf(g: Float32Array, side: number): number {
  let sum = 0
  for (let i = 0; i < side; i++) for (let j = 0; j < side; j++) sum += ((g[i * side + j] ?? 0) - (i === j ? 1 : 0)) ** 2
  return Math.sqrt(sum) / Math.max(1, side)
}

/** How far a matrix is from orthonormal rows or columns, whichever are fewer: see {@link Polar}. */
export function measureDefect(matrix: Matrix): number {
  return defectOf(gram(matrix), Math.min(matrix.rows, matrix.columns))
}

/** The largest singular value, from below within a per cent or so (power iteration on the Gram matrix). */
function spectralNorm(g: Float32Array, side: number): number {
  let vector = new Float32Array(side).map((_, i) => 1 + (i % 7) / 7)
  let size = 0
  for (let step = 0; step < 30; step++) {
    const next = multiply(g, vector, { rows: side, inner: side, columns: 1 })
    const length = Math.sqrt(next.reduce((sum, value) => sum + value * value, 0))
    if (!(length > 0) || !Number.isFinite(length)) return 0
    size = length
    vector = next.map((value) => value / length)
  }
  return Math.sqrt(size)
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length))
}

/** The polar factor of a matrix of any shape; null when it is zero or holds what is no number. */
export function polarFactor(matrix: Matrix): Polar | null {
  const size = rootMeanSquare(matrix.values)
  if (!(size > 0) || !Number.isFinite(size)) return null
  const side = Math.min(matrix.rows, matrix.columns)
  let x: Matrix = { ...matrix, values: matrix.values.map((value) => value / size) }
  const norm = spectralNorm(gram(x), side)
  if (!(norm > 0)) return null
  x = { ...x, values: x.values.map((value) => value / (1.05 * norm)) }
  for (let step = 0; step < QUINTIC_STEPS; step++) x = apply(x, polynomialOf(gram(x), side, QUINTIC))
  const most = side <= CUBIC_STEPS.narrowUpTo ? CUBIC_STEPS.narrow : CUBIC_STEPS.wide
  let g = gram(x)
  for (let step = 0; step < most && defectOf(g, side) > ORTHONORMAL; step++) {
    x = apply(x, polynomialOf(g, side, [1.5, -0.5, 0]))
    g = gram(x)
  }
  return { ...x, defect: defectOf(g, side) }
}
