/** Small operations on matrices of the zoo: reordering, scaling, multiplying rows and columns. */
import { multiply } from '../../../simd/index.ts'
import type { ZooTensor } from '../model.ts'

/** Row i of the result is row `order[i]`; the result has as many rows as `order`. */
export function takeRows({ shape, values }: ZooTensor, order: ArrayLike<number>): ZooTensor {
  const columns = shape[1] ?? 1
  const out = new Float32Array(order.length * columns)
  for (let i = 0; i < order.length; i++) {
    const from = (order[i] ?? 0) * columns
    out.set(values.subarray(from, from + columns), i * columns)
  }
  return { shape: shape.length === 1 ? [order.length] : [order.length, columns], values: out }
}

/** Column j of the result is column `order[j]`. */
export function takeColumns({ shape, values }: ZooTensor, order: ArrayLike<number>): ZooTensor {
  const [rows = 1, columns = 1] = shape
  const out = new Float32Array(rows * order.length)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < order.length; j++) out[i * order.length + j] = values[i * columns + (order[j] ?? 0)] ?? 0
  return { shape: [rows, order.length], values: out }
}

/** Each row times its factor. */
export function scaleRows({ shape, values }: ZooTensor, factors: ArrayLike<number>): ZooTensor {
  const columns = shape[1] ?? 1
  return { shape, values: values.map((value, i) => value * (factors[Math.floor(i / columns)] ?? 1)) }
}

/** Each column times its factor. */
export function scaleColumns({ shape, values }: ZooTensor, factors: ArrayLike<number>): ZooTensor {
  const columns = shape[1] ?? 1
  return { shape, values: values.map((value, i) => value * (factors[i % columns] ?? 1)) }
}

/** W · R for a square R. */
export function timesRight({ shape, values }: ZooTensor, right: Float32Array): ZooTensor {
  const [rows = 1, columns = 1] = shape
  return { shape, values: multiply(values, right, { rows, inner: columns, columns }) }
}

/** Rᵀ · W for a square R. */
export function timesLeft({ shape, values }: ZooTensor, left: Float32Array): ZooTensor {
  const [rows = 1, columns = 1] = shape
  return { shape, values: multiply(left, values, { rows, inner: rows, columns, transposeA: true }) }
}
