/**
 * The chi-squared distribution, as far as a goodness-of-fit test needs it.
 *
 * Source: Abramowitz and Stegun 6.5.29 (series) and 6.5.31 (continued fraction) of the incomplete gamma function.
 */
import { logFactorial } from '../../base/index.ts'

/** ln Γ(n/2) for an integer n ≥ 1. */
function logGammaOfHalf(n: number): number {
  if (n % 2 === 0) return logFactorial(n / 2 - 1)
  const k = (n - 1) / 2
  return logFactorial(2 * k) - k * Math.log(4) - logFactorial(k) + 0.5 * Math.log(Math.PI)
}

function lowerSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; n < 2000 && term > sum * 1e-17; n++) {
    term *= x / (a + n)
    sum += term
  }
  return sum
}

function upperFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let f = d
  for (let n = 1; n < 2000; n++) {
    const an = -n * (n - a)
    b += 2
    d = 1 / (an * d + b)
    c = b + an / c
    f *= c * d
    if (Math.abs(c * d - 1) < 1e-15) break
  }
  return f
}

/**
 * P(X ≥ statistic) for X chi-squared with `freedom` degrees of freedom (an integer ≥ 1).
 *
 * @example
 * chiSquaredTail(0, 3) // 1
 */
export function chiSquaredTail(statistic: number, freedom: number): number {
  if (statistic <= 0) return 1
  const a = freedom / 2
  const x = statistic / 2
  const front = Math.exp(a * Math.log(x) - x - logGammaOfHalf(freedom))
  return x < a + 1 ? 1 - front * lowerSeries(a, x) : front * upperFraction(a, x)
}
