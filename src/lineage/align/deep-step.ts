/**
 * One round of a deep inspection (C4): fit a rotation to the pairs there are, match again, and at the end hold the
 * rotation against layers that took no part in the fit.
 *
 * Fitting can make unrelated layers agree on a third of their units; on layers that were not fitted it makes them
 * agree as chance does. So only those count.
 */
import { combineLog10 } from '../weights/family-wise.ts'
import { draw } from '../weights/sampling.ts'
import type { Concordance } from './concordance.ts'
import { fitRotation, pairUnits, type PairedLayers, type UnitPair } from './blind-fit.ts'
import { MOST_ITERATIONS, nextAttempt, type DeepAttempt, type DeepState, type HeldOut } from './deep-state.ts'
import { turnedFrame, type Matrix } from './frame.ts'
import { layerVectors } from './layer-vectors.ts'
import { matchModels, type AlignSide } from './match-models.ts'
import { readFitLayer, seedPairs, type FitLayer } from './minutiae.ts'
import { drawCoordinates, planAlignment } from './plan.ts'
import type { Polar } from './polar.ts'

/** Pairs of layers that are fitted on, and that are held out, at most; evenly spread. */
const MOST_LAYERS = { fit: 4, held: 8 } as const
/** From this share of unchanged pairs an attempt has converged. */
const CONVERGED = 0.98

/** Both models, the one with the narrower layers first. */
export interface DeepSides {
  readonly left: AlignSide
  readonly right: AlignSide
}

type LayerPair = readonly [number, number]

/** Layers of the other model about as deep that may be the partner, where layers were dropped or added. */
const WINDOW = 5

/** For a layer of the left model those of the right that may be its partner, the likeliest by depth first. */
function candidates({ left, right }: DeepSides, place: number): number[] {
  const [from, to] = [left.mlps.length, right.mlps.length]
  const depth = from < 2 ? 0 : (place * (to - 1)) / (from - 1)
  const others = Array.from({ length: to }, (_, j) => j)
  const nearest = others.toSorted((x, y) => Math.abs(x - depth) - Math.abs(y - depth) || x - y)
  return nearest.slice(0, from === to ? 1 : WINDOW)
}

function spread<T>(items: readonly T[], most: number): T[] {
  const step = Math.max(1, items.length / most)
  return items.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step))
}

function places(sides: DeepSides, fold: number): number[] {
  return sides.left.mlps.flatMap((_, i) => (i % 2 === fold ? [i] : []))
}

/** Layers to fit on, each with the partner whose minutiae resemble its own most. */
function chooseFitted(sides: DeepSides, fold: 0 | 1): LayerPair[] {
  return spread(places(sides, fold), MOST_LAYERS.fit).flatMap((i): LayerPair[] => {
    const others = candidates(sides, i)
    if (others.length < 2) return others.map((j) => [i, j])
    const ours = readFit(sides.left, i)
    const scores = others.map((j) => ({ j, score: likeness(ours, readFit(sides.right, j)) }))
    return [[i, scores.reduce((best, each) => (each.score > best.score ? each : best)).j]]
  })
}

function likeness(a: FitLayer | null, b: FitLayer | null): number {
  return a === null || b === null ? 0 : seedPairs(a, b).reduce((sum, { weight }) => sum + weight, 0)
}

/** Pairs of layers none of which was fitted on. */
function heldPairs(sides: DeepSides, fold: 0 | 1, fitted: readonly LayerPair[]): LayerPair[] {
  const taken = new Set(fitted.map(([, j]) => j))
  return spread(places(sides, 1 - fold), MOST_LAYERS.held).flatMap((i) =>
    candidates(sides, i).flatMap((j): LayerPair[] => (taken.has(j) ? [] : [[i, j]])),
  )
}

function readFit(side: AlignSide, place: number): FitLayer | null {
  const mlp = side.mlps[place]
  return mlp === undefined ? null : readFitLayer(layerVectors(side.weights, mlp))
}

function firstPairs(a: FitLayer, b: FitLayer, at: { readonly draw: number; readonly seed: string }): UnitPair[] {
  const seeds = seedPairs(a, b).map((seed): UnitPair => ({ ...seed, sign: 1 }))
  if (at.draw === 0) return seeds
  const kept = draw(at.seed, `half ${at.draw}`, { size: seeds.length, count: Math.ceil(seeds.length / 2) })
  return Array.from(kept, (place) => seeds[place]).flatMap((seed) => seed ?? [])
}

/** Share of the pairs that were there before. */
function unchangedShare(before: readonly (readonly UnitPair[])[], after: readonly (readonly UnitPair[])[]): number {
  const key = ({ i, j }: UnitPair, layer: number): string => `${layer} ${i} ${j}`
  const known = new Set(before.flatMap((pairs, layer) => pairs.map((pair) => key(pair, layer))))
  const now = after.flatMap((pairs, layer) => pairs.map((pair) => key(pair, layer)))
  return now.length === 0 ? 1 : now.filter((each) => known.has(each)).length / Math.max(known.size, now.length)
}

