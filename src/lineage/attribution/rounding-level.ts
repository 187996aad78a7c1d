/**
 * When is a residual nothing but rounding, and when are two candidates the same but for rounding?
 */
import { squareDistance, type Fit, type Moments } from './fit.ts'

/**
 * A merge that was computed exactly and rounded once has a ratio below 1, one whose products were rounded, too, a ratio
 * of 1: that rounding is counted with the parents.
 */
const AT_ROUNDING = 1.5
/** Several parents must leave this many times less than the best alone. */
const BETTER = 3
/** Candidates whose difference is no larger than this many times their rounding are one. */
const TWIN = 1.5
/** Differences below about one step are mostly lost in rounding, and what is left is biased. */
const FAINT = 12

/** True when a fit leaves what rounding leaves; few elements may leave a little more. */
export function isAtRounding({ ratio }: Fit, elements: number): boolean {
  return ratio <= AT_ROUNDING + 5 * Math.sqrt(2 / Math.max(1, elements))
}

/** True when several parents explain so much more than the best alone that what they explain is no shared training. */
export function isMuchBetter(several: number, alone: number): boolean {
  return alone >= BETTER * several
}

function roundingOf({ noise }: Moments, i: number, j: number): number {
  return (noise[i] ?? 0) + (noise[j] ?? 0)
}

/** True when two vectors differ by rounding alone. */
export function isTwin(moments: Moments, i: number, j: number): boolean {
  return squareDistance(moments, i, j) <= TWIN * roundingOf(moments, i, j)
}

/** True when two parents differ by so little that weights cannot be told. */
export function isFaint(moments: Moments, i: number, j: number): boolean {
  return squareDistance(moments, i, j) <= FAINT * roundingOf(moments, i, j)
}
