/**
 * How vectors of one model are held against those of the other: as they are, when both share one residual basis, or
 * carried over by a rotation R with `b ≈ a·R`.
 */
import { multiply } from '../../simd/index.ts'
import type { MlpView } from '../weights/mlp.ts'
import { everyNumber } from './layer-vectors.ts'
import { normaliseRows, takeRows, type UnitRows } from './neighbours.ts'
import type { Pool } from './pools.ts'

/** A matrix, row-major. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float32Array
}

/** See the module. */
export interface Frame {
  /** Coordinates at which units of A, and at which units of B are compared; the same when the basis is shared. */
  readonly a: Uint32Array
  readonly b: Uint32Array
  /** Takes whole vectors of A to the coordinates of B, and those of B to the coordinates of A; null for a shared basis. */
  readonly toB: Float32Array | null
  readonly toA: Float32Array | null
}

/** Both models in one basis. */
export function sharedFrame(coordinates: Uint32Array): Frame {
  return { a: coordinates, b: coordinates, toB: null, toA: null }
}

/** B is A turned by `rotation`, dimensions of A × dimensions of B. */
export function turnedFrame(rotation: Matrix, at: { readonly a: Uint32Array; readonly b: Uint32Array }): Frame {
  const { rows, columns, values } = rotation
  const toB = new Float32Array(rows * at.b.length)
  const toA = new Float32Array(columns * at.a.length)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < at.b.length; j++) toB[i * at.b.length + j] = values[i * columns + (at.b[j] ?? 0)] ?? 0
  for (let i = 0; i < columns; i++)
    for (let j = 0; j < at.a.length; j++) toA[i * at.a.length + j] = values[(at.a[j] ?? 0) * columns + i] ?? 0
  return { a: at.a, b: at.b, toB, toA }
}

/** Units of a pool as they stand in the other model's coordinates, normalised. @param units ascending */
export function carry(
  pool: Pool,
  view: MlpView,
  at: { readonly units: Uint32Array; readonly by: Float32Array | null },
): UnitRows {
  const { units, by } = at
  const { layer } = pool
  if (by === null) return takeRows(pool.views.get(view) ?? { rows: new Float32Array(0), length: 1 }, units)
  const columns = by.length / layer.length
  const whole = layer.read(view, units, everyNumber(layer.length))
  return normaliseRows(multiply(whole, by, { rows: units.length, inner: layer.length, columns }), columns)
}
