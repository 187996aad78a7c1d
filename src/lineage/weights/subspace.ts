/**
 * Do two layers spread their units along the same directions?
 *
 * The first left singular vectors of a weight matrix say which units work together. A random initialisation has a flat
 * spectrum, so what stands out was learned; two models that share only their initial numbers learn apart and their
 * leading subspaces part too. The subspace lies in the space of units and does not change when the residual stream is
 * rotated.
 *
 * Guarantee: same input, same bits; the starting vectors come from a fixed hash.
 * Source: subspace iteration (G. W. Stewart, 1976); as a measure of shared training: `docs/method.md`, section 4.
 */
import { centreColumns } from './residual.ts'
import { seedKey } from './sampling.ts'

/** Directions that are compared. */
export const LEADING = 8

const ITERATIONS = 10

/** Products of each row with itself and those before it, four at a time; none of the sums waits for another. */
function gram(rows: Float32Array, dimension: number): Float64Array {
  const count = rows.length / dimension
  const out = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    const to = (i + 1) * dimension
    for (let j = 0; j <= i; j += 4) {
      let [first, second, third, fourth] = [0, 0, 0, 0]
      for (let x = i * dimension, y = j * dimension; x < to; x++, y++) {
        const value = rows[x] ?? 0
        first += value * (rows[y] ?? 0)
        second += value * (rows[y + dimension] ?? 0)
        third += value * (rows[y + 2 * dimension] ?? 0)
        fourth += value * (rows[y + 3 * dimension] ?? 0)
      }
      for (const [k, sum] of [first, second, third, fourth].entries())
        if (j + k <= i) out[i * count + j + k] = out[(j + k) * count + i] = sum
    }
  }
  return out
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += (x[i] ?? 0) * (y[i] ?? 0)
  return sum
}

function subtractProjection(basis: readonly Float64Array[], column: Float64Array): void {
  for (const other of basis) {
    const share = dot(other, column)
    for (let i = 0; i < column.length; i++) column[i] = (column[i] ?? 0) - share * (other[i] ?? 0)
  }
}

/** Orthonormal columns that span the same space (modified Gram-Schmidt); a dependent column becomes zero. */
function orthonormalise(columns: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = []
  for (const column of columns) {
    const before = Math.sqrt(dot(column, column))
    subtractProjection(basis, column)
    const length = Math.sqrt(dot(column, column))
    basis.push(length > 1e-10 * before && length > 0 ? column.map((value) => value / length) : column.fill(0))
  }
  return basis
}

/** Four rows at a time: each sum keeps its order, and none waits for the other. */
function multiply(matrix: Float64Array, column: Float64Array): Float64Array {
  const count = column.length
  const out = new Float64Array(count)
  for (let i = 0; i < count; i += 4) {
    let [first, second, third, fourth] = [0, 0, 0, 0]
    for (let j = 0, at = i * count; j < count; j++, at++) {
      const value = column[j] ?? 0
      first += (matrix[at] ?? 0) * value
      second += (matrix[at + count] ?? 0) * value
      third += (matrix[at + 2 * count] ?? 0) * value
      fourth += (matrix[at + 3 * count] ?? 0) * value
    }
    // Rows beyond the last are not written.
    out[i] = first
    out[i + 1] = second
    out[i + 2] = third
    out[i + 3] = fourth
  }
  return out
}

function start(count: number): Float64Array[] {
  let state = seedKey('0', 'subspace')
  return Array.from({ length: LEADING }, () =>
    Float64Array.from({ length: count }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 2 ** 31 - 1
    }),
  )
}

/** Orthonormal basis of the leading directions of units × coordinates, each of length units. */
export function leadingDirections(rows: Float32Array, dimension: number): readonly Float64Array[] {
  const matrix = gram(centreColumns(rows, dimension), dimension)
  let columns = orthonormalise(start(rows.length / dimension))
  for (let step = 0; step < ITERATIONS; step++)
    columns = orthonormalise(columns.map((column) => multiply(matrix, column)))
  return columns
}

/**
 * Share of the leading directions that two layers have in common, 0 for what chance gives and 1 for all.
 *
 * @param a units × dimension, row-major; at least 16 units
 * @param b the same units of the other layer; its coordinates may be others
 */
export function subspaceOverlap(
  a: { readonly rows: Float32Array; readonly dimension: number },
  b: { readonly rows: Float32Array; readonly dimension: number },
): number {
  const left = leadingDirections(a.rows, a.dimension)
  const right = leadingDirections(b.rows, b.dimension)
  let total = 0
  for (const x of left) for (const y of right) total += dot(x, y) ** 2
  const chance = LEADING / (a.rows.length / a.dimension)
  return (total / LEADING - chance) / (1 - chance)
}
