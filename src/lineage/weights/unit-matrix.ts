/**
 * Units and their vectors, whichever way round a matrix is stored.
 *
 * A hidden unit is a row of gate and up and a column of down; a residual dimension is a column of the embedding. Stored
 * transposed it is the other one. Whoever asks for units gets one row a unit.
 */
import type { Part } from './part.ts'
import type { Weights } from './weights.ts'

/** A part seen as units. */
export interface UnitMatrix {
  readonly part: Part
  /** Whether a unit is a stored row or a stored column. */
  readonly axis: 'row' | 'column'
  readonly units: number
  /** Coordinates of a unit. */
  readonly length: number
}

/** Hidden units of an MLP matrix. */
export function hiddenUnits(part: Part): UnitMatrix {
  const standing = (part.role === 'down') === part.transposed
  return oriented(part, standing ? 'row' : 'column')
}

/** Residual dimensions of an embedding or a head, whose rows are tokens. */
export function residualDimensions(part: Part): UnitMatrix {
  return oriented(part, part.transposed ? 'row' : 'column')
}

function oriented(part: Part, axis: 'row' | 'column'): UnitMatrix {
  const [units, length] = axis === 'row' ? [part.rows, part.columns] : [part.columns, part.rows]
  return { part, axis, units, length }
}

/** Values decoded at once. */
const BATCH = 1 << 18

/** Calls `visit` with each wanted stored row, reading neighbouring rows together. */
function visitRows(
  weights: Weights,
  part: Part,
  visit: { readonly rows: Uint32Array; readonly take: (place: number, values: Float32Array) => void },
): void {
  const { rows, take } = visit
  const most = Math.max(1, Math.floor(BATCH / part.columns))
  for (let at = 0; at < rows.length;) {
    const from = rows[at] ?? 0
    let count = 1
    while (count < most && rows[at + count] === from + count) count += 1
    const values = weights.rows(part, from, count)
    for (let i = 0; i < count; i++) take(at + i, values.subarray(i * part.columns, (i + 1) * part.columns))
    at += count
  }
}

/**
 * Reads units × coordinates, row-major.
 *
 * @param units numbers of units, ascending
 * @param coordinates numbers of coordinates, ascending
 */
export function readUnits(
  weights: Weights,
  matrix: UnitMatrix,
  wanted: { readonly units: Uint32Array; readonly coordinates: Uint32Array },
): Float32Array {
  const { units, coordinates } = wanted
  const out = new Float32Array(units.length * coordinates.length)
  const isRow = matrix.axis === 'row'
  const picked = isRow ? coordinates : units
  visitRows(weights, matrix.part, {
    rows: isRow ? units : coordinates,
    take(place, values) {
      const step = isRow ? 1 : coordinates.length
      let to = isRow ? place * coordinates.length : place
      for (let i = 0; i < picked.length; i++, to += step) out[to] = values[picked[i] ?? 0] ?? 0
    },
  })
  return out
}
