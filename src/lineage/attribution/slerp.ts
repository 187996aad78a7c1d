/**
 * Spherical interpolation: S = sin((1−t)Ω)/sin Ω · A + sin(tΩ)/sin Ω · B, with Ω the angle between A and B.
 *
 * The two weights sum to more than one, by an amount that Ω fixes; so a pair of weights that lies on this curve in
 * every tensor, each with its own Ω, names the recipe, and its place on the curve is t.
 */
import { inner } from './fit.ts'
import { restrict } from './pool.ts'
import type { StreamFit } from './stream-recipe.ts'

/** A tensor's place on its great circle. */
export interface SlerpFit {
  readonly t: number
  readonly error: number
  /** True when the weights lie on the curve. */
  readonly fits: boolean
}

/** Weights may be off the curve by this, or by four standard errors. */
const OFF_CURVE = 0.003

/** @param pair a fit of two members without a constraint */
export function fitSlerp({ stream, members, fit }: StreamFit): SlerpFit {
  const moments = restrict(stream, members, 'distance')
  const ss = inner(moments, 0, 0)
  const product = (i: number, j: number): number =>
    ss + inner(moments, 0, i) + inner(moments, 0, j) + inner(moments, i, j)
  const cosine = Math.min(1, product(1, 2) / Math.sqrt(product(1, 1) * product(2, 2)))
  const [a = 0, b = 0] = fit.weights
  const [errorA = 0, errorB = 0] = fit.errors
  const omega = Math.acos(cosine)
  const sine = Math.sin(omega)
  const isFlat = !(sine > 1e-6)
  const t = isFlat ? b / (a + b) : Math.atan2(b * sine, a + b * cosine) / omega
  const [x, y] = isFlat ? [1 - t, t] : [Math.sin((1 - t) * omega) / sine, Math.sin(t * omega) / sine]
  const fits = Math.abs(a - x) <= Math.max(OFF_CURVE, 4 * errorA) && Math.abs(b - y) <= Math.max(OFF_CURVE, 4 * errorB)
  return { t, error: Math.max(errorA, errorB), fits: fits && t > -0.01 && t < 1.01 }
}
