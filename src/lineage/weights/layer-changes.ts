/**
 * What the layer map says was done to the layers: dropped, added, doubled, moved.
 *
 * Direction: who has fewer layers and all of them from the other is the child, since layers are dropped but not grown
 * into the middle of a trained model without being copies; who holds copies of one layer of the other is the child.
 */
import { listNumbers } from '../../base/index.ts'
import type { Change } from './change.ts'
import { isAgreeing, type LayerMap, type MapCell } from './layer-map.ts'

interface Side {
  readonly name: 'a' | 'b'
  readonly layers: number
  /** For each layer the layer of the other side with which it shares most of its units, or -1. */
  readonly partners: readonly number[]
  /** Layers without any matched cell. */
  readonly foreign: readonly number[]
}

function strength(cell: MapCell | undefined): number {
  return cell === undefined ? 0 : -cell.log10p
}

/** The partner of each layer with which it shares most of its units, whether or not another layer has the same. */
function strongestPartners(map: LayerMap, name: 'a' | 'b'): Side {
  const layers = name === 'a' ? map.layersA : map.layersB
  const best: (MapCell | undefined)[] = Array.from({ length: layers }, () => undefined)
  const touched = new Set<number>()
  for (const cell of map.cells) {
    if (cell.matched) touched.add(cell[name])
    if (!isAgreeing(cell)) continue
    if (strength(cell) > strength(best[cell[name]])) best[cell[name]] = cell
  }
  const partners = best.map((cell) => (cell === undefined ? -1 : cell[name === 'a' ? 'b' : 'a']))
  return { name, layers, partners, foreign: best.flatMap((_, layer) => (touched.has(layer) ? [] : [layer])) }
}

function word(count: number): string {
  return count === 1 ? 'layer' : 'layers'
}

/** Layers of `source` that stand more than once in `target`. */
function doubled(target: Side): number[] {
  const counts = new Map<number, number>()
  for (const partner of target.partners) if (partner >= 0) counts.set(partner, (counts.get(partner) ?? 0) + 1)
  return [...counts].flatMap(([layer, count]) => (count > 1 ? [layer] : [])).toSorted((x, y) => x - y)
}

function isMonotone(partners: readonly number[]): boolean {
  const matched = partners.filter((partner) => partner >= 0)
  return matched.every((partner, i) => i === 0 || partner >= (matched[i - 1] ?? 0))
}

function unmatched({ partners }: Side): number[] {
  return partners.flatMap((partner, layer) => (partner < 0 ? [layer] : []))
}

function describeDropped(shorter: Side, longer: Side): Change[] {
  const missing = longer.foreign
  if (missing.length === 0 || missing.length === longer.layers || unmatched(shorter).length > 0) return []
  const child = shorter.layers < longer.layers ? shorter.name : null
  return [{ text: `${word(missing.length)} ${listNumbers(missing)} of the ${longer.layers} dropped`, child }]
}

function describeDoubled(target: Side, source: Side): Change[] {
  const layers = doubled(target)
  if (layers.length === 0 || target.layers <= source.layers) return []
  const text = `${word(layers.length)} ${listNumbers(layers)} of ${source.layers} doubled, giving ${target.layers}`
  return [{ text, child: target.name }]
}

function describeForeign(target: Side, other: Side): Change[] {
  const { foreign } = target
  if (foreign.length === 0 || unmatched(target).length === target.layers || other.foreign.length === 0) return []
  return [
    {
      text: `${word(foreign.length)} ${listNumbers(foreign)} of ${target.name.toUpperCase()} from elsewhere or trained anew`,
      child: null,
    },
  ]
}

/** All that can be said of the layers. Nothing when no layer is matched. */
export function layerChanges(map: LayerMap): Change[] {
  const a = strongestPartners(map, 'a')
  const b = strongestPartners(map, 'b')
  if (unmatched(a).length === a.layers) return []
  const moved =
    isMonotone(a.partners) || doubled(b).length > 0 || doubled(a).length > 0
      ? []
      : [{ text: 'layers reordered', child: null }]
  return [
    ...describeDoubled(a, b),
    ...describeDoubled(b, a),
    ...describeDropped(a, b),
    ...describeDropped(b, a),
    ...describeForeign(a, b),
    ...describeForeign(b, a),
    ...moved,
  ]
}
