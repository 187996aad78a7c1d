/**
 * The difference of two matrices and its rank.
 *
 * A LoRA of rank r leaves a difference of rank r and the rounding of the stored type. The largest singular value of
 * that rounding is about σ(√rows + √columns) with σ² = mean ulp²/12; what rises above 1.5 times this edge is the
 * update. Of large matrices a block of drawn rows and columns is taken, which for almost every low-rank matrix has the
 * rank of the whole; its range is found with random probes, so that ranks up to 64 are counted exactly.
 *
 * Source: edge of the Marchenko-Pastur law; N. Halko, P.-G. Martinsson, J. A. Tropp, SIAM Review 53 (2011), algorithm 4.4.
 */
import type { PartPair } from '../weights/part-pairs.ts'
import { singularValues } from '../weights/singular-values.ts'
import { seedKey } from '../weights/sampling.ts'
import type { Weights } from '../weights/weights.ts'
import { countDirections } from './count-directions.ts'
import { drawRows, isOrdered, readRows } from './places.ts'

/** Rows and columns of the block at most. */
const BLOCK = 384
/** Probes: ranks up to 64 and some more. */
const PROBES = 80
/** Ranks above this are not called low. */
const MOST_RANK = 64
/** Times the edge from which a direction counts. */
const ABOVE_EDGE = 1.5

/** A block of a difference: columns of length `rows`. */
export interface Delta {
  readonly columns: readonly Float64Array[]
  readonly rows: number
  /** Largest singular value that rounding leaves. */
  readonly edge: number
  /** Root mean square of the difference, and of the matrix of B. */
  readonly size: number
  readonly scale: number
}

const FRACTION_BITS: Readonly<Record<string, number>> = { bf16: 7, f16: 10, f32: 23 }

const FLOAT = new Float32Array(1)
const CODE = new Uint32Array(FLOAT.buffer)
/** Squares of powers of two by the exponent of an f32. */
const SQUARES = Float64Array.from({ length: 256 }, (_, exponent) => 4 ** (exponent - 127))

/** Square of the power of two below a value; 0 for zero. */
function magnitude(value: number): number {
  FLOAT[0] = value
  return value === 0 ? 0 : (SQUARES[((CODE[0] ?? 0) >>> 23) & 0xff] ?? 0)
}

/** Mean square of the rounding of a value of magnitude 1. */
function roundingOf(type: string): number {
  return 4 ** -(FRACTION_BITS[type.toLowerCase()] ?? 0) / 12
}

/** Reads the block of a pair of plain types and equal shape; null when it cannot be read. */
export function readDelta(
  a: Weights,
  b: Weights,
  at: { readonly pair: PartPair; readonly seed: string },
): Delta | null {
  const { a: ours, b: theirs } = at.pair
  const isPlain = [ours, theirs].every(({ tensor }) => FRACTION_BITS[tensor.type.toLowerCase()] !== undefined)
  if (!isPlain || ours.transposed !== theirs.transposed || !isOrdered(a, ours) || !isOrdered(b, theirs)) return null
  const rows = drawRows(at.seed, ours.rows, BLOCK)
  const places = drawRows(at.seed, ours.columns, BLOCK)
  const left = readRows(a, ours, rows).rows
  const right = readRows(b, theirs, rows).rows
  const [ownNoise, otherNoise] = [roundingOf(ours.tensor.type), roundingOf(theirs.tensor.type)]
  let [noise, square, scale] = [0, 0, 0]
  const columns = Array.from(places, (place) =>
    Float64Array.from(rows, (_, i) => {
      const x = left[i]?.[place] ?? 0
      const y = right[i]?.[place] ?? 0
      noise += ownNoise * magnitude(x) + otherNoise * magnitude(y)
      square += (x - y) ** 2
      scale += y * y
      return x - y
    }),
  )
  const count = rows.length * places.length
  const edge = Math.sqrt(noise / count) * (Math.sqrt(rows.length) + Math.sqrt(places.length))
  return { columns, rows: rows.length, edge, size: Math.sqrt(square / count), scale: Math.sqrt(scale / count) }
}

