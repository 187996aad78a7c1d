/**
 * The assignment of rows to columns of greatest total weight, in O(n³).
 *
 * Source: the Hungarian method with potentials (J. Munkres 1957; R. Jonker, A. Volgenant 1987).
 */

/** Potentials and the assignment so far; rows and columns count from 1, 0 is none. */
interface State {
  readonly n: number
  readonly weights: Float32Array
  readonly rowPotential: Float64Array
  readonly columnPotential: Float64Array
  readonly rowOf: Int32Array
}

/** The search for one alternating path. */
interface Search {
  readonly least: Float64Array
  readonly used: Uint8Array
  /** The column from which each was reached. */
  readonly way: Int32Array
}

function reducedCost({ n, weights, rowPotential, columnPotential }: State, row: number, column: number): number {
  const weight = weights[(row - 1) * n + column - 1] ?? 0
  return -weight - (rowPotential[row] ?? 0) - (columnPotential[column] ?? 0)
}

/** Looks from a column's row at all columns that are not used; returns the nearest and how far it is. */
function nearest(state: State, { least, used, way }: Search, from: number): { step: number; next: number } {
  let [step, next] = [Infinity, 0]
  for (let column = 1; column <= state.n; column++) {
    if (used[column] === 1) continue
    const reduced = reducedCost(state, state.rowOf[from] ?? 0, column)
    if (reduced < (least[column] ?? 0)) {
      least[column] = reduced
      way[column] = from
    }
    if ((least[column] ?? 0) < step) [step, next] = [least[column] ?? 0, column]
  }
  return { step, next }
}

function movePotentials(
  { n, rowOf, rowPotential, columnPotential }: State,
  { least, used }: Search,
  step: number,
): void {
  for (let column = 0; column <= n; column++) {
    if (used[column] === 1) {
      const row = rowOf[column] ?? 0
      rowPotential[row] = (rowPotential[row] ?? 0) + step
      columnPotential[column] = (columnPotential[column] ?? 0) - step
    } else least[column] = (least[column] ?? 0) - step
  }
}

/** Grows one alternating path from `row` and flips it. */
function augment(state: State, row: number): void {
  const { n, rowOf } = state
  const search = {
    least: new Float64Array(n + 1).fill(Infinity),
    used: new Uint8Array(n + 1),
    way: new Int32Array(n + 1),
  }
  rowOf[0] = row
  let column = 0
  while (rowOf[column] !== 0) {
    search.used[column] = 1
    const { step, next } = nearest(state, search, column)
    movePotentials(state, search, step)
    column = next
  }
  while (column !== 0) {
    const before = search.way[column] ?? 0
    rowOf[column] = rowOf[before] ?? 0
    column = before
  }
}

/** For each row its column. @param weights n × n, row-major */
export function assign(weights: Float32Array, n: number): Uint32Array {
  const rowPotential = new Float64Array(n + 1)
  const state = { n, weights, rowPotential, columnPotential: new Float64Array(n + 1), rowOf: new Int32Array(n + 1) }
  for (let row = 1; row <= n; row++) augment(state, row)
  const columns = new Uint32Array(n)
  for (let column = 1; column <= n; column++) columns[(state.rowOf[column] ?? 1) - 1] = column - 1
  return columns
}
