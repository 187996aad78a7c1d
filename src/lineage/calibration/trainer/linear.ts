/** Linear maps without bias, there and back, on the kernels. */
import { multiply } from '../../../simd/index.ts'

/** x · Wᵀ for rows of x; W is output × input. */
export function linear(x: Float32Array, weights: Float32Array, inputs: number): Float32Array {
  const shape = { rows: x.length / inputs, inner: inputs, columns: weights.length / inputs, transposeB: true }
  return multiply(x, weights, shape)
}

/** Gradient with respect to x. */
export function linearBack(grad: Float32Array, weights: Float32Array, inputs: number): Float32Array {
  const outputs = weights.length / inputs
  return multiply(grad, weights, { rows: grad.length / outputs, inner: outputs, columns: inputs })
}

/** Gradient with respect to W. */
export function weightGrad(grad: Float32Array, x: Float32Array, inputs: number): Float32Array {
  const tokens = x.length / inputs
  return multiply(grad, x, { rows: grad.length / tokens, inner: tokens, columns: inputs, transposeA: true })
}

/** Adds `from` to `into`. */
export function addTo(into: Float32Array, from: Float32Array): Float32Array {
  for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) + (from[i] ?? 0)
  return into
}
