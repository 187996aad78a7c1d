/**
 * From a cosine to the dot product of two sketches that stands for it.
 */
import { Fault } from '../../../base/index.ts'
import { MODEL_BUCKETS } from '../keyed-sketch.ts'

/** Mean square of the numbers of a sketch. */
const MEAN_SQUARE = 32 * 32
/** Six standard deviations of the sketches of unrelated weights. */
const LEAST_COSINE = 0.1

/**
 * The threshold for a cosine from 0.1 to 1.
 *
 * @throws Fault `bad-terms` outside that
 * @example
 * thresholdOf(0.5) // 2097152
 */
export function thresholdOf(cosine: number): number {
  if (!(cosine >= LEAST_COSINE && cosine <= 1))
    throw new Fault('bad-terms', `the cosine ${cosine} is not between ${LEAST_COSINE} and 1`)
  return Math.round(cosine * MODEL_BUCKETS * MEAN_SQUARE)
}
