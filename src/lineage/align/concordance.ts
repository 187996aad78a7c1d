/**
 * Unit concordance (C2): do two layers hold the same units, whatever their numbers?
 *
 * In each view the mutual nearest neighbours of two layers are a partial matching. Of unrelated layers the matchings of
 * different views have little to do with each other; of layers that hold the same units, renumbered, rescaled, pruned,
 * quantised, they name the same partner. K counts the units on which at least two views agree.
 *
 * How often views agree by chance is taken from the models themselves: each layer matched with itself, every unit kept
 * from finding itself, and the upper 99.9 % limit of that share, or 1/h if larger. With it K is held against the binomial
 * tail. A second statistic, with another null (`cross-over-self.ts`), must be as improbable: the bound of a pair of
 * layers is the larger of the two, so that it holds where either null does.
 *
 * The mathematics, and what was measured: `docs/method/alignment.md`.
 */
import type { FixedPoints } from '../weights/fixed-point.ts'
import { fixedPoints } from '../weights/fixed-point.ts'
import type { MlpView } from '../weights/mlp.ts'
import { crossOverSelf, type CrossMatch, type CrossOverSelf } from './cross-over-self.ts'
import { carry, type Frame } from './frame.ts'
import { nearestRows } from './neighbours.ts'
import { agreedUnits, countAgreed, distinct, isSignless, keepMutual, type Pool } from './pools.ts'
import { log10BinomialTail } from './tails.ts'

/** Two layers after matching. */
export interface Concordance {
  readonly a: Pool
  readonly b: Pool
  /** For each query of A the unit of B on which two views agree, or -1. */
  readonly agreed: Int32Array
  /** K of |Q| units, with the larger of the two bounds. */
  readonly points: FixedPoints
  readonly cross: CrossOverSelf
  /** Null rate that was used. */
  readonly rate: number
  /** Fixed points of the nearest neighbours in each view; empty when the widths differ. */
  readonly fixed: readonly { readonly view: MlpView; readonly points: FixedPoints }[]
  /** Mean over the queries of the |cosine| with their agreed unit, 0 where there is none. */
  readonly cosine: number
}

function matchView(a: Pool, b: Pool, at: { readonly view: MlpView; readonly frame: Frame }): CrossMatch {
  const { view, frame } = at
  const absolute = isSignless(view)
  const none = { rows: new Float32Array(0), length: 1 }
  const forward = nearestRows(carry(a, view, { units: a.queries, by: frame.toB }), b.views.get(view) ?? none, {
    absolute,
  })
  const places = distinct(forward.index)
  const back = nearestRows(carry(b, view, { units: places, by: frame.toA }), a.views.get(view) ?? none, { absolute })
  return { view, forward, places, back }
}

function meanCosine(agreed: Int32Array, { forward }: CrossMatch): number {
  const sum = agreed.reduce(
    (total, unit, i) => total + (unit >= 0 && forward.index[i] === unit ? Math.abs(forward.cosine[i] ?? 0) : 0),
    0,
  )
  return agreed.length === 0 ? 0 : sum / agreed.length
}

/** Matches two layers; null when they have fewer than two views in common. */
export function matchLayers(a: Pool, b: Pool, frame: Frame): Concordance | null {
  const views = a.layer.views.filter((view) => b.layer.views.includes(view))
  const matches = views.map((view) => matchView(a, b, { view, frame }))
  const [lead] = matches
  if (lead === undefined || matches.length < 2) return null
  const agreed = agreedUnits(
    matches.map(({ forward, places, back }) => keepMutual(a.queries, forward.index, { places, index: back.index })),
  )
  const [count, rate, sampled] = [countAgreed(agreed), Math.max(a.rate, b.rate), a.queries.length]
  const cross = crossOverSelf(a, b, { frame, cross: lead })
  const log10p = Math.max(log10BinomialTail(sampled, count, rate), cross.log10p)
  const isNumbered = a.layer.width === b.layer.width
  return {
    a,
    b,
    agreed,
    points: { sampled, width: Math.min(a.layer.width, b.layer.width), fixed: count, log10p },
    cross,
    rate,
    fixed: isNumbered
      ? matches.map(({ view, forward }) => ({ view, points: fixedPoints(a.queries, forward.index, b.layer.width) }))
      : [],
    cosine: meanCosine(agreed, lead),
  }
}
