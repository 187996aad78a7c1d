/**
 * What an exhibit says in short: how much of B it covers, which labels it changes, how much is left over.
 *
 * The changes are read off the exhibit alone. Training moves factors and directions a little too, so a change is named
 * only where it is far beyond that.
 */
import type { Weights } from '../weights/weights.ts'
import { rotationOf } from './check-exhibit.ts'
import type { Exhibit, ExhibitLayer } from './exhibit.ts'
import type { Matrix } from './frame.ts'

/** See the module. */
export interface ExhibitSummary {
  /** Layers of B of which a matrix is reconstructed, and all of them. */
  readonly layers: { readonly shown: number; readonly of: number }
  /** Units of B that have a partner, and all, in layers of which a matrix of the MLP is reconstructed. */
  readonly units: { readonly paired: number; readonly of: number }
  /** What is done to the labels of A, in words: `renumbering the hidden units`; none where labels stay. */
  readonly changes: readonly string[]
}

/** A label is changed in most places or it is not named. */
const MOST = 0.5
/** Factors of a unit further from 1 than this, or of the other sign, are a change of scale. */
const RESCALED = 1.25
/** Below this mean |diagonal| a residual stream counts as turned. */
const TURNED = 0.5

function isMost(flags: readonly boolean[]): boolean {
  return flags.filter(Boolean).length > MOST * flags.length
}

function isRescaled(factor: number): boolean {
  return factor < 1 / RESCALED || factor > RESCALED
}

function meanDiagonal({ rows, columns, values }: Matrix): number {
  const side = Math.min(rows, columns)
  let sum = 0
  for (let i = 0; i < side; i++) sum += Math.abs(values[i * columns + i] ?? 0)
  return sum / Math.max(1, side)
}

function headsMoved({ heads }: ExhibitLayer): boolean {
  const { queries = [], groups = [] } = heads ?? {}
  return [queries, groups].some((order) => order.some((from, at) => from !== at))
}

function nameChanges(exhibit: Exhibit): string[] {
  const { layers, rotation } = exhibit
  const paired = layers.flatMap(({ units, up }) =>
    units.flatMap((from, at) => (from < 0 ? [] : [{ moved: from !== at, rescaled: isRescaled(up[at] ?? 1) }])),
  )
  const { rows, columns } = rotation
  return [
    ...(isMost(paired.map(({ moved }) => moved)) ? ['renumbering the hidden units'] : []),
    ...(isMost(paired.map(({ rescaled }) => rescaled)) ? ['rescaling the hidden units'] : []),
    ...(isMost(layers.map(headsMoved)) ? ['renumbering the heads'] : []),
    ...(rows === columns ? [] : [`taking the residual stream from ${rows} to ${columns} dimensions`]),
    ...(rows === columns && meanDiagonal(rotationOf(exhibit)) < TURNED ? ['rotating the residual stream'] : []),
  ]
}

function showsUnits({ matrices }: ExhibitLayer): boolean {
  return matrices.some(({ role }) => role === 'gate' || role === 'up' || role === 'down')
}

/** Sums it up. @param b the model that is reconstructed */
export function summariseExhibit(exhibit: Exhibit, b: Weights): ExhibitSummary {
  const shown = exhibit.layers.filter(({ matrices }) => matrices.length > 0)
  const units = shown.filter(showsUnits).flatMap((layer) => layer.units)
  return {
    layers: { shown: shown.length, of: b.model.layers },
    units: { paired: units.filter((unit) => unit >= 0).length, of: units.length },
    changes: nameChanges(exhibit),
  }
}
