/**
 * Gathers evidence from the weights of two models.
 *
 * The order is that of the cascade: layer map, residual dimensions, unit shapes where the map was silent, equality of
 * parts, measures of shared training where kinship was seen, then what was done.
 */
import { Fault } from '../../base/index.ts'
import { alignModels, BOUNDS_PER_PAIR, type AlignmentRun } from '../align/align-models.ts'
import { alignedTraining, alignmentOutcomes, describeAlignment } from '../align/alignment-evidence.ts'
import { namedChanges } from '../changes/named-changes.ts'
import { directionSigns } from '../direction/direction-signs.ts'
import { findBeginnings, NO_BEGINNINGS, type Beginnings } from '../seeds/beginnings.ts'
import { basisChanges, trainingChanges, type Findings } from './basis-changes.ts'
import { blurredUnits } from './blurred-units.ts'
import type { Change } from './change.ts'
import { compareParts, isSamePackaging, sumUp, type ComparedPart } from './equality-evidence.ts'
import { NEVER_SEEN, NEVER_TESTED, UNSEEN_BY_NUMBERS, unusableEvidence, type Evidence } from './evidence.ts'
import { combineLog10, KIN_LOG10 } from './family-wise.ts'
import { MIN_WIDTH } from './fixed-point.ts'
import { othersNote } from './learned.ts'
import { layerChanges } from './layer-changes.ts'
import { buildLayerMap, isAgreeing, unmatchedCounts, type LayerMap, type MapCell, type ViewCell } from './layer-map.ts'
import { MLP_VIEWS, residualWidth, testableMlps, type Mlp } from './mlp.ts'
import { negativeControl } from './negative-control.ts'
import { computePower, type Power } from './power.ts'
import { partnersOf } from './partners.ts'
import { readGains, residualTests, type Gains, type ResidualTest } from './residual.ts'
import { gainsCorrelation, meanOverlap, type SharedTraining } from './shared-training.ts'
import { shapeCells } from './shape-cells.ts'
import { storageChanges } from './storage-changes.ts'
import { meanCosine, planMap, readLayerUnits, viewCells, type MapPlan, type MappedLayer } from './unit-views.ts'
import { packedNote, unreadNote, unreadWeights } from './unread.ts'
import { isApart } from './verdict.ts'
import type { Weights } from './weights.ts'

/** How to go about it. */
export interface GatherOptions {
  readonly seed: string
  /** An alignment that was found by other ways, in place of C2 and C3. */
  readonly aligned?: AlignmentRun
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined
  /** Cells of the map that were filled before. */
  readonly cells?: readonly ViewCell[]
}

interface Side {
  readonly weights: Weights
  readonly mlps: readonly Mlp[]
  readonly mapped: readonly MappedLayer[]
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new Fault('cancelled', 'the comparison was cancelled')
}

function readSide(weights: Weights, mlps: readonly Mlp[], plan: MapPlan): Side {
  const mapped =
    plan.coordinates.length === 0
      ? []
      : mlps.map((mlp) => ({ layer: mlp.layer, units: readLayerUnits(weights, mlp, plan) }))
  return { weights, mlps, mapped }
}

function plainCells(a: Side, b: Side, at: { readonly plan: MapPlan; readonly options: GatherOptions }): ViewCell[] {
  return a.mapped.flatMap((layer, i) => {
    throwIfAborted(at.options.signal)
    at.options.onProgress?.({ done: i + 1, total: a.mapped.length })
    return b.mapped.flatMap((other) => viewCells(layer, other, at.plan))
  })
}

function mapLayers(a: Side, b: Side, at: { readonly plan: MapPlan; readonly options: GatherOptions }): LayerMap {
  const layersA = a.weights.model.layers
  const layersB = b.weights.model.layers
  const plain = at.options.cells ?? plainCells(a, b, at)
  const map = buildLayerMap(plain, layersA, layersB)
  if (map.cells.some(({ matched }) => matched)) return map
  const shapes = shapeCells(a, b, at.plan.units)
  return buildLayerMap([...plain, ...shapes], layersA, layersB)
}

/** Bounds that were looked at in a map without alignment, and those that may be after it. */
function countTests(plain: LayerMap, pairs: number): number {
  return plain.cells.reduce((sum, cell) => sum + cell.views.length, 0) + plain.cells.length + BOUNDS_PER_PAIR * pairs
}

/**
 * All views of the map pay for having been looked at, and so do those that are only asked when they are silent. Where
 * only some layers may be counted together, the best of the groups counts and pays for the choice.
 */
function combine({ map, residual, tests, aligned }: Tested): number {
  const dimensions = residual.map(({ points }) => ({ log10p: points.log10p, counts: points.sampled }))
  const best = dimensions.toSorted((x, y) => x.log10p - y.log10p).slice(0, 1)
  const halves = aligned?.found === null ? undefined : aligned?.halves
  const groups = halves ?? [map.aligned.map(({ a }) => a)]
  const bounds = groups.map((layers) => {
    const counted = map.aligned.filter(({ a }) => layers.includes(a))
    const cells = counted.map(({ best: { points } }) => ({ log10p: points.log10p, counts: points.sampled }))
    return combineLog10([...cells, ...best], tests)
  })
  return Math.min(0, Math.min(0, ...bounds) + Math.log10(groups.length))
}

