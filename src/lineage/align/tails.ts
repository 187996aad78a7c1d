/**
 * Tails of the binomial and the hypergeometric distribution as log10, far below what a double can hold.
 *
 * Guarantee: the sum of all terms, in the order of the counts; its relative error is below 1e-9.
 */
import { logChoose } from '../../base/index.ts'

/** log10 of a sum, given the natural logarithms of its terms; -Infinity for none. */
function log10OfSum(logs: readonly number[]): number {
  const largest = Math.max(...logs)
  if (largest === -Infinity) return -Infinity
  const sum = logs.reduce((total, log) => total + Math.exp(log - largest), 0)
  return (largest + Math.log(sum)) / Math.LN10
}

/**
 * log10 P(X ≥ k) for X ~ Bin(n, p).
 *
 * @param p 0 < p ≤ 1
 * @example
 * log10BinomialTail(10, 0, 0.5) // 0
 */
export function log10BinomialTail(n: number, k: number, p: number): number {
  if (k <= n * p || p >= 1) return 0
  const logs = Array.from(
    { length: n - k + 1 },
    (_, i) => logChoose(n, k + i) + (k + i) * Math.log(p) + (n - k - i) * Math.log1p(-p),
  )
  return Math.min(0, log10OfSum(logs))
}

/** An urn: `drawn` balls without replacement out of `balls`, of which `marked` are marked. */
export interface Urn {
  readonly balls: number
  readonly marked: number
  readonly drawn: number
}

/**
 * log10 P(X ≥ k) for the number X of marked balls that are drawn.
 *
 * @example
 * log10HypergeometricTail({ balls: 4, marked: 2, drawn: 2 }, 0) // 0
 */
export function log10HypergeometricTail({ balls, marked, drawn }: Urn, k: number): number {
  if (k <= Math.max(0, drawn + marked - balls)) return 0
  const most = Math.min(drawn, marked)
  if (k > most) return -Infinity
  const all = logChoose(balls, drawn)
  const logs = Array.from(
    { length: most - k + 1 },
    (_, i) => logChoose(marked, k + i) + logChoose(balls - marked, drawn - k - i) - all,
  )
  return Math.min(0, log10OfSum(logs))
}
