/**
 * The share of a model that agrees, with its exact interval.
 *
 * Significance is not descent: with thousands of units a dozen that were copied are already significant beyond doubt.
 * So each verdict also weighs how much agrees, as a binomial share with the interval of Clopper and Pearson.
 *
 * Guarantee: the interval covers the true share with at least the stated confidence, for every share and every count.
 * Source: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934); continued fraction of the incomplete beta function:
 * Abramowitz and Stegun 26.5.8.
 */
import { Fault, logFactorial } from '../../base/index.ts'
import type { Effect } from './comparison.ts'

const TINY = 1e-300

/** One step of Lentz's method: folds the coefficient `a` into the running fraction. */
function lentzStep(state: { c: number; d: number; f: number }, a: number): number {
  state.d = 1 / (Math.abs(1 + a * state.d) < TINY ? TINY : 1 + a * state.d)
  state.c = Math.abs(1 + a / state.c) < TINY ? TINY : 1 + a / state.c
  const delta = state.c * state.d
  state.f *= delta
  return delta
}

function betaFraction(a: number, b: number, x: number): number {
  const state = { c: 1, d: 1 / (1 - ((a + b) * x) / (a + 1)), f: 0 }
  state.f = state.d
  for (let m = 1; m <= 1000; m++) {
    lentzStep(state, (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)))
    const delta = lentzStep(state, (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)))
    if (Math.abs(delta - 1) < 1e-15) break
  }
  return state.f
}

/** The regularised incomplete beta function I_x(a, b) for integers a, b ≥ 1: P(X ≥ a) for X ~ Bin(a+b−1, x). */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const logBeta = logFactorial(a - 1) + logFactorial(b - 1) - logFactorial(a + b - 1)
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta)
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(a, b, x)) / a
  return 1 - (front * betaFraction(b, a, 1 - x)) / b
}

function betaQuantile(a: number, b: number, p: number): number {
  let low = 0
  let high = 1
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (incompleteBeta(a, b, middle) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/**
 * The 95 % interval of a binomial share.
 *
 * @param agreeing successes, 0 ≤ agreeing ≤ compared
 * @throws Fault `bad-share` outside that
 * @example
 * clopperPearson(0, 10).low // 0
 */
export function clopperPearson(agreeing: number, compared: number): Effect {
  if (!Number.isSafeInteger(agreeing) || !Number.isSafeInteger(compared) || agreeing < 0 || agreeing > compared)
    throw new Fault('bad-share', `${agreeing} of ${compared}`)
  if (compared === 0) return { share: 0, low: 0, high: 1 }
  const low = agreeing === 0 ? 0 : betaQuantile(agreeing, compared - agreeing + 1, 0.025)
  const high = agreeing === compared ? 1 : betaQuantile(agreeing + 1, compared - agreeing, 0.975)
  return { share: agreeing / compared, low, high }
}

/**
 * The upper limit of a binomial share at a confidence, one-sided.
 *
 * @param confidence 0 < confidence < 1
 */
export function upperLimit(agreeing: number, compared: number, confidence: number): number {
  return agreeing >= compared ? 1 : betaQuantile(agreeing + 1, compared - agreeing, confidence)
}
