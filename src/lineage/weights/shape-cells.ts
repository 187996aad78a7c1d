/**
 * Cells of the layer map by unit shapes, for pairs whose plain views are silent.
 *
 * What a unit shape is stands in `unit-shape.ts`; the bound is that of every other view.
 */
import { fixedPoints } from './fixed-point.ts'
import type { ViewCell } from './layer-map.ts'
import type { Mlp } from './mlp.ts'
import { nearestShapes, readUnitShapes } from './unit-shape.ts'
import type { Weights } from './weights.ts'

/** Layers whose unit shapes are read when the plain views are silent, evenly spread. */
const SHAPE_LAYERS = 8
/** Models whose down matrices are smaller than this together are read whole. */
const SHAPE_BYTES = 512 * 1024 * 1024

function shapeLayers(mlps: readonly Mlp[]): readonly Mlp[] {
  const bytes = mlps.reduce((sum, { views }) => sum + (views.get('down')?.part.tensor.length ?? 0), 0)
  if (bytes <= SHAPE_BYTES || mlps.length <= SHAPE_LAYERS) return mlps
  return mlps.filter(
    (_, i) => Math.floor((i * SHAPE_LAYERS) / mlps.length) !== Math.floor(((i - 1) * SHAPE_LAYERS) / mlps.length),
  )
}

/** One side: a model and its layers. */
export interface ShapedSide {
  readonly weights: Weights
  readonly mlps: readonly Mlp[]
}

/** The cells of all pairs of layers in this view. @param units numbers of units, ascending */
export function shapeCells(a: ShapedSide, b: ShapedSide, units: Uint32Array): ViewCell[] {
  const read = (side: ShapedSide): { layer: number; shapes: readonly Float64Array[] }[] =>
    shapeLayers(side.mlps).map((mlp) => ({ layer: mlp.layer, shapes: readUnitShapes(side.weights, mlp, units) }))
  const theirs = read(b)
  return read(a).flatMap((ours) =>
    theirs.flatMap((other) => {
      if (ours.shapes.length === 0 || ours.shapes[0]?.length !== other.shapes[0]?.length) return []
      const nearest = Int32Array.from(nearestShapes(ours.shapes, other.shapes), (place) => units[place] ?? -1)
      const points = fixedPoints(units, nearest, units.length)
      return [{ view: 'unit shape', a: ours.layer, b: other.layer, points, neighbours: { units, nearest } }]
    }),
  )
}
