/**
 * Models whose weights are made to hurt whoever computes with them, or to look alike though they are not.
 *
 * Each is made from a base of its own seed, so that two of them are unrelated whatever was done to both.
 */
import { seededRandom } from './seeded-random.ts'
import { change, makeBase, type ZooModel, type ZooShape, type ZooTensor, ZOO_SHAPE } from './zoo.ts'

/** One way to spoil a model. */
export interface Hostility {
  readonly name: string
  readonly spoil: (model: ZooModel, seed: number) => ZooModel
}

function mapAll(edit: (values: Float32Array, random: () => number) => ArrayLike<number>): Hostility['spoil'] {
  return (model, seed) => {
    const random = seededRandom(seed)
    return change(model, /./, ({ shape, values }) => ({ shape, values: Float32Array.from(edit(values, random)) }))
  }
}

function mapMatrices(
  edit: (rows: Float32Array[], random: () => number) => readonly Float32Array[],
): Hostility['spoil'] {
  return (model, seed) => {
    const random = seededRandom(seed)
    return change(model, /./, (tensor) => (tensor.shape.length === 1 ? tensor : editRows(tensor, random, edit)))
  }
}

function editRows(
  { shape, values }: ZooTensor,
  random: () => number,
  edit: (rows: Float32Array[], random: () => number) => readonly Float32Array[],
): ZooTensor {
  const [count = 0, columns = 0] = shape
  const rows = Array.from({ length: count }, (_, i) => values.slice(i * columns, (i + 1) * columns))
  const out = new Float32Array(values.length)
  for (const [i, row] of edit(rows, random).entries()) out.set(row, i * columns)
  return { shape, values: out }
}

function squareOf(row: Float32Array): number {
  return row.reduce((sum, value) => sum + value * value, 0)
}

/** The ways. */
export const HOSTILITIES: readonly Hostility[] = [
  { name: 'NaN everywhere', spoil: mapAll((values) => values.map(() => Number.NaN)) },
  { name: 'NaN in every third place', spoil: mapAll((values) => values.map((x, i) => (i % 3 === 0 ? Number.NaN : x))) },
  { name: 'infinities everywhere', spoil: mapAll((values, random) => values.map(() => (random() < 0.5 ? -1 : 1) / 0)) },
  { name: 'infinities here and there', spoil: mapAll((values) => values.map((x, i) => (i % 97 === 5 ? Infinity : x))) },
  {
    name: 'subnormals everywhere',
    spoil: mapAll((values, random) => values.map(() => (2 * random() - 1) * 2 ** -127)),
  },
  { name: 'zero tensors', spoil: mapAll((values) => values.map(() => 0)) },
  { name: 'one number everywhere', spoil: mapAll((values) => values.map(() => 0.015625)) },
  { name: 'one row over and over', spoil: mapMatrices((rows) => rows.map(() => rows[0] ?? new Float32Array(0))) },
  {
    name: 'every row twice',
    spoil: mapMatrices((rows) => rows.map((_, i) => rows[i - (i % 2)] ?? new Float32Array(0))),
  },
  {
    name: 'one giant row',
    spoil: mapMatrices((rows) => rows.map((row, i) => (i === 7 ? row.map((x) => 1e38 * Math.sign(x)) : row))),
  },
  {
    name: 'one giant number a row',
    spoil: mapMatrices((rows) => rows.map((row) => row.map((x, i) => (i === 3 ? 1e38 : x)))),
  },
  { name: 'rows sorted by norm', spoil: mapMatrices((rows) => rows.toSorted((a, b) => squareOf(a) - squareOf(b))) },
]

/** A base, spoiled. */
export function makeHostile({ spoil }: Hostility, seed: number, shape: ZooShape = ZOO_SHAPE): ZooModel {
  return spoil(makeBase(seed, shape), seed)
}
