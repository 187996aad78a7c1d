/**
 * When is a residual nothing but rounding, and when are two candidates the same but for rounding?
 */
import { squareDistance, type Fit, type Moments } from './fit.ts'

/** One rounding of suspect and parents gives a ratio near 1; arithmetic in bf16, with a rounding each step, up to 4. */
const AT_ROUNDING = 4
/** Candidates whose difference is no larger than this many times their rounding are one. */
const TWIN = 1.5
/** Differences below about one step are mostly lost in rounding, and what is left is biased. */
const FAINT = 12

/** True when a fit leaves what rounding leaves; few elements may leave a little more. */
export function isAtRounding({ ratio }: Fit, elements: number): boolean {
  return ratio <= AT_ROUNDING + 5 * Math.sqrt(2 / Math.max(1, elements))
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
