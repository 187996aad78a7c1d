/**
 * How much of two models is matched: units, coordinates and pairs of layers, drawn to fit a budget.
 *
 * Small models are matched whole, every layer with every layer. Of wide ones some units of each layer are looked up
 * among all units of the other layer, at some coordinates, in layers that stand about equally deep.
 */
import type { Mlp } from '../weights/mlp.ts'
import { draw } from '../weights/sampling.ts'

/** Multiplications that all pairs of layers together may cost. */
const BUDGET = 1.2e11
/** Units that are looked up in a layer, and coordinates at which they are compared. */
const QUERIES = { most: 512, least: 96 } as const
const COORDINATES = { most: 1024, least: 192 } as const
/** Searches of a pair of layers: forward and back, across and within both, in three views, with the test of cross over self. */
const SEARCHES = 20
/** Up to so many pairs of layers all are matched. */
const ALL_PAIRS = 144
/** Layers of the other model about as deep that are tried where layers were dropped or added. */
const WINDOW = 5

/** See the module. */
export interface AlignPlan {
  /** Pairs of layers, by their places in the two lists of MLPs. */
  readonly pairs: readonly (readonly [number, number])[]
  readonly queries: number
  readonly coordinates: number
}

function depthOrder(place: number, from: number, to: number): number[] {
  const depth = from < 2 ? 0 : (place * (to - 1)) / (from - 1)
  const others = Array.from({ length: to }, (_, i) => i)
  return others.toSorted((x, y) => Math.abs(x - depth) - Math.abs(y - depth) || x - y)
}

function layerPairs(countA: number, countB: number): [number, number][] {
  const window = countA * countB <= ALL_PAIRS ? countB : countA === countB ? 1 : WINDOW
  return Array.from({ length: countA }, (_, a) =>
    depthOrder(a, countA, countB)
      .slice(0, window)
      .map((b): [number, number] => [a, b]),
  ).flat()
}

/** Plans. All that is drawn is drawn as little as the budget asks, and never below the least. */
export function planAlignment(a: readonly Mlp[], b: readonly Mlp[]): AlignPlan {
  const pairs = layerPairs(a.length, b.length)
  const width = Math.max(0, ...[...a, ...b].map((mlp) => mlp.width))
  const inner = Math.min(...[...a, ...b].map((mlp) => mlp.inner))
  const affordable = BUDGET / (Math.max(1, pairs.length) * SEARCHES * Math.max(1, width))
  const queries = Math.max(QUERIES.least, Math.min(QUERIES.most, Math.floor(affordable / COORDINATES.least)))
  const coordinates = Math.max(COORDINATES.least, Math.min(COORDINATES.most, Math.floor(affordable / queries)))
  return { pairs, queries: Math.min(width, queries), coordinates: Math.min(inner, coordinates) }
}

/** The queries of a layer. */
export function drawQueries(width: number, plan: AlignPlan, seed: string): Uint32Array {
  return draw(seed, 'aligned units', { size: width, count: plan.queries })
}

/** Coordinates of a residual stream of some width. */
export function drawCoordinates(length: number, plan: AlignPlan, seed: string): Uint32Array {
  return draw(seed, 'aligned coordinates', { size: length, count: plan.coordinates })
}
