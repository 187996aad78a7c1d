/**
 * The fixed-point test: do two layers number their hidden units alike?
 *
 * Nothing in training cares in which order the hidden units of a layer stand, so two models that began apart number
 * theirs independently. If unit i of one layer finds its nearest neighbour at the same number i of the other far more
 * often than the one time that chance gives, the numbering was inherited: one model descends from the other, or both
 * from a third.
 *
 * Guarantee: `log10Tail` bounds the exact tail probability for every sample size, every width and any way of finding
 * neighbours that does not look at the numbers; nothing is assumed about the data that either model was trained on.
 * Assumed: the order of the units of at least one of the two is exchangeable, which independent initialisation and an
 * optimiser blind to unit order give (`docs/method.md`, section 2).
 *
 * Source: k-th binomial moment of the number of fixed points of a random map (`docs/method.md`, section 2.2).
 */
import { Fault, logChoose, logFactorial } from '../../base/index.ts'

/** What one comparison of two layers found. Plain data; see `verdict.ts` for what it comes to mean. */
export interface FixedPoints {
  /** Units that were looked up, 1 ≤ sampled ≤ width. */
  readonly sampled: number
  /** Units among which neighbours were sought, at least 64. */
  readonly width: number
  /** Sampled units whose nearest neighbour carries their own number. */
  readonly fixed: number
  /** Upper bound of log10 P(F ≥ fixed) when the numberings are independent; 0 when `fixed` is 0. */
  readonly log10p: number
}

/** Below this width a layer says too little, and chance agreement of structured units too much. */
export const MIN_WIDTH = 64

/** The sentence that goes with every bound of this test. */
export const C1_ASSUMPTION =
  'the order of the hidden units of at least one of the two models is exchangeable: initialised independently, trained by a method blind to unit order'

/**
 * Counts the fixed points of a nearest-neighbour map and bounds their probability.
 *
 * @param units numbers that were looked up, distinct, each in [0, width)
 * @param nearest for each entry of `units`, the number of its nearest unit in the other layer
 * @throws Fault `layer-too-narrow` below 64 units; `length-mismatch` when the two lists differ in length
 */
export function fixedPoints(units: ArrayLike<number>, nearest: ArrayLike<number>, width: number): FixedPoints {
  if (width < MIN_WIDTH) throw new Fault('layer-too-narrow', `${width} units; at least ${MIN_WIDTH} are needed`)
  if (units.length !== nearest.length)
    throw new Fault('length-mismatch', `${units.length} units, ${nearest.length} neighbours`)
  let fixed = 0
  for (let i = 0; i < units.length; i++) if (units[i] === nearest[i]) fixed += 1
  return { sampled: units.length, width, fixed, log10p: log10Tail(units.length, width, fixed) }
}

/**
 * Bounds log10 P(F ≥ k) by the expected number of k-subsets that are all fixed: C(m,k)·(h−k)!/h!.
 *
 * @param m units looked up
 * @param h units among which neighbours were sought, h ≥ m
 * @param k fixed points, 0 ≤ k ≤ m
 * @example
 * log10Tail(160, 160, 0) // 0
 */
export function log10Tail(m: number, h: number, k: number): number {
  if (k === 0) return 0
  const logExpected = logChoose(m, k) + logFactorial(h - k) - logFactorial(h)
  return Math.min(0, logExpected / Math.LN10)
}
