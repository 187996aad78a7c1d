/**
 * Small systems of normal equations.
 *
 * Guarantee: Cholesky in f64 with a fixed order of operations; a matrix that is singular to about ten digits has no
 * solution instead of a wild one.
 */

/** A solution with the inverse of its matrix, row-major. */
export interface Solution {
  readonly x: readonly number[]
  readonly inverse: readonly (readonly number[])[]
}

const LEAST_PIVOT = 1e-10

type Matrix = readonly (readonly number[])[]

/** Σ xₖyₖ over k below `to`. */
function dot(x: readonly number[], y: readonly number[], to: number): number {
  let sum = 0
  for (let k = 0; k < to; k++) sum += (x[k] ?? 0) * (y[k] ?? 0)
  return sum
}

function factorRow(lower: Matrix, row: readonly number[]): number[] | null {
  const out: number[] = []
  for (const [j, other] of lower.entries()) out.push(((row[j] ?? 0) - dot(out, other, j)) / (other[j] ?? 1))
  const diagonal = row[lower.length] ?? 0
  const pivot = diagonal - dot(out, out, out.length)
  return pivot > LEAST_PIVOT * diagonal ? [...out, Math.sqrt(pivot)] : null
}

function factor(matrix: Matrix): number[][] | null {
  const lower: number[][] = []
  for (const row of matrix) {
    const next = factorRow(lower, row)
    if (next === null) return null
    lower.push(next)
  }
  return lower
}

function substitute(lower: Matrix, right: readonly number[]): number[] {
  const y: number[] = []
  for (const [i, row] of lower.entries()) y.push(((right[i] ?? 0) - dot(row, y, i)) / (row[i] ?? 1))
  const x = lower.map(() => 0)
  for (const [i, row] of [...lower.entries()].toReversed()) {
    const known = lower.reduce((sum, each, k) => (k > i ? sum + (each[i] ?? 0) * (x[k] ?? 0) : sum), 0)
    x[i] = ((y[i] ?? 0) - known) / (row[i] ?? 1)
  }
  return x
}

/** Solves a symmetric positive definite system; null when it is singular. */
export function solve(matrix: Matrix, right: readonly number[]): Solution | null {
  const lower = factor(matrix)
  if (lower === null) return null
  const inverse = matrix.map((_, i) =>
    substitute(
      lower,
      matrix.map((__, j) => Number(i === j)),
    ),
  )
  return { x: substitute(lower, right), inverse }
}
