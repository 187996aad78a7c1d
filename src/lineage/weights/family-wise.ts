/**
 * Family-wise control in log space: one bound for everything that was looked at.
 *
 * A comparison looks at many cells (every layer against every layer, several views, the residual dimensions) and
 * picks the best. Every cell that is counted therefore pays for the choice: its bound is multiplied by N, the number of
 * all cells and views, and by the number of its possible counts. Let X be the sum over the counted cells of
 * −log10(bound · N · counts); then P(X ≥ x) ≤ e · 10^−x, for any number of counted cells, since the union over sets of
 * K cells and over their counts weighs at most 1/K!. No cell is counted that this makes worse.
 *
 * Assumed: counted cells are independent under the null, which is why the caller hands over cells of distinct layers of
 * A and of B, and at most one for the residual dimensions.
 * Source: union bound; worked out in `docs/method.md`, section 2.4.
 */

/** Family-wise bound, as log10, from which two models are kin. */
export const KIN_LOG10 = -6
/** From here to {@link KIN_LOG10} something was seen that does not decide. */
export const OPEN_LOG10 = -3

/** A cell that may be counted. */
export interface Countable {
  /** Bound of its own test. */
  readonly log10p: number
  /** Number of values that its count can take. */
  readonly counts: number
}

/**
 * log10 of the bound for all counted cells together; 0 when none is worth counting.
 *
 * @param cells at most one for each layer of A, each layer of B, and the residual dimensions
 * @param tests number of all cells and views that were looked at, counted or not
 * @example
 * combineLog10([{ log10p: -1, counts: 64 }], 100) // 0
 */
export function combineLog10(cells: readonly Countable[], tests: number): number {
  const evidence = cells.map(({ log10p, counts }) => Math.max(0, -log10p - Math.log10(tests * counts)))
  const sum = evidence.reduce((total, value) => total + value, 0)
  return Math.min(0, Math.LOG10E - sum)
}