function readLayers(sides: DeepSides, fit: readonly LayerPair[]): { a: FitLayer; b: FitLayer }[] {
  return fit.flatMap(([i, j]) => {
    const [a, b] = [readFit(sides.left, i), readFit(sides.right, j)]
    return a === null || b === null ? [] : [{ a, b }]
  })
}

/** The best matches, each layer of either side at most once. */
function bestMatches(matches: readonly Concordance[]): Concordance[] {
  const taken = new Set<string>()
  const sorted = matches.toSorted((x, y) => x.points.log10p - y.points.log10p || y.points.fixed - x.points.fixed)
  return sorted.filter(({ a, b }) => {
    const keys = [`a${a.layer.layer}`, `b${b.layer.layer}`]
    if (keys.some((key) => taken.has(key))) return false
    for (const key of keys) taken.add(key)
    return true
  })
}

/** The rotation that an attempt has found so far; null before its first round. */
export function rotationOfAttempt(sides: DeepSides, { fitted, pairs }: DeepAttempt): Polar | null {
  return pairs.length === 0 ? null : fitRotation(withPairs(readLayers(sides, fitted), pairs))
}

/** Layers that took no part in the fit, matched after the turn; each layer of either side at most once. */
export function matchHeldOut(
  sides: DeepSides,
  at: { readonly attempt: DeepAttempt; readonly rotation: Matrix; readonly seed: string },
): { readonly matches: readonly Concordance[]; readonly tried: number } {
  const { left, right } = sides
  const pairs = heldPairs(sides, at.attempt.fold, at.attempt.fitted)
  const plan = { ...planAlignment(left.mlps, right.mlps), pairs }
  const frame = turnedFrame(at.rotation, {
    a: drawCoordinates(at.rotation.rows, plan, at.seed),
    b: drawCoordinates(at.rotation.columns, plan, at.seed),
  })
  const tried = matchModels(left, right, { frame, plan, seed: at.seed })
  return { matches: bestMatches(tried), tried: tried.length }
}

const NOTHING: HeldOut = { agreeing: 0, tested: 0, log10p: 0 }

function holdOut(sides: DeepSides, attempt: DeepAttempt, seed: string): HeldOut {
  const rotation = rotationOfAttempt(sides, attempt)
  if (rotation === null) return NOTHING
  const { matches, tried } = matchHeldOut(sides, { attempt, rotation, seed })
  const cells = matches.map(({ points }) => ({ log10p: points.log10p, counts: points.sampled }))
  return {
    agreeing: matches.filter(({ points }) => points.fixed * 2 >= points.sampled).length,
    tested: matches.length,
    log10p: combineLog10(cells, Math.max(1, tried)),
  }
}

function stepAttempt(sides: DeepSides, attempt: DeepAttempt, seed: string): DeepAttempt {
  const fitted = attempt.iteration === 0 ? chooseFitted(sides, attempt.fold) : attempt.fitted
  const layers = readLayers(sides, fitted)
  if (layers.length === 0 || heldPairs(sides, attempt.fold, fitted).length === 0)
    return { ...attempt, heldOut: NOTHING }
  const before = layers.map(({ a, b }, i) =>
    attempt.iteration === 0 ? firstPairs(a, b, { draw: attempt.draw, seed }) : (attempt.pairs[i] ?? []),
  )
  const rotation = fitRotation(withPairs(layers, before))
  if (rotation === null) return { ...attempt, pairs: [], heldOut: NOTHING }
  const pairs = layers.map(({ a, b }) => pairUnits(a, b, rotation))
  const iteration = attempt.iteration + 1
  const converged = unchangedShare(before, pairs) >= CONVERGED
  const next = { ...attempt, fitted, iteration, pairs, converged }
  if (!converged && iteration < MOST_ITERATIONS) return next
  return { ...next, heldOut: holdOut(sides, next, seed) }
}

function withPairs(
  layers: readonly { a: FitLayer; b: FitLayer }[],
  pairs: readonly (readonly UnitPair[])[],
): PairedLayers[] {
  return layers.map(({ a, b }, i) => ({ a, b, pairs: pairs[i] ?? [] }))
}

/** Does one round and returns the new state; the same state when the inspection has ended. */
export function stepWeights(state: DeepState, sides: DeepSides, seed: string): DeepState {
  const at = nextAttempt(state)
  if (at === null) return state
  const attempts = state.attempts.map((attempt, i) => (i === at ? stepAttempt(sides, attempt, seed) : attempt))
  return { attempts }
}
