/**
 * Cross over self: are units nearer to the other model than to their own?
 *
 * Put the units of both layers into one pool. If they are draws of one kind, it does not matter which of them are called
 * A's, and the nearest neighbour of a unit is as likely of one model as of the other. Every shift between the models
 * makes neighbours of the own kind more likely. Only units that exist in both models have their nearest neighbour across.
 *
 * Pairs of mutual nearest neighbours in the pool are disjoint, so the law of the re-labelling is exact and needs no
 * simulation. Where all units are looked up, X of all mutual pairs lie across, and the labels are uniform. In wide
 * layers |S| units of A are drawn; of all other units the labels are still uniform, and of the e partners of units of S
 * the number X that belongs to B is hypergeometric.
 *
 * Assumed: exchangeability of which model a unit of the pool came from, or a shift that makes X smaller.
 * Source: nearest-neighbour two-sample test (M. F. Schilling, JASA 81, 1986), restricted to mutual pairs;
 * `docs/method/alignment.md`.
 */
import type { MlpView } from '../weights/mlp.ts'
import { carry, type Frame } from './frame.ts'
import { nearestRows, takeRows, type Neighbours } from './neighbours.ts'
import { distinct, isSignless, type Pool } from './pools.ts'
import { log10HypergeometricTail, log10MixedPairsTail } from './tails.ts'

/** What was found; see the module. */
export interface CrossOverSelf {
  /** Queries whose nearest unit of B is nearer than their nearest unit of A, and queries. */
  readonly nearer: number
  readonly queries: number
  /** Mutual pairs in the pool (in wide layers those of a drawn unit of A with one that was not drawn); those across. */
  readonly pairs: number
  readonly across: number
  /** log10 P(X ≥ across). */
  readonly log10p: number
}

/** The neighbours of the queries of A among all units of B, and of the units so found among those of A. */
export interface CrossMatch {
  readonly view: MlpView
  readonly forward: Neighbours
  readonly places: Uint32Array
  readonly back: Neighbours
}

function nearness({ index, cosine }: Neighbours, i: number): number {
  return (index[i] ?? -1) < 0 ? 0 : Math.abs(cosine[i] ?? 0)
}

/** For each place: its nearest own unit, and whether that or a unit of the other model is nearest in the pool. */
interface Pooled {
  readonly places: ReadonlyMap<number, number>
  readonly own: Neighbours
  readonly other: Neighbours
}

function pooled(places: Uint32Array, own: Neighbours, other: Neighbours): Pooled {
  return { places: new Map(Array.from(places, (place, i) => [place, i])), own, other }
}

/** Whether a unit's nearest in the pool is the given unit of its own, or of the other model. */
function isNearest(unit: Pooled, place: number, partner: { readonly number: number; readonly own: boolean }): boolean {
  const i = unit.places.get(place) ?? -1
  const [near, far] = partner.own ? [unit.own, unit.other] : [unit.other, unit.own]
  return near.index[i] === partner.number && nearness(near, i) > nearness(far, i)
}

/** Units of A whose nearest neighbours in the pool are looked at: half of the queries where these are all units. */
function drawnQueries(pool: Pool): ReadonlySet<number> {
  const { queries, layer } = pool
  const step = queries.length * 2 > layer.width ? 2 : 1
  return new Set(queries.filter((_, i) => i % step === 0))
}

/** Neighbours in the pool of some units of a layer. */
function poolOf(
  places: Uint32Array,
  at: { readonly own: Pool; readonly other: Pool; readonly by: Float32Array | null; readonly view: MlpView },
): Pooled {
  const absolute = isSignless(at.view)
  const [rows, others] = [at.own.views.get(at.view), at.other.views.get(at.view)]
  const none = { index: new Int32Array(places.length).fill(-1), cosine: new Float32Array(places.length) }
  if (rows === undefined || others === undefined) return pooled(places, none, none)
  const own = nearestRows(takeRows(rows, places), rows, { absolute, own: places })
  const carried = carry(at.own, at.view, { units: places, by: at.by })
  return pooled(places, own, nearestRows(carried, others, { absolute }))
}

