/**
 * Gathers evidence from the weights of two models.
 *
 * The order is that of the cascade: the tests of kinship (`run-tests.ts`), equality of parts, measures of shared training
 * where kinship was seen, then what was done.
 */
import { alignedTraining, alignmentOutcomes, describeAlignment } from '../align/alignment-evidence.ts'
import { namedChanges } from '../changes/named-changes.ts'
import { directionSigns } from '../direction/direction-signs.ts'
import { findBeginnings, NO_BEGINNINGS, type Beginnings } from '../seeds/beginnings.ts'
import { basisChanges, trainingChanges, type Findings } from './basis-changes.ts'
import { blurredUnits } from './blurred-units.ts'
import type { Change } from './change.ts'
import { compareParts, isSamePackaging, sumUp, type ComparedPart } from './equality-evidence.ts'
import { unusableEvidence, type Evidence } from './evidence.ts'
import { KIN_LOG10 } from './family-wise.ts'
import { othersNote } from './learned.ts'
import { layerChanges } from './layer-changes.ts'
import { unmatchedCounts, type MapCell } from './layer-map.ts'
import { MLP_VIEWS } from './mlp.ts'
import { negativeControl } from './negative-control.ts'
import { computePower, type Power } from './power.ts'
import { partnersOf } from './partners.ts'
import { narrownessOf, untestedBy, unusableNote } from './reach.ts'
import { combineTests, runTests, type GatherOptions, type Side, type Tested } from './run-tests.ts'
import { gainsCorrelation, meanOverlap, type SharedTraining } from './shared-training.ts'
import { storageChanges } from './storage-changes.ts'
import { meanCosine, type MapPlan } from './unit-views.ts'
import { packedNote, unreadNote, unreadWeights } from './unread.ts'
import { isApart } from './verdict.ts'
import type { Weights } from './weights.ts'

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
  const log10p = combineTests(tested)
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