function cosineOf(a: Side, b: Side, at: { readonly cells: readonly MapCell[]; readonly plan: MapPlan }): number | null {
  const cosines = at.cells.flatMap((cell) => {
    const ours = a.mapped.find(({ layer }) => layer === cell.a)?.units
    const theirs = b.mapped.find(({ layer }) => layer === cell.b)?.units
    const view = MLP_VIEWS.find((name) => ours?.has(name) === true && theirs?.has(name) === true)
    const [x, y] = view === undefined ? [] : [ours?.get(view), theirs?.get(view)]
    return x === undefined || y === undefined ? [] : [meanCosine(x, y, at.plan.coordinates.length)]
  })
  return cosines.length === 0 ? null : cosines.reduce((sum, value) => sum + value, 0) / cosines.length
}

function narrownessOf(weights: Weights, name: string): string[] {
  const width = residualWidth(weights.model)
  const hasLayers = weights.model.layers === 0 || testableMlps(weights.model).length > 0
  return [
    ...(width > 0 && width < MIN_WIDTH
      ? [`The residual stream of ${name} has ${width} dimensions; verdicts need ${MIN_WIDTH}.`]
      : []),
    ...(hasLayers ? [] : [`All layers of ${name} have fewer than ${MIN_WIDTH} hidden units or none that is known.`]),
  ]
}

/** What the tests found, before anything is said of it. */
interface Tested {
  readonly a: Side
  readonly b: Side
  readonly plan: MapPlan
  /** The map as units find themselves, and with the layers that agree after alignment. */
  readonly plain: LayerMap
  readonly map: LayerMap
  /** Null when units find themselves and nothing had to be aligned. */
  readonly aligned: AlignmentRun | null
  readonly residual: readonly ResidualTest[]
  /** Bounds that were or may have been looked at. */
  readonly tests: number
  readonly gains: readonly [Gains, Gains]
}

/** What stays out of sight although alignment was tried. */
const UNTESTED_AFTER_ALIGNMENT =
  'hidden units renumbered and the residual stream rotated in a model whose embeddings were replaced or trained anew: only a deep inspection looks for that'

const UNTESTED_AFTER_BLIND_ALIGNMENT =
  'hidden units renumbered and the residual stream rotated in a model that was trained on until units kept too little of what they were'

function untestedBy({ map, plan, aligned }: Tested): string[] {
  const hasShapes = map.cells.some(({ views }) => views.some(({ view }) => view === 'unit shape'))
  const hasTurned = aligned?.ran.some((test) => test !== 'C2') === true
  const rotation = hasShapes || hasTurned || map.aligned.length > 0 ? [] : ['the residual stream rotated or mixed']
  const width =
    plan.coordinates.length === 0 && !hasTurned
      ? ['residual dimensions removed or added, other than by what unit shapes show']
      : []
  if (aligned === null) return [...rotation, ...width, ...NEVER_TESTED]
  const hidden = aligned.ran.includes('C4') ? UNTESTED_AFTER_BLIND_ALIGNMENT : UNTESTED_AFTER_ALIGNMENT
  const labels = hasTurned ? [hidden] : UNSEEN_BY_NUMBERS
  return [...rotation, ...width, ...labels, ...NEVER_SEEN]
}

/** Layers whose units find themselves by their vectors. */
function plainLayers({ aligned }: LayerMap): number {
  return aligned.filter((cell) => isAgreeing(cell) && cell.best.view !== 'unit shape').length
}

/** True when those are most layers, so that no label has to be aligned. */
function isMostlyMatched(map: LayerMap): boolean {
  return plainLayers(map) * 2 > Math.min(map.layersA, map.layersB)
}

function alignWith(a: Side, b: Side, options: GatherOptions & { readonly known: number }): AlignmentRun {
  return options.aligned ?? alignModels(a, b, options)
}

function withAligned(plain: LayerMap, run: AlignmentRun | null): LayerMap {
  if (run?.found === null || run === null) return plain
  const views = plain.cells.flatMap((cell) => cell.views)
  return buildLayerMap([...views, ...run.cells], plain.layersA, plain.layersB)
}

function runTests(a: Weights, b: Weights, options: GatherOptions): Tested {
  const mlpsA = testableMlps(a.model)
  const mlpsB = testableMlps(b.model)
  const plan = planMap(mlpsA, mlpsB, options.seed)
  const sideA = readSide(a, mlpsA, plan)
  const sideB = readSide(b, mlpsB, plan)
  const gains = [readGains(a, residualWidth(a.model)), readGains(b, residualWidth(b.model))] as const
  const plain = mapLayers(sideA, sideB, { plan, options })
  const residual = residualTests({ a, b, gainsA: gains[0], gainsB: gains[1] }, options.seed)
  const aligned = isMostlyMatched(plain) ? null : alignWith(sideA, sideB, { ...options, known: plainLayers(plain) })
  const tests = countTests(plain, mlpsA.length * mlpsB.length) + residual.length
  return { a: sideA, b: sideB, plan, plain, map: withAligned(plain, aligned), aligned, residual, tests, gains }
}