function probes(count: number, length: number): Float64Array[] {
  let state = seedKey('0', 'range finder')
  return Array.from({ length: count }, () =>
    Float64Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 2 ** 31 - 1
    }),
  )
}

/** Σ_j x_j · column_j. */
function combine(columns: readonly Float64Array[], x: Float64Array, rows: number): Float64Array {
  const out = new Float64Array(rows)
  for (const [j, column] of columns.entries()) {
    const factor = x[j] ?? 0
    for (let i = 0; i < rows; i++) out[i] = (out[i] ?? 0) + factor * (column[i] ?? 0)
  }
  return out
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += (x[i] ?? 0) * (y[i] ?? 0)
  return sum
}

/** Orthonormal vectors of the same span, modified Gram-Schmidt twice; dependent ones are dropped. */
function orthonormalise(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = []
  for (const vector of vectors) {
    const left = Float64Array.from(vector)
    const before = Math.sqrt(dot(left, left))
    for (let pass = 0; pass < 2; pass++)
      for (const known of basis) {
        const share = dot(left, known)
        for (let i = 0; i < left.length; i++) left[i] = (left[i] ?? 0) - share * (known[i] ?? 0)
      }
    const length = Math.sqrt(dot(left, left))
    if (length > 1e-12 * before && length > 0) basis.push(left.map((value) => value / length))
  }
  return basis
}

/** Columns with the singular values of a block: all of a small one, of others the leading ones. */
function condense({ columns, rows }: Delta): Float64Array[] {
  if (Math.min(rows, columns.length) <= PROBES) {
    const isWide = columns.length > rows
    return isWide
      ? Array.from({ length: rows }, (_, i) => Float64Array.from(columns, (column) => column[i] ?? 0))
      : columns.map((column) => Float64Array.from(column))
  }
  const found = orthonormalise(probes(PROBES, columns.length).map((probe) => combine(columns, probe, rows)))
  const back = found.map((vector) => Float64Array.from(columns, (column) => dot(column, vector)))
  const range = orthonormalise(back.map((vector) => combine(columns, vector, rows)))
  return range.map((vector) => Float64Array.from(columns, (column) => dot(column, vector)))
}

/** What a difference is. */
export interface Rank {
  /** Directions above the edge; of a difference that is not low, as many as were counted. */
  readonly rank: number
  readonly isLow: boolean
  /** The last direction above the edge, and the next one, in multiples of the edge; 0 when there are too many. */
  readonly last: number
  readonly next: number
}

/** Counts the directions above the edge. */
export function rankOf(delta: Delta): Rank {
  const standing = condense(delta)
  const edge = Math.max(delta.edge, Number.MIN_VALUE)
  const most = Math.min(MOST_RANK, delta.rows / 2, delta.columns.length / 2)
  const count = countDirections(standing, ABOVE_EDGE * edge)
  if (count > most) return { rank: count, isLow: false, last: 0, next: 0 }
  const values = singularValues(standing)
  const rank = values.filter((value) => value > ABOVE_EDGE * edge).length
  const isLow = rank > 0 && rank <= most
  return { rank, isLow, last: (values[rank - 1] ?? 0) / edge, next: (values[rank] ?? 0) / edge }
}

/** The leading left singular vector (unit length) and its share of the energy. */
export function leadingDirection({ columns, rows }: Delta): { readonly vector: Float64Array; readonly share: number } {
  let vector = combine(columns, probes(1, columns.length)[0] ?? new Float64Array(0), rows)
  for (let step = 0; step < 30; step++) {
    const length = Math.sqrt(dot(vector, vector))
    if (length === 0) return { vector, share: 0 }
    const unit = vector.map((value) => value / length)
    vector = combine(
      columns,
      Float64Array.from(columns, (column) => dot(column, unit)),
      rows,
    )
  }
  const length = Math.sqrt(dot(vector, vector))
  if (length === 0) return { vector, share: 0 }
  const unit = vector.map((value) => value / length)
  const energy = columns.reduce((sum, column) => sum + dot(column, column), 0)
  const along = columns.reduce((sum, column) => sum + dot(column, unit) ** 2, 0)
  return { vector: unit, share: energy > 0 ? along / energy : 0 }
}
