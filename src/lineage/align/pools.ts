/**
 * A layer made ready for matching: all its units at some coordinates, a draw of queries, and what it finds in itself.
 */
import { upperLimit } from '../weights/effect.ts'
import type { MlpView } from '../weights/mlp.ts'
import { everyNumber, type LayerVectors } from './layer-vectors.ts'
import { nearestRows, normaliseRows, takeRows, type Neighbours, type UnitRows } from './neighbours.ts'

/** Mutual nearest neighbours in one view: for each query its partner, or -1. */
export type Mutual = Int32Array

/** Neighbours within the same layer. */
export interface SelfMatch {
  readonly found: Neighbours
  readonly mutual: Mutual
}

/** See the module. */
export interface Pool {
  readonly layer: LayerVectors
  readonly coordinates: Uint32Array
  /** Numbers of the units that are looked up, ascending. */
  readonly queries: Uint32Array
  /** All units, normalised, at the coordinates. */
  readonly views: ReadonlyMap<MlpView, UnitRows>
  /** What the queries find among the other units of their own layer. */
  readonly self: ReadonlyMap<MlpView, SelfMatch>
  /** Upper 99.9 % limit of the share of queries on which two views agree within the layer itself. */
  readonly rate: number
}

/** Confidence of the upper limit of the null rate. */
const RATE_CONFIDENCE = 0.999

/** A row and its negative are alike: a unit may change its sign in up and down at no cost. */
export function isSignless(view: MlpView): boolean {
  return view !== 'gate'
}

/** The distinct neighbours that were found, ascending. */
export function distinct(index: Int32Array): Uint32Array {
  return Uint32Array.from(new Set(index.filter((place) => place >= 0))).sort()
}

/** Keeps the partners that find their query in turn. @param back neighbours of `places`, in their order */
export function keepMutual(
  queries: Uint32Array,
  forward: Int32Array,
  back: { readonly places: Uint32Array; readonly index: Int32Array },
): Mutual {
  const finds = new Map(Array.from(back.places, (place, i) => [place, back.index[i] ?? -1]))
  return forward.map((place, i) => (place >= 0 && finds.get(place) === queries[i] ? place : -1))
}

/** The unit on which at least two views agree, for each query; -1 where there is none. */
export function agreedUnits(mutuals: readonly Mutual[]): Int32Array {
  return Int32Array.from(mutuals[0] ?? [], (_, i) => {
    const partners = mutuals.flatMap((mutual) => ((mutual[i] ?? -1) >= 0 ? [mutual[i] ?? -1] : []))
    return partners.find((partner, at) => partners.indexOf(partner) < at) ?? -1
  })
}

/** How many queries have a unit on which two views agree. */
export function countAgreed(agreed: Int32Array): number {
  return agreed.reduce((sum, place) => sum + (place >= 0 ? 1 : 0), 0)
}

function matchSelf(rows: UnitRows, queries: Uint32Array, view: MlpView): SelfMatch {
  const absolute = isSignless(view)
  const found = nearestRows(takeRows(rows, queries), rows, { absolute, own: queries })
  const places = distinct(found.index)
  const back = nearestRows(takeRows(rows, places), rows, { absolute, own: places })
  return { found, mutual: keepMutual(queries, found.index, { places, index: back.index }) }
}

/** Reads a layer; null when it has fewer than two views, so that no two could agree. */
export function readPool(layer: LayerVectors, coordinates: Uint32Array, queries: Uint32Array): Pool | null {
  if (layer.views.length < 2 || coordinates.length === 0) return null
  const units = everyNumber(layer.width)
  const views = new Map(
    layer.views.map((view) => [view, normaliseRows(layer.read(view, units, coordinates), coordinates.length)]),
  )
  const self = new Map([...views].map(([view, rows]) => [view, matchSelf(rows, queries, view)]))
  const agreed = countAgreed(agreedUnits([...self.values()].map(({ mutual }) => mutual)))
  const rate = Math.max(upperLimit(agreed, queries.length, RATE_CONFIDENCE), 1 / layer.width)
  return { layer, coordinates, queries, views, self, rate }
}
