/**
 * Units that cannot be told apart: zero, not finite, or there several times.
 *
 * Such a unit does not find even itself among the units of its own layer, so no test can find it in another model. Where
 * most units are so, silence of the fixed-point test says nothing, and a verdict that rests on silence has to say that.
 */
import { nearestByCosine } from '../../simd/index.ts'
import type { LayerUnits, MapPlan, MappedLayer } from './unit-views.ts'

/** At least this share of the drawn units must be told apart. */
export const LEAST_DISTINCT = 0.5

/** How many rows find themselves, and no other, nearest. */
export function countDistinct(rows: Float32Array, dimension: number, absolute: boolean): number {
  const { index, tied } = nearestByCosine(rows, rows, dimension, { absolute })
  return index.reduce((count, place, row) => count + Number(place === row && tied[row] === 0), 0)
}

/** Units of a layer that the best of its views tells apart. */
function distinctUnits(units: LayerUnits, dimension: number): number {
  const counts = [...units].map(([view, rows]) => countDistinct(rows, dimension, view !== 'gate'))
  return Math.max(0, ...counts)
}

/** The sentence for a verdict, when less than half of the units are told apart; nothing when there are none. */
export function blurredNote(name: string, found: { readonly distinct: number; readonly units: number }): string[] {
  const { distinct, units } = found
  if (units === 0 || distinct >= LEAST_DISTINCT * units) return []
  const share = ((100 * distinct) / units).toFixed(0)
  return [
    `Only ${share} % of the units of ${name} that were looked at can be told apart; the others are zero, not finite or there several times, and no test can find them.`,
  ]
}

/** The sentence on the layers of a model as they were read for the map. */
export function blurredUnits(name: string, layers: readonly MappedLayer[], plan: MapPlan): string[] {
  const dimension = plan.coordinates.length
  if (dimension === 0) return []
  const distinct = layers.reduce((sum, { units }) => sum + distinctUnits(units, dimension), 0)
  return blurredNote(name, { distinct, units: layers.length * plan.units.length })
}
