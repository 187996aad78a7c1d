/**
 * Hidden layers of another width: units removed, copied or added.
 *
 * Units of the narrower layer are sought among those of the wider one by cosine. What the wider has beyond them is
 * looked at: copies of the same units or zeros were added (the wider is the child); units of their own stood there
 * before or were trained since, and then the narrower one was most likely cut, the more so when what is left is
 * scattered among the units of the wider.
 *
 * Source: T. Chen, I. Goodfellow, J. Shlens, Net2Net (2016), for widening by copies.
 */
import type { Change } from '../weights/change.ts'
import { testableMlps, type Mlp } from '../weights/mlp.ts'
import { readUnits, type UnitMatrix } from '../weights/unit-matrix.ts'
import type { Weights } from '../weights/weights.ts'
import { cosine } from '../weights/cosine.ts'
import type { ChangePlaces, SideName } from './places.ts'

const SAME = 0.8
const FOUND = 0.9
/** Layers that are looked at, and units of each. */
const LAYERS = 4
const MOST_UNITS = 1024

interface Widths {
  readonly few: number
  readonly many: number
  readonly found: number
  readonly stay: number
  /** Units of the wider beyond those found that are copies of another, or nothing. */
  readonly copies: number
  readonly extra: number
}

function viewOf(mlp: Mlp): UnitMatrix | undefined {
  return mlp.views.get('gate') ?? mlp.views.get('up')
}

function readAll(weights: Weights, mlp: Mlp): Float32Array[] {
  const view = viewOf(mlp)
  if (view === undefined || view.units > 4 * MOST_UNITS) return []
  const all = (size: number): Uint32Array => Uint32Array.from({ length: size }, (_, i) => i)
  const flat = readUnits(weights, view, { units: all(view.units), coordinates: all(view.length) })
  return Array.from({ length: view.units }, (_, i) => flat.subarray(i * view.length, (i + 1) * view.length))
}

function nearest(unit: Float32Array, others: readonly Float32Array[]): readonly [number, number] {
  let [place, best] = [-1, SAME]
  for (const [j, other] of others.entries()) {
    const value = cosine(unit, other)
    if (value > best) [place, best] = [j, value]
  }
  return [place, best]
}

function compareWidths(narrow: readonly Float32Array[], wide: readonly Float32Array[]): Widths {
  const places = narrow.map((unit) => nearest(unit, wide)[0])
  const taken = new Set(places)
  const extra = wide.filter((_, j) => !taken.has(j))
  const copies = extra.filter((unit) => unit.every((value) => value === 0) || nearest(unit, narrow)[0] >= 0).length
  return {
    few: narrow.length,
    many: wide.length,
    found: places.filter((place) => place >= 0).length,
    stay: places.filter((place, i) => place === i).length,
    copies,
    extra: extra.length,
  }
}

/** Matched layers; in order where the map is silent. */
function layersOf(places: ChangePlaces): (readonly [Mlp, Mlp])[] {
  const [ours, theirs] = [testableMlps(places.a.model), testableMlps(places.b.model)]
  const isInOrder = places.map.layersA === places.map.layersB
  return ours
    .flatMap((mlp) => {
      const other = theirs.find(({ layer }) => layer === (isInOrder ? mlp.layer : places.partners.get(mlp.layer)))
      return other === undefined || other.width === mlp.width || other.inner !== mlp.inner
        ? []
        : [[mlp, other] as const]
    })
    .slice(0, LAYERS)
}

function describe(all: readonly Widths[], shorter: SideName): Change[] {
  const sum = (key: keyof Widths): number => all.reduce((total, each) => total + each[key], 0)
  const [first] = all
  if (first === undefined || sum('found') < FOUND * sum('few')) return []
  const wider = shorter === 'a' ? 'b' : 'a'
  const counted = `${sum('found')} of ${sum('few')} units of ${all.length} layers found again, ${sum('stay')} at their own number`
  if (sum('copies') >= FOUND * sum('extra'))
    return [
      {
        text: `hidden layers widened from ${first.few} to ${first.many} units by copies or zeros: ${counted}`,
        child: wider,
      },
    ]
  const isScattered = sum('stay') < FOUND * sum('found')
  const text = `hidden layers of ${first.few} and ${first.many} units: ${counted}, ${sum('extra') - sum('copies')} others in the wider`
  return isScattered
    ? [{ text: `${text}; units removed`, child: shorter }]
    : [{ text: `${text}; units removed from the end or added there`, child: null }]
}

/** The change of width of gate or up. */
export function widthChanges(places: ChangePlaces): Change[] {
  const layers = layersOf(places)
  const [first] = layers
  if (first === undefined) return []
  const shorter: SideName = first[0].width < first[1].width ? 'a' : 'b'
  const all = layers.map(([ours, theirs]) => {
    const [x, y] = [readAll(places.a, ours), readAll(places.b, theirs)]
    return shorter === 'a' ? compareWidths(x, y) : compareWidths(y, x)
  })
  return describe(all, shorter)
}