function measureSharedTraining(tested: Tested, seed: string): SharedTraining {
  const { a, b, plan, map, gains, aligned } = tested
  const found = aligned?.found ?? null
  if (found !== null) return alignedTraining(found, { gains, seed })
  const matched = map.cells.filter((cell) => cell.matched && map.partners[cell.a] === cell.b)
  const sides = { a: a.weights, b: b.weights, mlpsA: a.mlps, mlpsB: b.mlps, seed }
  return {
    gains: gainsCorrelation(gains[0], gains[1], partnersOf(map)),
    overlap: meanOverlap(sides, matched),
    cosine: cosineOf(a, b, { cells: matched.filter(({ best }) => best.view !== 'unit shape'), plan }),
  }
}

/** What the plain views could have found. */
function powerOf({ a, b, plan, tests }: Tested): Power | null {
  return computePower({
    units: plan.units.length,
    coordinates: plan.coordinates.length,
    layers: Math.min(a.mapped.length, b.mapped.length),
    tests,
    signs: false,
  })
}

function changesOf(found: Findings, parts: readonly ComparedPart[], seed: string): Change[] {
  const places = { a: found.a, b: found.b, parts, map: found.map, partners: partnersOf(found.map), seed }
  const isTurned = found.alignment !== null && found.alignment.test !== 'C2'
  const named = namedChanges(places, { shared: found.shared, isTurned })
  const isGrid = named.some(({ sign }) => sign === 'leaf')
  const storage = storageChanges(parts.map(({ sample }) => sample)).filter(({ sign }) => !isGrid || sign === 'lattice')
  return [
    ...layerChanges(found.map),
    ...basisChanges(found),
    ...storage,
    ...(storage.length === 0 ? trainingChanges(found.shared, found.map) : []),
    ...named,
  ]
}

/** Parts without a counterpart that hold more than this share of the weights may be from elsewhere. */
const PARTIAL_SHARE = 0.01

function isPartial({ unpairedElements, elements }: Evidence['equality']): boolean {
  return unpairedElements > PARTIAL_SHARE * elements
}

function unusableNote(name: string, { model: { unusable } }: Weights): string[] {
  return unusable === null ? [] : [`${name}: ${unusable}.`]
}

/** The panel is asked where a default seed changes what is said of kin. */
function beginningsOf({ a, b }: Tested, shared: SharedTraining, seed: string): Beginnings {
  return isApart(shared) ? findBeginnings(a.weights, b.weights, seed) : NO_BEGINNINGS
}

/** Gathers; see the module. Neither model is closed. */
export function gatherFromWeights(a: Weights, b: Weights, options: GatherOptions): Evidence {
  const unusable = [...unusableNote('A', a), ...unusableNote('B', b)]
  if (unusable.length > 0) return unusableEvidence(unusable)
  const tested = runTests(a, b, options)
  const { map, residual, plan, aligned } = tested
  const { parts, leftover } = compareParts(a, b, { partners: partnersOf(map), seed: options.seed })
  const equality = sumUp(parts, leftover, isSamePackaging(a, b))
  const shared = measureSharedTraining(tested, options.seed)
  const alignment = aligned?.found ?? null
  const found = { map, residual, equality, shared, a, b, alignment }
  const log10p = combine(tested)
  const unread = [
    ...unreadNote('A', unreadWeights(a.facts).length),
    ...unreadNote('B', unreadWeights(b.facts).length),
    ...packedNote('A', a.facts),
    ...packedNote('B', b.facts),
    ...othersNote(equality.equalOthers),
  ]
  const isKin = log10p <= KIN_LOG10 || equality.equalMatrices > 0
  const changes = isKin ? changesOf(found, parts, options.seed) : []
  const pairs = parts.map(({ sample }) => sample.pair)
  return {
    unusable,
    narrow: [
      ...narrownessOf(a, 'A'),
      ...narrownessOf(b, 'B'),
      ...(log10p <= KIN_LOG10
        ? []
        : [...blurredUnits('A', tested.a.mapped, plan), ...blurredUnits('B', tested.b.mapped, plan)]),
    ],
    map,
    residual,
    equality,
    shared,
    control: negativeControl(unmatchedCounts(tested.plain)),
    log10p,
    power: powerOf(tested),
    undecided: aligned?.undecided ?? [],
    alignment: describeAlignment(alignment, Math.min(map.layersA, map.layersB)),
    changes,
    beginnings: isKin ? beginningsOf(tested, shared, options.seed) : NO_BEGINNINGS,
    signs: isKin ? directionSigns(a, b, { pairs, changes, isPartial: isPartial(equality), seed: options.seed }) : [],
    further: aligned === null ? [] : alignmentOutcomes(aligned),
    untested: [...unread, ...untestedBy(tested)],
  }
}
