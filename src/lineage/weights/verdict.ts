/**
 * From evidence to one of the verdict classes.
 *
 * Significance opens the question, effect and shared training decide it. Kinship needs a family-wise bound of at most
 * 1e-6; between that and 1e-3 the answer is that it is open. Kin are `derived` only when most layers of one side agree
 * and what agrees was learned together; a shared initialisation, a few planted units, one transplanted layer or
 * shared embeddings are `common-origin`, with the places named. A control that fails makes everything inconclusive.
 *
 * Guarantee: pure; never says that two models are unrelated, only that no evidence was found by the tests that ran.
 * The rules and their thresholds: `docs/method.md`, sections 4 and 5.
 */
import { sharedBeginning } from '../seeds/beginnings.ts'
import { weighSigns } from '../direction/weigh-signs.ts'
import type { Comparison, ComparisonVerdict, Direction, Effect, LabelAlignment, OriginKind } from './comparison.ts'
import { bestCoverage, type Coverage } from './coverage.ts'
import { clopperPearson } from './effect.ts'
import type { Evidence } from './evidence.ts'
import { KIN_LOG10, OPEN_LOG10 } from './family-wise.ts'
import { isConfused } from './layer-map.ts'
import { SHARED_TRAINING_AT, type SharedTraining } from './shared-training.ts'

/** More than this share of the layers, and of their units, must agree for descent. */
const MOST = 0.5
/** This share of all weights equal bit for bit speaks for itself. */
const EQUAL_SHARE = 0.25
/** Parts without a counterpart may hold this share of the weights of a re-derived model. */
const REST_SHARE = 0.01
/** Cells, views and residual tests below this number are too few to judge. */
const LEAST_TESTS = 3

/** A verdict with its reasons and what it rests on. */
export interface Judgement {
  readonly verdict: ComparisonVerdict
  readonly reasons: readonly string[]
  readonly effect: Effect | null
  readonly direction: Direction
  readonly kind?: OriginKind
}

/** Identical or re-derived, when all weights are the same numbers. */
function judgeEquality(evidence: Evidence): Judgement | null {
  const { paired, equalBits, equalValues, unpairedElements, elements, samePackaging } = evidence.equality
  if (paired === 0 || equalBits + equalValues < paired || unpairedElements > REST_SHARE * elements) return null
  const effect = clopperPearson(paired, paired)
  if (equalBits === paired && unpairedElements === 0 && samePackaging) {
    const reasons = [`All ${paired} tensors are the same bit for bit.`]
    return { verdict: 'identical', reasons, effect, direction: 'none' }
  }
  if (evidence.equality.equalMatrices + evidence.equality.equalOthers === 0) return null
  const how = equalBits === paired ? 'bit for bit' : 'after rounding to bf16, or as two roundings of one number'
  const reasons = [`All ${paired} tensors that stand in both are the same ${how}; files or declarations differ.`]
  return { verdict: 're-derived', reasons, effect, direction: weighSigns(evidence.signs).direction }
}

const CONFUSED =
  'Most layers match several layers of the other model about equally, none as a copy would: units are numbered by one template or began from the same numbers in every layer, and the fixed-point test is invalid for this pair.'

function judgeControl({ control, map }: Evidence): Judgement | null {
  if (isConfused(map)) return open([CONFUSED])
  if (control === null || control.holds) return null
  const { cells, mean, variance, p } = control
  const found = `${cells} unmatched cells have mean ${mean.toFixed(2)} and variance ${variance.toFixed(2)}, p ${p.toExponential(1)}`
  const reason = `The negative control fails: ${found}, not Poisson(1). Units of at least one model are sorted, tied or duplicated, and the fixed-point test is invalid for this pair.`
  return open([reason])
}

function testsOf({ map, residual }: Evidence): number {
  return map.cells.reduce((sum, { views }) => sum + views.length, 0) + residual.length
}

