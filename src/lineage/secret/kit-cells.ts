/**
 * Cells of the layer map between a kit and a model whose weights are at hand.
 *
 * The kit has signs, the model has values, and a sign against a value says more than a sign against a sign. Two views:
 * gate rows by cosine; up rows and down columns together by |cosine|, since a unit may turn both round without changing
 * what it computes. Neighbours are sought among the drawn units alone, so that every cell, kin or not, follows one law.
 *
 * The bound and the choice of neighbours: `docs/method/secret-models.md`, section 3.
 */
import { nearestByCosine } from '../../simd/index.ts'
import type { KitLayer, UnitKit } from '../fingerprint/fingerprint.ts'
import { log10Tail } from '../weights/fixed-point.ts'
import type { ViewCell } from '../weights/layer-map.ts'
import { testableMlps, type Mlp, type MlpView } from '../weights/mlp.ts'
import type { Draw } from '../weights/sampling.ts'
import { readUnits } from '../weights/unit-matrix.ts'
import type { Weights } from '../weights/weights.ts'

/** Fewer common units than these say nothing. */
const LEAST_UNITS = 32

/** Views that are looked at together. */
const GROUPS: readonly { readonly name: string; readonly views: readonly MlpView[]; readonly absolute: boolean }[] = [
  { name: 'gate signs', views: ['gate'], absolute: false },
  { name: 'up and down signs', views: ['up', 'down'], absolute: true },
]

type ViewRows = ReadonlyMap<MlpView, Float32Array>

interface SignedLayer {
  readonly layer: number
  readonly rows: ViewRows
}

/** What is compared: units that both have, by their places in the kit and their numbers. */
interface Common {
  readonly units: Uint32Array
  readonly coordinates: Uint32Array
}

/** Signs of one view of a layer of a kit whose mask was taken off, as ±1, units × coordinates. */
export function unpackView(
  kit: UnitKit,
  layer: KitLayer,
  at: { readonly view: number; readonly units: number },
): Float32Array {
  const size = kit.bitsPerView / 8
  const out = new Float32Array(at.units * kit.bitsPerView)
  for (let i = 0; i < out.length; i++) {
    const bit = i % kit.bitsPerView
    const byte = (Math.floor(i / kit.bitsPerView) * layer.views.length + at.view) * size + (bit >> 3)
    out[i] = ((layer.bits[byte] ?? 0) >> (bit & 7)) & 1 ? -1 : 1
  }
  return out
}

/** Scales each row to length 1; rows that are zero or not finite become zero. */
function normaliseRows(rows: Float32Array, length: number): Float32Array {
  const out = new Float32Array(rows.length)
  for (let from = 0; from < rows.length; from += length) {
    let sum = 0
    for (let i = from; i < from + length; i++) sum += (rows[i] ?? 0) ** 2
    const scale = sum > 0 && Number.isFinite(sum) ? 1 / Math.sqrt(sum) : 0
    if (scale > 0) for (let i = from; i < from + length; i++) out[i] = (rows[i] ?? 0) * scale
  }
  return out
}

function readModelLayer(weights: Weights, mlp: Mlp, common: Common): SignedLayer {
  const rows = [...mlp.views].map(
    ([view, matrix]) => [view, normaliseRows(readUnits(weights, matrix, common), common.coordinates.length)] as const,
  )
  return { layer: mlp.layer, rows: new Map(rows) }
}

/** Puts the views of a unit beside each other; null when one is missing. */
function join(rows: ViewRows, views: readonly MlpView[], length: number): Float32Array | null {
  const parts = views.flatMap((view) => rows.get(view) ?? [])
  const [first] = parts
  if (first === undefined || parts.length !== views.length) return null
  const width = views.length * length
  const out = new Float32Array(parts.length * first.length)
  for (const [v, part] of parts.entries())
    for (let i = 0; i < part.length; i++) out[Math.floor(i / length) * width + v * length + (i % length)] = part[i] ?? 0
  return out
}

function cellsOf(kit: SignedLayer, model: SignedLayer, common: Common): ViewCell[] {
  const { units, coordinates } = common
  return GROUPS.flatMap(({ name, views, absolute }) => {
    const present = views.filter((view) => kit.rows.has(view) && model.rows.has(view))
    const signs = join(kit.rows, present, coordinates.length)
    const values = join(model.rows, present, coordinates.length)
    if (signs === null || values === null) return []
    const { index, tied } = nearestByCosine(signs, values, present.length * coordinates.length, { absolute })
    const fixed = index.reduce((count, place, i) => count + Number(place === i && tied[i] === 0), 0)
    const points = {
      sampled: units.length,
      width: units.length,
      fixed,
      log10p: log10Tail(units.length, units.length, fixed),
    }
    return [{ view: name, a: model.layer, b: kit.layer, points }]
  })
}

/** What the cells are made from. */
export interface KitSides {
  readonly weights: Weights
  readonly kit: UnitKit
  readonly draw: Draw
}

/** Every layer of the model, as A, against every layer of the kit, as B; none when their shapes cannot meet. */
export function kitCells({ weights, kit, draw }: KitSides): ViewCell[] {
  const mlps = testableMlps(weights.model).filter(({ inner }) => inner === kit.inner)
  const narrowest = Math.min(kit.width, ...mlps.map(({ width }) => width))
  const units = draw('units', { size: kit.width, count: kit.units }).filter((unit) => unit < narrowest)
  if (mlps.length === 0 || units.length < LEAST_UNITS) return []
  const common = { units, coordinates: draw('coordinates', { size: kit.inner, count: kit.bitsPerView }) }
  const ours = mlps.map((mlp) => readModelLayer(weights, mlp, common))
  return kit.layers.flatMap((layer) => {
    const rows = layer.views.map((view, i) => [view, unpackView(kit, layer, { view: i, units: units.length })] as const)
    const theirs = { layer: layer.layer, rows: new Map(rows) }
    return ours.flatMap((model) => cellsOf(theirs, model, common))
  })
}

/** Mean cosine of units of the same number in two matched layers, from signs against values. */
export function signCosine(sides: KitSides, cell: { readonly a: number; readonly b: number }): number | null {
  const { weights, kit, draw } = sides
  const mlp = testableMlps(weights.model).find(({ layer }) => layer === cell.a)
  const layer = kit.layers.find((each) => each.layer === cell.b)
  if (mlp === undefined || layer === undefined) return null
  const units = draw('units', { size: kit.width, count: kit.units }).filter((unit) => unit < mlp.width)
  const coordinates = draw('coordinates', { size: kit.inner, count: kit.bitsPerView })
  const view = layer.views.find((each) => each === 'gate') ?? layer.views[0]
  const values = view === undefined ? undefined : readModelLayer(weights, mlp, { units, coordinates }).rows.get(view)
  if (view === undefined || values === undefined) return null
  const signs = unpackView(kit, layer, { view: layer.views.indexOf(view), units: units.length })
  const differing = values.reduce((count, value, i) => count + Number(value * (signs[i] ?? 0) < 0), 0)
  return Math.cos((Math.PI * differing) / values.length)
}
