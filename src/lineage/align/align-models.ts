/**
 * C2 and C3 of the cascade: what is left when units do not find themselves at their own numbers.
 *
 * C2 matches units in the residual basis that both models share. Where it is silent too, C3 turns A's residual stream
 * into B's by what both do with the same tokens, and matches again; the fixed-point test is repeated after the turn,
 * where it is as exact as before. The model with the narrower layers is matched into the other.
 */
import type { TestOutcome } from '../weights/comparison.ts'
import type { ViewCell } from '../weights/layer-map.ts'
import type { Concordance } from './concordance.ts'
import { sharedFrame, turnedFrame, type Frame } from './frame.ts'
import { matchModels, type AlignOptions, type AlignSide } from './match-models.ts'
import { drawCoordinates, planAlignment, type AlignPlan } from './plan.ts'
import { rotationFromTokens, type TokenRotation } from './token-rotation.ts'

/** C2: one residual basis; C3: turned by tokens; C4: turned by units, blindly. */
export type AlignmentTest = 'C2' | 'C3' | 'C4'

/** The alignment in which the layers agree. */
export interface Alignment {
  readonly test: AlignmentTest
  /** Layers that agree, each layer at most once, the best match of each. */
  readonly matches: readonly Concordance[]
  /** Null for C2. Turns the model of `left` into the other. */
  readonly rotation: TokenRotation | null
  /** The model whose units were looked up in the other. */
  readonly left: 'a' | 'b'
}

/** What was run and found. */
export interface AlignmentRun {
  readonly cells: readonly ViewCell[]
  /** All matches, also those that do not agree. */
  readonly concordances: readonly { readonly test: AlignmentTest; readonly match: Concordance }[]
  /** Null when no more layers agree by most of their units than do as they stand. */
  readonly found: Alignment | null
  readonly ran: readonly AlignmentTest[]
  readonly left: 'a' | 'b'
  /** Layers of A whose bounds may be combined, where not all may; the best of these groups counts. */
  readonly halves?: readonly (readonly number[])[]
  /** Outcomes that are no bounds. */
  readonly remarks?: readonly TestOutcome[]
  /** Why silence would not decide. */
  readonly undecided?: readonly string[]
}

/** Views of cells that come from here. */
export function isAlignedView(view: string): boolean {
  return view === 'units' || view.startsWith('aligned ')
}

/** Bounds that may be looked at for each pair of layers: one by C2, one by C3 and three views after the turn. */
export const BOUNDS_PER_PAIR = 5

/** From this share of its queries, and this bound, a layer agrees. */
const AGREEING = { share: 0.5, log10p: -4 } as const

function widest({ mlps }: AlignSide): number {
  return Math.max(0, ...mlps.map(({ width }) => width))
}

function lengthOf({ mlps }: AlignSide): number {
  return mlps[0]?.inner ?? 0
}

/** Layers that agree, in order, each layer of either side once. */
export function agreeingLayers(matches: readonly Concordance[]): Concordance[] {
  const strong = matches
    .filter(({ points }) => points.log10p <= AGREEING.log10p && points.fixed >= AGREEING.share * points.sampled)
    .toSorted((x, y) => y.points.fixed / y.points.sampled - x.points.fixed / x.points.sampled)
  const taken = new Set<string>()
  const kept = strong.filter(({ a, b }) => {
    const isFree = !taken.has(`a${a.layer.layer}`) && !taken.has(`b${b.layer.layer}`)
    if (isFree) taken.add(`a${a.layer.layer}`).add(`b${b.layer.layer}`)
    return isFree
  })
  return kept.toSorted((x, y) => x.a.layer.layer - y.a.layer.layer)
}

/** The cells of matches. */
export function cellsOf(matches: readonly Concordance[], test: AlignmentTest, left: 'a' | 'b'): ViewCell[] {
  return matches.flatMap(({ a, b, points, fixed, agreed }) => {
    const [x, y] = [a.layer.layer, b.layer.layer]
    const at = left === 'a' ? { a: x, b: y } : { a: y, b: x }
    const isTurned = test !== 'C2'
    const neighbours = { units: a.queries, nearest: agreed }
    const concordance = { view: isTurned ? 'aligned units' : 'units', ...at, points, neighbours }
    return [
      ...(isTurned ? fixed.map((each) => ({ view: `aligned ${each.view}`, ...at, points: each.points })) : []),
      concordance,
    ]
  })
}

interface Attempt {
  readonly test: AlignmentTest
  readonly matches: readonly Concordance[]
  readonly rotation: TokenRotation | null
}

function tryShared(a: AlignSide, b: AlignSide, at: AlignOptions & { readonly plan: AlignPlan }): Attempt[] {
  if (lengthOf(a) !== lengthOf(b)) return []
  const frame = sharedFrame(drawCoordinates(lengthOf(a), at.plan, at.seed))
  return [{ test: 'C2', matches: matchModels(a, b, { ...at, frame }), rotation: null }]
}

/** The frame of a rotation, when it fits the layers. */
function frameOf(
  a: AlignSide,
  b: AlignSide,
  at: { rotation: TokenRotation; plan: AlignPlan; seed: string },
): Frame | null {
  const { rotation } = at.rotation
  if (rotation.rows !== lengthOf(a) || rotation.columns !== lengthOf(b)) return null
  return turnedFrame(rotation, {
    a: drawCoordinates(rotation.rows, at.plan, at.seed),
    b: drawCoordinates(rotation.columns, at.plan, at.seed),
  })
}

function tryTurned(a: AlignSide, b: AlignSide, at: AlignOptions & { readonly plan: AlignPlan }): Attempt[] {
  const rotation = rotationFromTokens(a.weights, b.weights, at.seed)
  const frame = rotation === null ? null : frameOf(a, b, { ...at, rotation })
  return frame === null ? [] : [{ test: 'C3', matches: matchModels(a, b, { ...at, frame }), rotation }]
}

/** Aligns; see the module. @param options `known`: layers that agree as they stand; `everyUnit`: whatever that costs @throws Fault `cancelled` */
export function alignModels(
  a: AlignSide,
  b: AlignSide,
  options: AlignOptions & { readonly known: number; readonly everyUnit?: boolean },
): AlignmentRun {
  const left = widest(b) < widest(a) ? 'b' : 'a'
  if (a.mlps.length === 0 || b.mlps.length === 0) return { cells: [], concordances: [], found: null, ran: [], left }
  const [x, y] = left === 'a' ? [a, b] : [b, a]
  const plan = planAlignment(x.mlps, y.mlps)
  const at = { ...options, plan: options.everyUnit === true ? { ...plan, queries: widest(y) } : plan }
  const attempts = tryShared(x, y, at)
  const isFound = (attempt: Attempt): boolean =>
    2 * agreeingLayers(attempt.matches).length > Math.min(a.mlps.length, b.mlps.length)
  if (!attempts.some(isFound)) attempts.push(...tryTurned(x, y, at))
  const best = attempts
    .map((attempt) => ({ ...attempt, matches: agreeingLayers(attempt.matches) }))
    .reduce<Attempt | null>(
      (most, each) => (each.matches.length > (most?.matches.length ?? options.known) ? each : most),
      null,
    )
  return {
    cells: attempts.flatMap(({ matches, test }) => cellsOf(matches, test, left)),
    concordances: attempts.flatMap(({ matches, test }) => matches.map((match) => ({ test, match }))),
    found: best === null ? null : { test: best.test, matches: best.matches, rotation: best.rotation, left },
    ran: attempts.map(({ test }) => test),
    left,
  }
}