function describeBound(log10p: number): string {
  return `p ≤ 1e${Math.ceil(log10p)} for all tests together`
}

/** Nothing or too little was seen. */
function judgeSilence(evidence: Evidence): Judgement | null {
  const tests = testsOf(evidence)
  const isEqualSomewhere = evidence.equality.equalMatrices > 0
  if (tests === 0 && !isEqualSomewhere) {
    const reasons = ['No layer and no embedding of the two can be held against each other: their widths differ.']
    return { verdict: 'insufficient', reasons, effect: null, direction: 'none' }
  }
  if (evidence.log10p <= KIN_LOG10 || isEqualSomewhere) return null
  if (tests < LEAST_TESTS) return open([`Only ${tests} tests could be run; at least ${LEAST_TESTS} are needed.`])
  if (evidence.narrow.length > 0) return open(evidence.narrow)
  if (evidence.log10p <= OPEN_LOG10)
    return open([
      `Something agrees (${describeBound(evidence.log10p)}), but kinship is only said from 1e${KIN_LOG10} on.`,
    ])
  if (evidence.undecided.length > 0) return open(evidence.undecided)
  const reason = `${tests} tests ran and none is significant. That is no proof that the models are unrelated; see what was not tested.`
  return { verdict: 'no-weight-evidence', reasons: [reason], effect: null, direction: 'none' }
}

function open(reasons: readonly string[], effect: Effect | null = null): Judgement {
  return { verdict: 'inconclusive', reasons, effect, direction: 'none' }
}

const MEASURE_WORDS: Readonly<Record<keyof SharedTraining, string>> = {
  gains: 'correlation of centred norm gains',
  overlap: 'overlap of leading directions',
  cosine: 'mean cosine of units of the same number',
}

/** What each measure says: those that speak for shared training and those that speak against it. */
export function weighSharedTraining(shared: SharedTraining): {
  readonly passed: readonly string[]
  readonly failed: readonly string[]
} {
  const passed: string[] = []
  const failed: string[] = []
  for (const measure of ['gains', 'overlap', 'cosine'] as const) {
    const value = shared[measure]
    if (value === null) continue
    const words = `${MEASURE_WORDS[measure]} ${value.toFixed(2)}, threshold ${SHARED_TRAINING_AT[measure]}`
    if (value >= SHARED_TRAINING_AT[measure]) passed.push(words)
    else failed.push(words)
  }
  return { passed, failed }
}

/** True when measures were taken and none speaks for shared training: the case in which a default seed says more. */
export function isApart(shared: SharedTraining): boolean {
  const { passed, failed } = weighSharedTraining(shared)
  return passed.length === 0 && failed.length > 0
}

function list(layers: readonly number[]): string {
  return layers.length > 12 ? `${layers.slice(0, 12).join(', ')} …` : layers.join(', ')
}

function placesOf(evidence: Evidence, coverage: Coverage): string[] {
  const side = coverage.side.toUpperCase()
  const residual = evidence.residual
    .filter(({ points }) => points.log10p <= KIN_LOG10)
    .map(({ view, points }) => `${points.fixed} of ${points.sampled} residual dimensions by ${view}`)
  const layers =
    coverage.touched.length + coverage.agreeing.length === 0
      ? [`no layer of ${side}`]
      : [`${coverage.agreeing.length} of ${coverage.layers} layers of ${side} (${list(coverage.agreeing)})`]
  return [...layers, ...residual]
}

/** The share that the verdict weighs: units; where no unit agrees, matrices that are equal. */
function effectOf({ equality }: Evidence, coverage: Coverage): Effect {
  return coverage.touched.length > 0 ? coverage.units : clopperPearson(equality.equalMatrices, equality.matrices)
}

const ALIGNED_BY: Readonly<Record<LabelAlignment['test'], string>> = {
  C2: 'their vectors alone',
  C3: 'their vectors, the residual stream turned by common tokens',
  C4: 'their vectors, the residual stream turned blindly by units of other layers',
}

