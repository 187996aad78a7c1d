/**
 * RMSNorm, there and back: y = x · r · gain with r = 1/√(mean x² + ε).
 *
 * Source: B. Zhang, R. Sennrich, "Root Mean Square Layer Normalization" (2019).
 */

/** ε of Llama. */
const EPSILON = 1e-5

/** The result and the factors r, one a row. */
export interface Normed {
  readonly values: Float32Array
  readonly factors: Float32Array
}

/** Normalises rows as long as `gain`. */
export function normalise(x: Float32Array, gain: Float32Array): Normed {
  const width = gain.length
  const values = new Float32Array(x.length)
  const factors = new Float32Array(x.length / width)
  for (let row = 0; row < factors.length; row++) {
    const from = row * width
    let square = 0
    for (let i = 0; i < width; i++) square += (x[from + i] ?? 0) * (x[from + i] ?? 0)
    const factor = 1 / Math.sqrt(square / width + EPSILON)
    factors[row] = factor
    for (let i = 0; i < width; i++) values[from + i] = (x[from + i] ?? 0) * factor * (gain[i] ?? 0)
  }
  return { values, factors }
}

/** What flows back through a norm. */
export interface NormBack {
  readonly x: Float32Array
  readonly gain: Float32Array
  readonly factors: Float32Array
  /** Gradient with respect to the result. */
  readonly grad: Float32Array
}

/** Sum of gain · gradient · x over a row. */
function alongRow({ x, gain, grad }: NormBack, from: number): number {
  let sum = 0
  for (let i = 0; i < gain.length; i++) sum += (gain[i] ?? 0) * (grad[from + i] ?? 0) * (x[from + i] ?? 0)
  return sum
}

/** Gradients with respect to x, added to `into`, and to the gain, returned. */
export function normaliseBack({ x, gain, factors, grad }: NormBack, into: Float32Array): Float32Array {
  const width = gain.length
  const gainGrad = new Float32Array(width)
  for (let row = 0; row < factors.length; row++) {
    const from = row * width
    const factor = factors[row] ?? 0
    const along = alongRow({ x, gain, factors, grad }, from)
    const back = (along * factor * factor * factor) / width
    for (let i = 0; i < width; i++) {
      const given = grad[from + i] ?? 0
      const input = x[from + i] ?? 0
      gainGrad[i] = (gainGrad[i] ?? 0) + given * input * factor
      into[from + i] = (into[from + i] ?? 0) + factor * (gain[i] ?? 0) * given - input * back
    }
  }
  return gainGrad
}
