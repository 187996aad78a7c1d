/**
 * How much of each model agrees: layers and units, from the side of the model that agrees more.
 *
 * A child that kept three of four layers agrees wholly with its parent, while its parent agrees with it by three
 * quarters; so each side is counted and the larger share is what the verdict weighs. A layer agrees when at least half
 * of its units find themselves, or when it has a matrix in common bit for bit.
 */
import type { Effect } from './comparison.ts'
import { clopperPearson } from './effect.ts'
import type { EqualityEvidence } from './equality-evidence.ts'
import { isAgreeing, type LayerMap, type MapCell } from './layer-map.ts'

/** Coverage of one model by the other. */
export interface Coverage {
  readonly side: 'a' | 'b'
  readonly layers: number
  /** Layers that agree, ascending. */
  readonly agreeing: readonly number[]
  /** Units of all testable layers of this side, in the best view of each, with their interval. */
  readonly units: Effect
  /** Layers of this side in which some cell is matched at all. */
  readonly touched: readonly number[]
}

function share(cell: MapCell): number {
  return cell.best.points.fixed / cell.best.points.sampled
}

function coverageOf(side: 'a' | 'b', map: LayerMap, equality: EqualityEvidence): Coverage {
  const layers = side === 'a' ? map.layersA : map.layersB
  const best = new Map<number, MapCell>()
  for (const cell of map.cells) {
    const known = best.get(cell[side])
    if (cell.matched && (known === undefined || share(cell) > share(known))) best.set(cell[side], cell)
  }
  const tested = new Set(map.cells.map((cell) => cell[side]))
  const sampled = [...tested].reduce((sum, layer) => {
    const cell = best.get(layer) ?? map.cells.find((each) => each[side] === layer)
    return sum + (cell?.best.points.sampled ?? 0)
  }, 0)
  const fixed = [...best.values()].reduce((sum, cell) => sum + cell.best.points.fixed, 0)
  const byUnits = [...best].flatMap(([layer, cell]) => (isAgreeing(cell) ? [layer] : []))
  const byBits = equality.equalLayers.map((pair) => pair[side])
  return {
    side,
    layers,
    agreeing: [...new Set([...byUnits, ...byBits])].toSorted((x, y) => x - y),
    units: clopperPearson(fixed, sampled),
    touched: [...best.keys()].toSorted((x, y) => x - y),
  }
}

/** The coverage of the side that agrees more; see the module. */
export function bestCoverage(map: LayerMap, equality: EqualityEvidence): Coverage {
  const a = coverageOf('a', map, equality)
  const b = coverageOf('b', map, equality)
  const shareOf = ({ agreeing, layers }: Coverage): number => (layers === 0 ? 0 : agreeing.length / layers)
  if (shareOf(a) !== shareOf(b)) return shareOf(a) > shareOf(b) ? a : b
  return a.units.share >= b.units.share ? a : b
}
