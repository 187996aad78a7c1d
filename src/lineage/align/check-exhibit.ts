/**
 * Checks an exhibit: applies its reconstruction to the weights of A and measures what is left of B.
 *
 * Pure but for reading weights. It takes nothing from the exhibit but the labels, so an exhibit that was made up shows
 * residuals near or above 1. How far the rotation is from one is measured anew, since a matrix that is none can be
 * fitted.
 */
import { Fault, sha256 } from '../../base/index.ts'
import { multiply } from '../../simd/index.ts'
import type { Weights } from '../weights/weights.ts'
import type { Exhibit, ExhibitHeads, ExhibitLayer, ExhibitMatrix, ExhibitRole } from './exhibit.ts'
import { fromExhibitPart, readMatrix } from './exhibit-parts.ts'
import type { Matrix } from './frame.ts'
import { counterFactor, headRowsOf, turnPlanes, type Rows } from './head-reconstruction.ts'
import { measureDefect } from './polar.ts'
import { inverse, product } from './small-matrices.ts'

/** What is left of one matrix of B. */
export interface CheckedMatrix {
  /** Layer of B; −1 for embedding and head. */
  readonly layer: number
  readonly role: ExhibitRole
  /** ‖B − Â‖ / ‖B‖ as found now, and as the exhibit says. */
  readonly residual: number
  readonly stated: number
}

/** The outcome. */
export interface ExhibitCheck {
  /** Whether both identities and the digest of the rotation are those of the exhibit, and every residual is as stated. */
  readonly holds: boolean
  readonly reasons: readonly string[]
  /** Root mean square of the elements of RᵀR − I, as found now. */
  readonly defect: number
  readonly matrices: readonly CheckedMatrix[]
}

/** Residuals that differ by more than this are not as stated. */
const TOLERANCE = 1e-3

/** The rotation of an exhibit. */
export function rotationOf({ rotation }: Exhibit): Matrix {
  const bytes = Uint8Array.from(Buffer.from(rotation.values, 'base64'))
  const { rows, columns } = rotation
  return { rows, columns, values: new Float32Array(bytes.buffer.slice(0, 4 * Math.floor(bytes.length / 4))) }
}

/** Rows of A over the residual stream of B. */
export function turnRows(matrix: Matrix, rotation: Matrix): Matrix {
  const { rows, columns: inner, values } = matrix
  const { columns } = rotation
  return { rows, columns, values: multiply(values, rotation.values, { rows, inner, columns }) }
}

function scaleRows(a: Matrix, units: readonly number[], scales: readonly number[] | null): Matrix {
  const out = new Float32Array(units.length * a.columns)
  for (const [j, unit] of units.entries())
    for (let k = 0; unit >= 0 && k < a.columns; k++)
      out[j * a.columns + k] = (scales?.[j] ?? 1) * (a.values[unit * a.columns + k] ?? 0)
  return { rows: units.length, columns: a.columns, values: out }
}

function joinHeads(heads: readonly Rows[], columns: number): Matrix {
  const rows = heads.flat()
  const values = new Float32Array(rows.length * columns)
  for (const [i, row] of rows.entries()) values.set(row, i * columns)
  return { rows: rows.length, columns, values }
}

function reconstructHeads(a: Matrix, role: 'q' | 'k' | 'v' | 'o', heads: ExhibitHeads): Matrix {
  const { size, queries, groups, planes } = heads
  const share = queries.length / groups.length
  const mixes = heads.mix.map((mix) =>
    Array.from({ length: size }, (_, i) => Float64Array.from(mix.slice(i * size, (i + 1) * size))),
  )
  const take = (head: number): Rows => headRowsOf(a, head, size)
  const built = {
    q: () =>
      queries.map((from, head) => turnPlanes(take(from), (planes[Math.floor(head / share)] ?? []).map(counterFactor))),
    k: () => groups.map((from, group) => turnPlanes(take(from), planes[group] ?? [])),
    v: () => groups.map((from, group) => product(mixes[group] ?? [], take(from))),
    o: () =>
      queries.map((from, head) =>
        product(transposed(inverse(mixes[Math.floor(head / share)] ?? []) ?? []), take(from)),
      ),
  }
  return joinHeads(built[role](), a.columns)
}

function transposed(rows: Rows): Float64Array[] {
  return Array.from(rows[0] ?? [], (_, j) => Float64Array.from(rows, (row) => row[j] ?? 0))
}

/** What A becomes, and which of its rows have a partner. */
function reconstruct(a: Matrix, role: ExhibitRole, layer: ExhibitLayer | null): Matrix {
  if (layer === null || role === 'embedding' || role === 'head') return a
  if (role === 'gate') return scaleRows(a, layer.units, null)
  if (role === 'up' || role === 'down') return scaleRows(a, layer.units, layer[role])
  return layer.heads === null ? a : reconstructHeads(a, role, layer.heads)
}

