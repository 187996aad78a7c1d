/**
 * One set of weights for the whole model: linear merges, soups, task arithmetic.
 *
 * Of all subsets of candidates the smallest is taken that leaves no more than rounding, hardly more than the best, and
 * much less than any parent alone.
 * Weights that sum to one come first; weights that do not (a merge that was not normalised) second.
 */
import { fitAffine, fitFree, subsetsOf, type Fit, type Moments } from './fit.ts'
import { isAtRounding, isMuchBetter } from './rounding-level.ts'

/** A fit over all streams; `members` are numbers of candidates. */
export interface LinearRecipe {
  readonly members: readonly number[]
  readonly fit: Fit
  /** False when the weights do not sum to one. */
  readonly affine: boolean
}

/** A subset may leave this many times what the best leaves. */
const NEAR_BEST = 1.2
/** Below this a weight is no contribution. */
const LEAST_WEIGHT = 0.005

type Fitter = (moments: Moments, parents: readonly number[]) => Fit | null

function isEarned({ weights, errors }: Fit): boolean {
  return weights.every((weight, i) => Math.abs(weight) >= Math.max(LEAST_WEIGHT, 4 * (errors[i] ?? 0)))
}

/** The smallest subset of vectors 1 … that explains the suspect down to rounding; null when none does. */
export function smallestExplaining(moments: Moments, fitter: Fitter): Fit | null {
  const all = Array.from({ length: moments.size - 1 }, (_, i) => i + 1)
  const fits = subsetsOf(all).flatMap((subset) => fitter(moments, subset) ?? [])
  const alone = all.flatMap((parent) => fitAffine(moments, [parent])?.ratio ?? [])
  const single = Math.min(...alone)
  const best = fits.reduce((least, { ratio }) => Math.min(least, ratio), Infinity)
  const good = fits.filter((fit) => fit.ratio <= NEAR_BEST * best && isAtRounding(fit, moments.elements))
  const size = good.find(isEarned)?.parents.length ?? 0
  return good
    .filter((fit) => fit.parents.length === size && isEarned(fit) && isMuchBetter(fit.ratio, single))
    .reduce<Fit | null>((least, fit) => (least === null || fit.ratio < least.ratio ? fit : least), null)
}

/** @param members candidates in the order of the vectors of `moments` */
export function findLinear(moments: Moments, members: readonly number[]): LinearRecipe | null {
  for (const [fitter, affine] of [
    [fitAffine, true],
    [fitFree, false],
  ] as const) {
    const fit = smallestExplaining(moments, fitter)
    if (fit !== null) return { members: fit.parents.map((parent) => members[parent - 1] ?? 0), fit, affine }
  }
  return null
}