interface Searched {
  readonly self: Neighbours
  readonly cross: Neighbours
  readonly ours: Pooled
  readonly theirs: Pooled
  readonly drawn: ReadonlySet<number>
}

/** Whether a drawn unit of A and its nearest in the pool are mutual: across, within A, or null when they are not. */
function pairOf(found: Searched, unit: number, i: number): 'across' | 'within' | null {
  const [near, far] = [nearness(found.cross, i), nearness(found.self, i)]
  if (near === far) return null
  const isAcross = near > far
  const partner = (isAcross ? found.cross : found.self).index[i] ?? -1
  if (!isAcross && found.drawn.has(partner)) return null
  const pool = isAcross ? found.theirs : found.ours
  if (!isNearest(pool, partner, { number: unit, own: !isAcross })) return null
  return isAcross ? 'across' : 'within'
}

function isWhole({ queries, layer }: Pool): boolean {
  return queries.length === layer.width
}

/** All mutual pairs in the pool, when all units of both layers are looked up. */
function countAllPairs(
  a: Pool,
  b: Pool,
  found: Searched & { readonly view: MlpView },
): { pairs: number; across: number } {
  const whole = { ...found, drawn: new Set<number>() }
  const kinds = Array.from(a.queries, (unit, i) => pairOf(whole, unit, i))
  const across = kinds.filter((kind) => kind === 'across').length
  const withinA = kinds.filter((kind) => kind === 'within').length / 2
  const own = b.self.get(found.view)?.found ?? { index: new Int32Array(0), cosine: new Float32Array(0) }
  const isOwn = (unit: number): boolean => nearness(own, unit) > nearness(found.theirs.other, unit)
  const mutual = b.queries.filter((unit) => {
    const partner = own.index[unit] ?? -1
    return partner > unit && own.index[partner] === unit && isOwn(unit) && isOwn(partner)
  })
  return { pairs: across + withinA + mutual.length, across }
}

/** Pairs of the drawn units with units that were not drawn. */
function countDrawnPairs(a: Pool, found: Searched): { pairs: number; across: number } {
  const kinds = Array.from(a.queries, (unit, i) => (found.drawn.has(unit) ? pairOf(found, unit, i) : null))
  return {
    pairs: kinds.filter((kind) => kind !== null).length,
    across: kinds.filter((kind) => kind === 'across').length,
  }
}

/** Runs the test on one view; see the module. */
export function crossOverSelf(
  a: Pool,
  b: Pool,
  at: { readonly frame: Frame; readonly cross: CrossMatch },
): CrossOverSelf {
  const { frame, cross } = at
  const { view, forward } = cross
  const whole = isWhole(a) && isWhole(b)
  const self = a.self.get(view)?.found ?? { index: new Int32Array(0), cosine: new Float32Array(0) }
  const ours = poolOf(distinct(self.index), { own: a, other: b, by: frame.toB, view })
  const theirs = poolOf(whole ? b.queries : cross.places, { own: b, other: a, by: frame.toA, view })
  const found = { self, cross: forward, ours, theirs, drawn: drawnQueries(a), view }
  const count = whole ? countAllPairs(a, b, found) : countDrawnPairs(a, found)
  const nearer = a.queries.filter((_, i) => nearness(forward, i) > nearness(self, i)).length
  return {
    ...count,
    nearer,
    queries: a.queries.length,
    log10p: whole ? boundAll(a, b, count) : boundDrawn(a, b, { ...count, drawn: found.drawn.size }),
  }
}

function boundAll(a: Pool, b: Pool, { pairs, across }: { pairs: number; across: number }): number {
  return log10MixedPairsTail({ balls: a.layer.width + b.layer.width, marked: b.layer.width, pairs }, across)
}

function boundDrawn(a: Pool, b: Pool, at: { pairs: number; across: number; drawn: number }): number {
  const urn = { balls: a.layer.width + b.layer.width - at.drawn, marked: b.layer.width, drawn: at.pairs }
  return log10HypergeometricTail(urn, at.across)
}
