/**
 * The matrices of an exhibit as they lie in a model: read, gains folded in, one row a unit, token or head row.
 */
import { Fault } from '../../base/index.ts'
import type { Part } from '../weights/part.ts'
import { gainsOf } from '../weights/unit-shape.ts'
import { readUnits } from '../weights/unit-matrix.ts'
import type { Weights } from '../weights/weights.ts'
import type { ExhibitPart, ExhibitRole } from './exhibit.ts'
import type { Matrix } from './frame.ts'
import { everyNumber } from './layer-vectors.ts'

/** The norm before each reader. */
const NORM_BEFORE: Readonly<Partial<Record<ExhibitRole, Part['role']>>> = {
  head: 'final-norm',
  gate: 'mlp-norm',
  up: 'mlp-norm',
  q: 'attention-norm',
  k: 'attention-norm',
  v: 'attention-norm',
}

/** Roles whose columns, not rows, are units or head rows. */
const WRITERS: ReadonlySet<ExhibitRole> = new Set<ExhibitRole>(['down', 'o'])

/** A matrix of a role; undefined when the model has none, or it is not stored in the order in which it was trained. */
export function findMatrix(weights: Weights, role: ExhibitRole, layer: number): Part | undefined {
  const part = weights.model.parts.find(
    (each) => each.role === role && each.layer === layer && !each.bias && each.expert <= 0 && each.rows > 1,
  )
  const isRotary = role === 'q' || role === 'k'
  return isRotary && part?.rope === 'interleaved' ? undefined : part
}

/** The norm whose gains a reader multiplies by. */
export function findNorm(weights: Weights, role: ExhibitRole, layer: number): Part | undefined {
  const wanted = NORM_BEFORE[role]
  return weights.model.parts.find(
    (part) => part.role === wanted && part.layer === layer && !part.bias && part.rows === 1,
  )
}

/** As it is written down. */
export function toExhibitPart({ tensor, firstRow, rows, transposed }: Part): ExhibitPart {
  return { tensor: tensor.name, firstRow, rows, transposed }
}

/** The part that an exhibit names. @throws Fault `no-such-part` */
export function fromExhibitPart(weights: Weights, named: ExhibitPart): Part {
  const part = weights.model.parts.find(
    ({ tensor, firstRow, rows }) => tensor.name === named.tensor && firstRow === named.firstRow && rows === named.rows,
  )
  if (part === undefined) throw new Fault('no-such-part', `${named.tensor}, rows from ${named.firstRow}`)
  return part
}

/** Rows over the residual stream, gains folded in. @param rows the first rows only, where there are more */
export function readMatrix(
  weights: Weights,
  at: { readonly role: ExhibitRole; readonly part: Part; readonly norm: Part | null; readonly rows?: number },
): Matrix {
  const { part, role, norm } = at
  const isColumn = WRITERS.has(role) !== part.transposed
  const [units, length] = isColumn ? [part.columns, part.rows] : [part.rows, part.columns]
  const count = Math.min(units, at.rows ?? units)
  const matrix = { part, axis: isColumn ? 'column' : 'row', units, length } as const
  const values = readUnits(weights, matrix, { units: everyNumber(count), coordinates: everyNumber(length) })
  const gains = norm === null ? null : gainsOf(weights, norm)
  const folded = gains?.length === length ? values.map((value, i) => value * (gains[i % length] ?? 1)) : values
  return { rows: count, columns: length, values: folded }
}
