/**
 * First weights of a model, in the ways that are in use.
 *
 * normal: deviation 0.02, and 1/√(2·layers) of that where a matrix writes into the residual stream (GPT-2).
 * kaiming: uniform with bound 1/√inputs, what `nn.Linear` does when nobody asks. orthogonal: rows or columns
 * orthonormal. zero-down: as normal, but the matrices that write into the residual stream start at zero.
 */
import { multiply } from '../../../simd/index.ts'
import { tensorShapes, type ZooModel, type ZooShape, type ZooTensor } from '../model.ts'
import { bell, randomStream, type RandomStream } from '../random.ts'

/** See the module. */
export const INITIALISATIONS = ['normal', 'kaiming', 'orthogonal', 'zero-down'] as const
/** See the module. */
export type Initialisation = (typeof INITIALISATIONS)[number]

const DEVIATION = 0.02

function fill(size: readonly number[], make: () => number): Float32Array {
  return Float32Array.from({ length: size.reduce((all, one) => all * one, 1) }, make)
}

/** Rounds of Newton-Schulz after which a random matrix is orthogonal to f32; more change nothing. */
const ROUNDS = 40

/**
 * Rows (or columns, whichever are fewer) made orthonormal: X ← 1.5 X − 0.5 X Xᵀ X from a norm below √3.
 *
 * Source: Björck and Bowie, SIAM J. Numer. Anal. 8 (1971).
 */
export function orthonormal(values: Float32Array, rows: number, columns: number): Float32Array {
  const isWide = rows <= columns
  const side = isWide ? rows : columns
  const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
  let x: Float32Array = values.map((value) => (value / norm) * Math.sqrt(2))
  for (let round = 0; round < ROUNDS; round++) {
    const gram = multiply(x, x, {
      rows: side,
      inner: isWide ? columns : rows,
      columns: side,
      transposeA: !isWide,
      transposeB: isWide,
    })
    const cubed = isWide
      ? multiply(gram, x, { rows, inner: rows, columns })
      : multiply(x, gram, { rows, inner: columns, columns })
    x = x.map((value, i) => 1.5 * value - 0.5 * (cubed[i] ?? 0))
  }
  return x
}

function matrix(size: readonly number[], kind: Initialisation, random: RandomStream): Float32Array {
  const [rows = 1, columns = 1] = size
  if (kind === 'kaiming') return fill(size, () => (2 * random() - 1) / Math.sqrt(columns))
  const plain = fill(size, () => DEVIATION * bell(random))
  return kind === 'orthogonal' ? orthonormal(plain, rows, columns) : plain
}

function isWriter(name: string): boolean {
  return name.includes('o_proj') || name.includes('down_proj')
}

/** A model that has learned nothing. Each tensor has its own stream, so `only` can share some of them between models. */
export function initialise(
  shape: ZooShape,
  { kind, seed, embeddingSeed = seed }: { kind: Initialisation; seed: string; embeddingSeed?: string },
): ZooModel {
  const entries = tensorShapes(shape).map(([name, size]): [string, ZooTensor] => {
    if (size.length === 1) return [name, { shape: size, values: fill(size, () => 1) }]
    const isToken = !name.includes('layers')
    const values = matrix(
      size,
      isToken && kind === 'orthogonal' ? 'normal' : kind,
      randomStream(`${isToken ? embeddingSeed : seed}/${name}`),
    )
    if (!isWriter(name)) return [name, { shape: size, values }]
    const factor = kind === 'zero-down' ? 0 : kind === 'normal' ? 1 / Math.sqrt(2 * shape.layers) : 1
    return [name, { shape: size, values: values.map((value) => value * factor) }]
  })
  return { shape, tensors: new Map(entries) }
}
