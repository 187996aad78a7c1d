/**
 * From evidence and judgement to the `Comparison` that is printed, stored and signed. Plain JSON.
 */
import { beginningTests } from '../seeds/beginnings.ts'
import { citedCalibration } from '../calibration/cited.ts'
import type { Comparison, LayerCell, Scatter, TestOutcome } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { C1_ASSUMPTION, type FixedPoints } from './fixed-point.ts'
import { findCell, type LayerMap, type MapCell } from './layer-map.ts'
import { isAlignedView } from '../align/align-models.ts'
import { describeChanges, judge } from './verdict.ts'

/** Grows whenever the same weights could get another verdict or number. */
export const METHOD_VERSION = 'cascade/2'

const C1B_ASSUMPTION =
  'the order of the residual dimensions of at least one of the two models is exchangeable: initialised independently, trained by a method blind to it'

function outcome(id: 'C1' | 'C1b', view: string, { fixed, sampled, log10p }: FixedPoints): TestOutcome {
  const [unit, assumption] = id === 'C1' ? ['units', C1_ASSUMPTION] : ['residual dimensions', C1B_ASSUMPTION]
  return { id, view, statistic: `${fixed} of ${sampled} ${unit} find themselves`, log10p, assumption }
}

/** Tests of the map: every view of every matched cell; of a map without any, the best cell of each view. */
function mapTests(map: LayerMap): TestOutcome[] {
  const matched = map.cells.filter((cell) => cell.matched && map.partners[cell.a] === cell.b)
  const views = matched.length > 0 ? matched.flatMap((cell) => cell.views) : bestViews(map)
  return views
    .filter(({ view }) => !isAlignedView(view))
    .map(({ view, a, b, points }) => outcome('C1', `layer ${a} ${view} against layer ${b}`, points))
}

function bestViews(map: LayerMap): MapCell['views'] {
  const byView = Map.groupBy(
    map.cells.flatMap(({ views }) => views),
    ({ view }) => view,
  )
  return [...byView.values()].flatMap((group) =>
    group.reduce((best, cell) => (cell.points.log10p < best.points.log10p ? cell : best)),
  )
}

function digestTest({ equality }: Evidence): TestOutcome[] {
  if (equality.paired === 0) return []
  const share = ((100 * equality.equalElements) / Math.max(1, equality.elements)).toFixed(1)
  const rounded = equality.equalValues === 0 ? '' : `, ${equality.equalValues} more after rounding to bf16`
  const statistic = `${equality.equalBits} of ${equality.paired} tensors equal bit for bit${rounded}; ${share} % of the weights`
  return [{ id: 'digest', view: 'all tensors', statistic, log10p: null, assumption: '' }]
}

function sharedTests({ shared }: Evidence): TestOutcome[] {
  const say = (view: string, value: number | null, id: string): TestOutcome[] =>
    value === null ? [] : [{ id, view, statistic: value.toFixed(3), log10p: null, assumption: '' }]
  return [
    ...say('mean correlation of centred norm gains', shared.gains, 'norms'),
    ...say('mean overlap of leading directions', shared.overlap, 'overlap'),
    ...say('mean cosine of units of the same number', shared.cosine, 'cosine'),
  ]
}

function controlTest({ control }: Evidence): TestOutcome[] {
  if (control === null)
    return [
      {
        id: 'control',
        view: 'unmatched cells',
        statistic: 'no unmatched cell to hold against Poisson(1)',
        log10p: null,
        assumption: '',
      },
    ]
  const { cells, mean, variance, maximum, counts, p } = control
  const numbers = `mean ${mean.toFixed(3)}, variance ${variance.toFixed(3)}, maximum ${maximum}, counts ${counts.join(' ')}`
  const statistic = `${cells} cells, ${numbers}; chi-squared against Poisson(1) p ${p.toPrecision(2)}`
  return [{ id: 'control', view: 'unmatched cells', statistic, log10p: null, assumption: '' }]
}

function matchedLayers(map: LayerMap): Comparison['layers'] {
  return map.partners.map((b, a) => {
    const cell = b === null ? undefined : findCell(map, a, b)
    return { a, b, fixed: cell?.best.points.fixed ?? 0, sampled: cell?.best.points.sampled ?? 0 }
  })
}

/** Of the cell with the smallest bound, the first of equals. */
function scatterOf({ cells }: LayerMap): Scatter | null {
  const [first, ...rest] = cells
  if (first === undefined) return null
  const { best } = rest.reduce((least, cell) => (cell.log10p < least.log10p ? cell : least), first)
  const { view, a, b, neighbours } = best
  return neighbours === undefined
    ? null
    : { view, a, b, units: [...neighbours.units], nearest: [...neighbours.nearest] }
}

function plainCell({ a, b, fixed, sampled, log10p }: LayerCell): LayerCell {
  return { a, b, fixed, sampled, log10p }
}

/** Judges the evidence and writes everything down. */
export function assembleComparison(evidence: Evidence, seed: string): Comparison {
  const { verdict, reasons, effect, direction, kind } = judge(evidence)
  const tests = evidence.unusable.length > 0 ? [] : listTests(evidence)
  return {
    schema: 'tidewaiter/comparison/v1',
    verdict,
    log10p: evidence.log10p,
    ...(kind === undefined ? {} : { kind }),
    direction,
    signs: verdict === 'no-weight-evidence' ? [] : evidence.signs,
    transformations: verdict === 'no-weight-evidence' ? [] : describeChanges(evidence),
    layers: matchedLayers(evidence.map),
    map: evidence.map.cells.map(plainCell),
    tests,
    control: evidence.control,
    power: evidence.power,
    scatter: scatterOf(evidence.map),
    alignment: evidence.alignment,
    effect,
    reasons: reasons.filter((reason) => reason !== ''),
    untested: evidence.untested,
    method: { version: METHOD_VERSION, seed, ...citedCalibration(METHOD_VERSION) },
  }
}

function listTests(evidence: Evidence): TestOutcome[] {
  return [
    ...mapTests(evidence.map),
    ...evidence.residual.map(({ view, points }) => outcome('C1b', view, points)),
    ...digestTest(evidence),
    ...sharedTests(evidence),
    ...evidence.further,
    ...beginningTests(evidence.beginnings),
    ...controlTest(evidence),
  ]
}
