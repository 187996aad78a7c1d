/** Statistics of error rates: areas, bounds, and a bootstrap that knows that pairs share models. */
import { logPoisson } from '../../../base/index.ts'
import { chiSquaredTail } from '../../weights/chi-squared.ts'
import { clopperPearson } from '../../weights/effect.ts'
import { randomStream, wholeNumber } from '../random.ts'

/**
 * Area under the ROC curve: the chance that a positive scores above a negative, ties counting half.
 *
 * @param positives scores of pairs of kin, higher is more kin; none gives NaN
 * @example areaUnderCurve([3, 2], [1, 0]) // 1
 */
export function areaUnderCurve(positives: readonly number[], negatives: readonly number[]): number {
  const sorted = Float64Array.from(negatives).sort()
  const rank = (score: number, ties: boolean): number => {
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const value = sorted[middle] ?? 0
      if (value < score || (ties && value === score)) low = middle + 1
      else high = middle
    }
    return low
  }
  const wins = positives.reduce((sum, score) => sum + (rank(score, false) + rank(score, true)) / 2, 0)
  return wins / (positives.length * negatives.length)
}

/** A share with its exact 95 % interval. */
export interface Share {
  readonly count: number
  readonly of: number
  readonly low: number
  readonly high: number
}

/** A share; see {@link Share}. */
export function shareOf(count: number, of: number): Share {
  if (of === 0) return { count, of, low: 0, high: 1 }
  const { low, high } = clopperPearson(count, of)
  return { count, of, low: round(low, 6), high: round(high, 6) }
}

/** Rounded to so many digits after the point; the same on every machine. */
export function round(value: number, digits = 4): number {
  return Number.isFinite(value) ? Math.round(value * 10 ** digits) / 10 ** digits + 0 : value
}

/** A pair of which something was counted. */
export interface CountedPair {
  /** The two models that pairs have in common. */
  readonly a: string
  readonly b: string
  readonly count: number
  readonly of: number
}

const ROUNDS = 400

/**
 * The 95 % interval of a rate when pairs share models: models are drawn with replacement, and a pair counts as often as
 * the product of how often its two models were drawn.
 *
 * Source: B. Efron, R. Tibshirani (1993), the bootstrap; T. Snijders, S. Borgatti (1999), its use for pairs.
 */
export function clusterInterval(
  pairs: readonly CountedPair[],
  seed: string,
): { readonly low: number; readonly high: number } {
  const names = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))].toSorted()
  const places = new Map(names.map((name, i) => [name, i]))
  const indexed = pairs.map(({ a, b, count, of }) => ({ a: places.get(a) ?? 0, b: places.get(b) ?? 0, count, of }))
  const random = randomStream(`bootstrap ${seed}`)
  const rates = Array.from({ length: ROUNDS }, () => {
    const drawn = new Uint32Array(names.length)
    for (let i = 0; i < names.length; i++) {
      const place = wholeNumber(random, names.length)
      drawn[place] = (drawn[place] ?? 0) + 1
    }
    let [count, of] = [0, 0]
    for (const pair of indexed) {
      const weight = (drawn[pair.a] ?? 0) * (drawn[pair.b] ?? 0)
      count += weight * pair.count
      of += weight * pair.of
    }
    return of === 0 ? 0 : count / of
  }).toSorted((x, y) => x - y)
  return {
    low: round(rates[Math.floor(0.025 * ROUNDS)] ?? 0, 6),
    high: round(rates[Math.ceil(0.975 * ROUNDS) - 1] ?? 0, 6),
  }
}

/** Counts against Poisson(1). */
export interface NullHistogram {
  readonly cells: number
  readonly observed: readonly number[]
  readonly expected: readonly number[]
  readonly mean: number
  readonly variance: number
  /** p of the chi-squared test, classes of fewer than 5 expected pooled into the one before. */
  readonly p: number
}

/**
 * Holds a histogram of fixed points against Poisson(1).
 *
 * @param observed numbers of cells with 0, 1, … fixed points, the last holding the rest
 */
export function againstPoisson(observed: readonly number[]): NullHistogram {
  const cells = observed.reduce((sum, count) => sum + count, 0)
  const chances = observed.map((_, k) => Math.exp(logPoisson(k, 1)))
  const rest = 1 - chances.slice(0, -1).reduce((sum, chance) => sum + chance, 0)
  const expected = chances.map((chance, k) => cells * (k === chances.length - 1 ? rest : chance))
  const mean = observed.reduce((sum, count, k) => sum + k * count, 0) / cells
  const square = observed.reduce((sum, count, k) => sum + count * (k - mean) ** 2, 0) / Math.max(1, cells - 1)
  return {
    cells,
    observed,
    expected: expected.map((value) => round(value, 1)),
    mean: round(mean),
    variance: round(square),
    p: round(chiSquaredP(observed, expected)),
  }
}

const LEAST_EXPECTED = 5

/** p of the chi-squared test; classes with few expected are pooled at the end. */
export function chiSquaredP(observed: readonly number[], expected: readonly number[]): number {
  const pooled: { seen: number; due: number }[] = []
  let [seen, due] = [0, 0]
  for (let k = observed.length - 1; k >= 0; k--) {
    seen += observed[k] ?? 0
    due += expected[k] ?? 0
    if (due < LEAST_EXPECTED && k > 0) continue
    pooled.push({ seen, due })
    ;[seen, due] = [0, 0]
  }
  const statistic = pooled.reduce((sum, each) => sum + (each.seen - each.due) ** 2 / each.due, 0)
  return pooled.length < 2 ? 1 : chiSquaredTail(statistic, pooled.length - 1)
}

/** Bins of the p-values. */
const BINS = 20

/** p-values of the fixed-point count, spread out where it is discrete, in twenty bins. */
export interface Uniformity {
  readonly bins: readonly number[]
  readonly p: number
}

/**
 * Are the p-values of fixed-point counts evenly spread? Each count k is given a p drawn evenly from
 * (P(F > k), P(F ≥ k)] under Poisson(1).
 *
 * Source: the randomised probability integral transform (e.g. P. Dunn, G. Smyth, 1996).
 */
export function uniformity(observed: readonly number[], seed: string): Uniformity {
  const random = randomStream(`uniformity ${seed}`)
  const bins = Array.from({ length: BINS }, () => 0)
  let above = 1
  for (const [k, count] of observed.entries()) {
    const chance = k === observed.length - 1 ? above : Math.exp(logPoisson(k, 1))
    above -= chance
    for (let i = 0; i < count; i++) {
      const bin = Math.min(BINS - 1, Math.max(0, Math.floor(BINS * (above + chance * random()))))
      bins[bin] = (bins[bin] ?? 0) + 1
    }
  }
  const cells = observed.reduce((sum, count) => sum + count, 0)
  return {
    bins,
    p: round(
      chiSquaredP(
        bins,
        bins.map(() => cells / BINS),
      ),
    ),
  }
}
