/**
 * Tails of the binomial and the hypergeometric distribution as log10, far below what a double can hold.
 *
 * Guarantee: the sum of all terms, in the order of the counts; its relative error is below 1e-9.
 */
import { logChoose } from '../../base/index.ts'

/** log10 of a sum, given the natural logarithms of its terms; -Infinity for none. */
function log10OfSum(logs: readonly number[]): number {
  const largest = logs.reduce((most, log) => Math.max(most, log), -Infinity)
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

/** Disjoint pairs among balls of two kinds. */
export interface PairedBalls {
  readonly balls: number
  readonly marked: number
  readonly pairs: number
}

/**
 * log10 P(X ≥ k) for the number X of pairs of which exactly one ball is marked, when the marks are given to any balls
 * alike. With x such pairs and a pairs of two marked balls there are pairs!/(x! a! (pairs−x−a)!) · 2^x ways among the
 * pairs, and C(balls−2·pairs, marked−x−2a) among the rest.
 *
 * @example
 * log10MixedPairsTail({ balls: 4, marked: 2, pairs: 2 }, 0) // 0
 */
export function log10MixedPairsTail({ balls, marked, pairs }: PairedBalls, k: number): number {
  if (k <= 0) return 0
  const all = logChoose(balls, marked)
  const logs: number[] = []
  for (let mixed = k; mixed <= pairs; mixed++)
    for (let both = 0; both <= pairs - mixed; both++) {
      const among = logChoose(pairs, mixed) + logChoose(pairs - mixed, both) + mixed * Math.LN2
      logs.push(among + logChoose(balls - 2 * pairs, marked - mixed - 2 * both) - all)
    }
  return Math.min(0, log10OfSum(logs))
}
