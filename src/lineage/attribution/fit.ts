/**
 * Weights of candidate parents by least squares.
 *
 * With weights that sum to one, S = Σ aᵢPᵢ + e is a fit of differences: one parent is the reference, a base is just one
 * more parent, and what all have in common cancels. Without that constraint S itself is fitted, which is what a
 * spherical interpolation needs. Never-negative weights are the best of all subsets of parents, which is exact for the
 * few candidates that there are.
 *
 * Standard errors are those of ordinary least squares, σ̂·√diag(G⁻¹); they are right when errors are rounding, and say
 * nothing when a parent is missing.
 */
import { solve } from './solve.ts'

/** Inner products of S and of the differences Pᵢ − S, and what is known of errors; see `gram.ts`. */
export interface Moments {
  readonly elements: number
  readonly gram: Float64Array
  readonly size: number
  readonly noise: Float64Array
}

/** A fit; `parents`, `weights` and `errors` go together. */
export interface Fit {
  /** Numbers of vectors in the moments, from 1. */
  readonly parents: readonly number[]
  readonly weights: readonly number[]
  readonly errors: readonly number[]
  /** Residual mean square. */
  readonly residual: number
  /** Residual mean square over what rounding of suspect and parents explains. */
  readonly ratio: number
}

/** Entry of the Gram matrix. */
export function inner({ gram, size }: Moments, i: number, j: number): number {
  return gram[i * size + j] ?? 0
}

/** Mean square of Pᵢ − Pⱼ; 0 stands for the suspect. */
export function squareDistance(moments: Moments, i: number, j: number): number {
  const at = (k: number, l: number): number => (k === 0 || l === 0 ? 0 : inner(moments, k, l))
  const sum = at(i, i) - 2 * at(i, j) + at(j, j)
  return Math.max(0, sum) / Math.max(1, moments.elements)
}

/** Mean square that rounding leaves: that of the suspect, and of each parent by the square of its weight. */
function expectedNoise({ noise }: Moments, parents: readonly number[], weights: readonly number[]): number {
  return parents.reduce((sum, parent, i) => sum + (weights[i] ?? 0) ** 2 * (noise[parent] ?? 0), noise[0] ?? 0)
}

function finish(
  moments: Moments,
  parents: readonly number[],
  found: { readonly weights: readonly number[]; readonly spreads: readonly number[]; readonly sum: number },
): Fit {
  const { weights, spreads } = found
  const sum = Math.max(0, found.sum)
  const variance = sum / Math.max(1, moments.elements - parents.length)
  const residual = sum / Math.max(1, moments.elements)
  const expected = expectedNoise(moments, parents, weights)
  const ratio = expected > 0 ? residual / expected : residual > 0 ? Infinity : 0
  const errors = spreads.map((spread) => Math.sqrt(variance * Math.max(0, spread)))
  return { parents, weights, errors, residual, ratio }
}

/** Sum of squares of S − ΣaP = (1 − Σa)·S − Σa(P − S), without cancellation. */
function residualSum(moments: Moments, parents: readonly number[], weights: readonly number[]): number {
  const rest = 1 - weights.reduce((sum, weight) => sum + weight, 0)
  let sum = rest * rest * inner(moments, 0, 0)
  for (const [i, p] of parents.entries()) {
    const a = weights[i] ?? 0
    sum -= 2 * rest * a * inner(moments, 0, p)
    for (const [j, q] of parents.entries()) sum += a * (weights[j] ?? 0) * inner(moments, p, q)
  }
  return sum
}

/** Fits weights that sum to one; null when the parents' differences are collinear. */
export function fitAffine(moments: Moments, parents: readonly number[]): Fit | null {
  const [reference = 0, ...others] = parents
  const rr = inner(moments, reference, reference)
  const matrix = others.map((p) =>
    others.map((q) => inner(moments, p, q) - inner(moments, p, reference) - inner(moments, q, reference) + rr),
  )
  const right = others.map((p) => rr - inner(moments, p, reference))
  const solution = solve(matrix, right)
  if (solution === null) return null
  const { x, inverse } = solution
  const weights = [1 - x.reduce((sum, each) => sum + each, 0), ...x]
  const spreads = [inverse.flat().reduce((sum, each) => sum + each, 0), ...inverse.map((row, i) => row[i] ?? 0)]
  return finish(moments, parents, { weights, spreads, sum: residualSum(moments, parents, weights) })
}

/** Fits weights without a constraint; null when the parents are collinear. */
export function fitFree(moments: Moments, parents: readonly number[]): Fit | null {
  const ss = inner(moments, 0, 0)
  const matrix = parents.map((p) =>
    parents.map((q) => ss + inner(moments, 0, p) + inner(moments, 0, q) + inner(moments, p, q)),
  )
  const right = parents.map((p) => ss + inner(moments, 0, p))
  const solution = solve(matrix, right)
  if (solution === null) return null
  const spreads = solution.inverse.map((row, i) => row[i] ?? 0)
  return finish(moments, parents, {
    weights: solution.x,
    spreads,
    sum: residualSum(moments, parents, solution.x),
  })
}

/** All non-empty subsets, smaller ones first, each ascending. */
export function subsetsOf(members: readonly number[]): number[][] {
  const all = Array.from({ length: 2 ** members.length - 1 }, (_, code) =>
    members.filter((__, i) => (((code + 1) >> i) & 1) === 1),
  )
  return all.toSorted((a, b) => a.length - b.length)
}

/** Best fit with weights from 0 to 1 that sum to one (NNLS on the simplex). */
export function fitConvex(moments: Moments, members: readonly number[]): Fit | null {
  return subsetsOf(members).reduce<Fit | null>((best, subset) => {
    const fit = fitAffine(moments, subset)
    if (fit === null || fit.weights.some((weight) => weight < 0)) return best
    return best === null || fit.residual < best.residual ? fit : best
  }, null)
}
