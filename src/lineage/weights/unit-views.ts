/**
 * Cells of the layer map, for each view: how many of the drawn units keep their number in the other layer.
 *
 * The same units S are drawn in every layer of both models, and neighbours are sought among S alone. Restricted to S
 * the numbering of an unrelated model is still exchangeable, so that the count in each cell is bounded by 1/k! and
 * follows Poisson(1), whatever the size of S: one law for every cell, kin or not.
 *
 * Similarity: cosine of gate rows; |cosine| of up rows and down columns, where a unit may change its sign without
 * changing the function. Two neighbours that are exactly as near are no neighbour (duplicated units).
 */
import { nearestByCosine, type CosineNeighbours } from '../../simd/index.ts'
import { cosine } from './cosine.ts'
import { fixedPoints } from './fixed-point.ts'
import type { ViewCell } from './layer-map.ts'
import { MLP_VIEWS, type Mlp, type MlpView } from './mlp.ts'
import { draw } from './sampling.ts'
import { readUnits } from './unit-matrix.ts'
import type { Weights } from './weights.ts'

/** Which units and coordinates are looked at. */
export interface MapPlan {
  /** Numbers of units, ascending; at least 64. */
  readonly units: Uint32Array
  /** Numbers of coordinates of the residual stream, ascending; empty when the widths differ. */
  readonly coordinates: Uint32Array
}

/** Layers up to this width are looked at whole. */
const WHOLE_WIDTH = 256
/** Units drawn from wider layers: many in short maps, fewer in long ones. */
const DRAWN = { short: 128, long: 64, shortCells: 144 } as const
/** Multiplications that the whole map may cost; coordinates are drawn to fit. */
const MAP_BUDGET = 2.5e9
/** Fewer coordinates than this blur the neighbours too much. */
const LEAST_COORDINATES = 128

/** Plans the map of two models. The widths of layers may differ; the smallest decides which units there are. */
export function planMap(a: readonly Mlp[], b: readonly Mlp[], seed: string): MapPlan {
  if (a.length === 0 || b.length === 0) return { units: new Uint32Array(0), coordinates: new Uint32Array(0) }
  const width = Math.min(...[...a, ...b].map((mlp) => mlp.width))
  const cells = a.length * b.length
  const count = width <= WHOLE_WIDTH ? width : cells <= DRAWN.shortCells ? DRAWN.short : DRAWN.long
  const units = draw(seed, 'units', { size: width, count })
  const inner = a[0]?.inner === b[0]?.inner ? (a[0]?.inner ?? 0) : 0
  const affordable = Math.floor(MAP_BUDGET / (cells * MLP_VIEWS.length * units.length ** 2))
  const coordinates = draw(seed, 'coordinates', { size: inner, count: Math.max(LEAST_COORDINATES, affordable) })
  return { units, coordinates }
}

/** The drawn units of one layer in each view, units × coordinates. */
export type LayerUnits = ReadonlyMap<MlpView, Float32Array>

/** Reads the drawn units of a layer. A view whose type cannot be read by rows is left out. */
export function readLayerUnits(weights: Weights, mlp: Mlp, plan: MapPlan): LayerUnits {
  return new Map([...mlp.views].map(([view, matrix]) => [view, readUnits(weights, matrix, plan)]))
}

/** One layer of a model as the map sees it. */
export interface MappedLayer {
  readonly layer: number
  readonly units: LayerUnits
}

/** For each drawn unit the number of its nearest drawn unit, or -1 when there is none or more than one. */
function neighboursOf(found: CosineNeighbours, units: Uint32Array): Int32Array {
  return Int32Array.from(found.index, (place, i) => (found.tied[i] === 1 ? -1 : (units[place] ?? -1)))
}

/** The cells of two layers. @param plan the plan by which both were read */
export function viewCells(a: MappedLayer, b: MappedLayer, plan: MapPlan): ViewCell[] {
  return MLP_VIEWS.flatMap((view) => {
    const ours = a.units.get(view)
    const theirs = b.units.get(view)
    if (ours === undefined || theirs === undefined) return []
    const found = nearestByCosine(ours, theirs, plan.coordinates.length, { absolute: view !== 'gate' })
    const neighbours = { units: plan.units, nearest: neighboursOf(found, plan.units) }
    const points = fixedPoints(plan.units, neighbours.nearest, plan.units.length)
    return [{ view, a: a.layer, b: b.layer, points, neighbours }]
  })
}

/** Mean cosine of units of the same number: how alike two matched layers are. */
export function meanCosine(a: Float32Array, b: Float32Array, dimension: number): number {
  const rows = a.length / dimension
  let total = 0
  for (let at = 0; at < a.length; at += dimension)
    total += cosine(a.subarray(at, at + dimension), b.subarray(at, at + dimension))
  return total / rows
}