/** ‖B − Â‖ / ‖B‖ over rows that are not left out. */
export function residualOf(built: Matrix, b: Matrix, units: readonly number[] | null): number {
  let [left, all] = [0, 0]
  for (let i = 0; i < Math.min(built.rows, b.rows) * b.columns; i++) {
    if (units !== null && (units[Math.floor(i / b.columns)] ?? -1) < 0) continue
    left += ((b.values[i] ?? 0) - (built.values[i] ?? 0)) ** 2
    all += (b.values[i] ?? 0) ** 2
  }
  return all > 0 ? Math.sqrt(left / all) : 1
}

/** Both models of an exhibit. */
export interface ExhibitSides {
  readonly a: Weights
  readonly b: Weights
  readonly rotation: Matrix
}

/** Whether the lists of a layer are those of these matrices: a list of B's length whose numbers lie in A. */
function fitsLayer(
  role: ExhibitRole,
  { units, heads }: ExhibitLayer,
  [ours, theirs]: readonly [Matrix, Matrix],
): boolean {
  if (role === 'gate' || role === 'up' || role === 'down')
    return units.length === theirs.rows && units.every((unit) => unit < ours.rows)
  if (heads === null) return ours.rows === theirs.rows
  const order = role === 'q' || role === 'o' ? heads.queries : heads.groups
  const isInside = order.every((head) => head >= 0 && (head + 1) * heads.size <= ours.rows)
  return isInside && order.length * heads.size === theirs.rows
}

/** What is left of one matrix; null when the exhibit does not fit the models there, or it cannot be measured. */
export function measureMatrix(
  sides: ExhibitSides,
  matrix: Omit<ExhibitMatrix, 'residual'>,
  layer: ExhibitLayer | null,
): number | null {
  const { role, normA, normB } = matrix
  const read = (side: 'a' | 'b', norm: ExhibitMatrix['normA'], rows?: number): Matrix =>
    readMatrix(sides[side], {
      role,
      part: fromExhibitPart(sides[side], matrix[side]),
      norm: norm === null ? null : fromExhibitPart(sides[side], norm),
      ...(rows === undefined ? {} : { rows }),
    })
  const ours = read('a', normA)
  const theirs = read('b', normB, layer === null ? ours.rows : undefined)
  const isUnits = role === 'gate' || role === 'up' || role === 'down'
  const units = layer !== null && isUnits ? layer.units : null
  const isWide = ours.columns === sides.rotation.rows && theirs.columns === sides.rotation.columns
  if (!isWide || (layer !== null && !fitsLayer(role, layer, [ours, theirs]))) return null
  const residual = residualOf(reconstruct(turnRows(ours, sides.rotation), role, layer), theirs, units)
  return Number.isFinite(residual) ? residual : null
}

function measureNamed(sides: ExhibitSides, matrix: ExhibitMatrix, layer: ExhibitLayer | null): number {
  const residual = measureMatrix(sides, matrix, layer)
  if (residual !== null) return residual
  const where = layer === null ? '' : `layer ${layer.b} `
  throw new Fault('bad-exhibit', `what the exhibit says of ${where}${matrix.role} does not fit the models`)
}

/**
 * Checks; see the module.
 *
 * @throws Fault `no-such-part` when the exhibit names what the models do not have; `bad-exhibit` when its lists do not
 *   fit them
 */
export function checkExhibit(exhibit: Exhibit, a: Weights, b: Weights): ExhibitCheck {
  const rotation = rotationOf(exhibit)
  const sides = { a, b, rotation }
  const check = (matrix: ExhibitMatrix, layer: ExhibitLayer | null): CheckedMatrix => ({
    layer: layer?.b ?? -1,
    role: matrix.role,
    residual: measureNamed(sides, matrix, layer),
    stated: matrix.residual,
  })
  const matrices = [
    ...exhibit.layers.flatMap((layer) => layer.matrices.map((matrix) => check(matrix, layer))),
    ...exhibit.matrices.map((matrix) => check(matrix, null)),
  ]
  const defect = measureDefect(rotation)
  const off = matrices.filter(({ residual, stated }) => !(Math.abs(residual - stated) <= TOLERANCE))
  const reasons = [
    ...(exhibit.a === a.id ? [] : ['A is another model than the exhibit names']),
    ...(exhibit.b === b.id ? [] : ['B is another model than the exhibit names']),
    ...(sha256(new Uint8Array(rotation.values.buffer)) === exhibit.rotation.digest
      ? []
      : ['the rotation has another digest']),
    ...(matrices.length === 0 ? ['it shows no matrix'] : []),
    ...(Math.abs(defect - exhibit.rotation.defect) <= TOLERANCE
      ? []
      : [`the rotation is off by ${defect}, not by ${exhibit.rotation.defect}`]),
    ...off.map(({ layer, role, residual, stated }) => `layer ${layer} ${role}: ${residual} is left, not ${stated}`),
  ]
  return { holds: reasons.length === 0, reasons, defect, matrices }
}
