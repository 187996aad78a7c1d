/**
 * Elementary functions from additions and multiplications alone.
 *
 * `Math.exp`, `Math.sin` and `Math.cos` may differ in the last bit between engines, and a training of hundreds of steps
 * makes a visible difference of that. A zoo has to come out the same everywhere, so its trainer uses these.
 *
 * Guarantee: relative error of `exponential` below 1e-10, absolute error of `sine` and `cosine` below 1e-9 for
 * |x| ≤ 1000; the same bits wherever IEEE 754 doubles are added and multiplied without fusing.
 */

const LOG2_E = 1.4426950408889634
const LN_2 = 0.6931471805599453
/** Beyond ±this no exponential of a training is of use: 0, or held at the limit. */
const LIMIT = 80

const POWERS = powersOfTwo()

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(257).fill(1)
  for (let i = 129; i < 257; i++) powers[i] = (powers[i - 1] ?? 1) * 2
  for (let i = 127; i >= 0; i--) powers[i] = (powers[i + 1] ?? 1) / 2
  return powers
}

/** e to the power of x, held at e^80; 0 below −80. */
export function exponential(x: number): number {
  if (x < -LIMIT) return 0
  const held = x > LIMIT ? LIMIT : x
  const k = Math.floor(held * LOG2_E + 0.5)
  const r = held - k * LN_2
  const high = 1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040 + r * (1 / 40320 + r / 362880))))
  return (1 + r * (1 + r * (0.5 + r * (1 / 6 + r * high)))) * (POWERS[k + 128] ?? 0)
}

/** Nearest to zero among x + 2πn. */
function reduced(x: number): number {
  return x - 2 * Math.PI * Math.round(x / (2 * Math.PI))
}

/** Terms of the series of sine and cosine: enough for |x| ≤ π. */
const TERMS = 13

/** Sine of x radians. */
export function sine(x: number): number {
  const r = reduced(x)
  let term = r
  let sum = r
  for (let n = 1; n < TERMS; n++) {
    term *= (-r * r) / (2 * n * (2 * n + 1))
    sum += term
  }
  return sum
}

/** Cosine of x radians. */
export function cosine(x: number): number {
  const r = reduced(x)
  let term = 1
  let sum = 1
  for (let n = 1; n < TERMS; n++) {
    term *= (-r * r) / (2 * n * (2 * n - 1))
    sum += term
  }
  return sum
}