/** What agrees: numbers as they stand, or units once their labels are aligned. */
function inheritedBy({ alignment }: Evidence): string {
  if (alignment === null) return 'The numbering was inherited'
  return `Units have partners, whatever their numbers, by ${ALIGNED_BY[alignment.test]}: test ${alignment.test}, aligned and calibrated`
}

const SCRAMBLED =
  'The labels are scrambled: nearly all units have their partner in the other model, and the order of units or the directions of the residual stream do not show it. Changes of labels that keep the function leave this; training by itself does not.'

function judgeKin(evidence: Evidence): Judgement {
  const coverage = bestCoverage(evidence.map, evidence.equality)
  const effect = effectOf(evidence, coverage)
  const bound =
    evidence.log10p <= KIN_LOG10
      ? describeBound(evidence.log10p)
      : `${evidence.equality.equalMatrices} matrices are equal bit for bit`
  const found = `${inheritedBy(evidence)} (${bound}). Agreeing: ${placesOf(evidence, coverage).join('; ')}.`
  if (evidence.narrow.length > 0) return open([found, ...evidence.narrow], effect)
  const weighed = weighSigns(evidence.signs)
  const isMostLayers = coverage.agreeing.length > MOST * coverage.layers
  const isMuch =
    coverage.units.low >= MOST || evidence.equality.equalElements >= EQUAL_SHARE * evidence.equality.elements
  if (coverage.agreeing.length === 0)
    return judgeCommon(
      evidence,
      [
        found,
        'No layer agrees by most of its units, so that descent does not follow: shared beginnings, planted units, or hidden units that were renumbered, removed or replaced.',
      ],
      effect,
    )
  if (!isMostLayers || !isMuch)
    return judgeCommon(
      evidence,
      [
        found,
        'Only a part agrees, so that descent of the whole does not follow: a transplanted layer, a merge of layers, or planted units.',
      ],
      effect,
    )
  const { passed, failed } = weighSharedTraining(evidence.shared)
  if (failed.length > 0 || passed.length === 0) {
    const why = failed.length > 0 ? `below the threshold: ${failed.join('; ')}` : 'no measure of it could be taken'
    const reason = `Shared training is not shown (${why}); a shared initialisation would look like this.`
    return judgeCommon(evidence, [found, reason], effect)
  }
  const scrambled = evidence.alignment?.scrambled === true ? SCRAMBLED : ''
  const reasons = [found, `Learned together: ${passed.join('; ')}.`, scrambled, weighed.reason]
  return { verdict: 'derived', reasons, effect, direction: weighed.direction }
}

/** A common origin; its kind is said when both began from one default seed and no measure shows shared training. */
function judgeCommon({ beginnings, shared }: Evidence, reasons: readonly string[], effect: Effect): Judgement {
  const seed = sharedBeginning(beginnings)
  const common = { verdict: 'common-origin', effect, direction: 'open' } as const
  if (seed === null || !isApart(shared)) return { ...common, reasons, kind: 'kind open' }
  const reason = `Both began from ${seed}, and nothing shows that they learned together: two laboratories that use this default look like this, and neither need have seen the other's model.`
  return { ...common, reasons: [...reasons, reason], kind: 'shared initialisation' }
}

/** Judges; see the module. */
export function judge(evidence: Evidence): Judgement {
  if (evidence.unusable.length > 0)
    return { verdict: 'insufficient', reasons: evidence.unusable, effect: null, direction: 'none' }
  return judgeEquality(evidence) ?? judgeControl(evidence) ?? judgeSilence(evidence) ?? judgeKin(evidence)
}

/** The transformations in words; see {@link Comparison.transformations}. */
export function describeChanges(evidence: Evidence): Comparison['transformations'] {
  return evidence.changes.map(({ text }) => text)
}
