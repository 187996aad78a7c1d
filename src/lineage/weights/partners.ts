/**
 * Which layer of B stands against which of A.
 */
import type { LayerMap } from './layer-map.ts'

/** As the map says; where it says nothing, in order, when there are equally many layers. */
export function partnersOf(map: LayerMap): ReadonlyMap<number, number> {
  const matched = map.partners.flatMap((b, a) => (b === null ? [] : [[a, b] as const]))
  if (matched.length > 0) return new Map(matched)
  return new Map(map.layersA === map.layersB ? map.partners.map((_, layer) => [layer, layer]) : [])
}
