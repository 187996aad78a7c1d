/**
 * From the outcomes of all pairs to the tables of error rates. Plain data, rounded; the same outcomes give the same bytes.
 */
import type { ComparisonVerdict } from '../../weights/comparison.ts'
import { COMPARISON_VERDICTS, DESCENT_VERDICTS, KIN_VERDICTS } from '../../weights/comparison.ts'
import type { Truth } from '../zoo/pairs.ts'
import type { PairOutcome } from '../zoo/run-pairs.ts'
import {
  againstPoisson,
  areaUnderCurve,
  clusterInterval,
  round,
  shareOf,
  uniformity,
  type NullHistogram,
  type Share,
  type Uniformity,
} from './statistics.ts'

/** One kind of pair. */
export interface CellRow {
  readonly cell: string
  readonly truth: Truth
  readonly pairs: number
  /** Pairs of which kinship was said. */
  readonly kin: Share
  /** Pairs of which descent was said. */
  readonly descent: Share
  readonly verdicts: Readonly<Partial<Record<ComparisonVerdict, number>>>
  /** Of the family-wise bound against all independent pairs; null for these. */
  readonly auc: number | null
  /** Median of log10 of the bound. */
  readonly median: number
  /** Claims that A is the child, that B is, and none. */
  readonly direction: { readonly right: number; readonly wrong: number; readonly open: number }
}

/** Errors among pairs that have nothing to do with each other. */
export interface FalseRates {
  readonly pairs: number
  readonly models: number
  /** Pairs of which kinship was said at 1e-6. */
  readonly kin: number
  /** Upper 95 % bound of that rate when none was seen: 3/n; the exact one otherwise. */
  readonly bound: number
  /** By models drawn with replacement. */
  readonly cluster: { readonly low: number; readonly high: number }
  readonly inconclusive: number
  readonly insufficient: number
  /** Pairs whose family-wise bound is at most 10^−k, for k = 1 … 6: each may be at most that share. */
  readonly belowPowers: readonly number[]
  /** The smallest family-wise bound seen, log10. */
  readonly smallest: number
}

/** Detection of a copy that was moved by noise. */
export interface PowerPoint {
  /** Noise in spreads of each matrix. */
  readonly drift: number
  /** Mean cosine between matched units that this leaves: 1/√(1 + drift²). */
  readonly cosine: number
  readonly kin: Share
  readonly descent: Share
  readonly median: number
}

/** Bounds of one kind of test among independent pairs. */
export interface TestRow {
  readonly test: string
  readonly pairs: number
  /** Pairs whose smallest bound is at most 10^−k, k = 1 … 6; before family-wise control. */
  readonly belowPowers: readonly number[]
  readonly smallest: number
}

/** See the module. */
export interface CalibrationTables {
  readonly independent: FalseRates
  /** Strangers one of which was disguised, or trained further. */
  readonly disguised: FalseRates
  readonly null: NullHistogram
  readonly nullMean: { readonly low: number; readonly high: number }
  readonly uniformity: Uniformity
  readonly controlsFailed: Share
  readonly tests: readonly TestRow[]
  readonly cells: readonly CellRow[]
  readonly power: readonly PowerPoint[]
  readonly directions: { readonly right: number; readonly wrong: number; readonly open: number }
}

const POWERS = [1, 2, 3, 4, 5, 6] as const

/** The base that a model descends from, which is the unit of the bootstrap. */
function clusterOf(name: string): string {
  return name.split('/')[0] ?? name
}

function smallestOf(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), 0)
}

function falseRates(pairs: readonly PairOutcome[], seed: string): FalseRates {
  const kin = pairs.filter(({ verdict }) => KIN_VERDICTS.has(verdict)).length
  const counted = pairs.map(({ a, b, verdict }) => ({
    a: clusterOf(a),
    b: clusterOf(b),
    count: Number(KIN_VERDICTS.has(verdict)),
    of: 1,
  }))
  return {
    pairs: pairs.length,
    models: new Set(pairs.flatMap(({ a, b }) => [a, b])).size,
    kin,
    bound: kin === 0 ? round(3 / Math.max(1, pairs.length), 6) : shareOf(kin, pairs.length).high,
    cluster: clusterInterval(counted, seed),
    inconclusive: pairs.filter(({ verdict }) => verdict === 'inconclusive').length,
    insufficient: pairs.filter(({ verdict }) => verdict === 'insufficient').length,
    belowPowers: POWERS.map((power) => pairs.filter(({ log10p }) => log10p <= -power).length),
    smallest: smallestOf(pairs.map(({ log10p }) => log10p)),
  }
}

/** Of two that descend from a third, "if one descends from the other" claims nothing. */
function directionsOf(pairs: readonly PairOutcome[]): CellRow['direction'] {
  const isChild = (pair: PairOutcome): boolean => pair.truth === 'child'
  const right = pairs.filter((pair) => isChild(pair) && pair.direction === 'a-from-b').length
  const claimed = pairs.filter(
    ({ direction, truth, conditional }) =>
      (direction === 'a-from-b' || direction === 'b-from-a') && (truth === 'child' || !conditional),
  ).length
  return { right, wrong: claimed - right, open: pairs.length - claimed }
}

function cellRow(cell: string, pairs: readonly PairOutcome[], negatives: readonly number[]): CellRow {
  const count = (set: ReadonlySet<ComparisonVerdict>): Share =>
    shareOf(pairs.filter(({ verdict }) => set.has(verdict)).length, pairs.length)
  const scores = pairs.map(({ log10p }) => -log10p)
  const truth = pairs[0]?.truth ?? 'independent'
  const verdicts = COMPARISON_VERDICTS.flatMap((verdict) => {
    const said = pairs.filter((pair) => pair.verdict === verdict).length
    return said === 0 ? [] : [[verdict, said] as const]
  })
  return {
    cell,
    truth,
    pairs: pairs.length,
    kin: count(KIN_VERDICTS),
    descent: count(DESCENT_VERDICTS),
    verdicts: Object.fromEntries(verdicts),
    auc: truth === 'independent' ? null : round(areaUnderCurve(scores, negatives)),
    median: round(-(scores.toSorted((x, y) => x - y)[Math.floor(scores.length / 2)] ?? 0), 1),
    direction: directionsOf(pairs),
  }
}

function powerOf(rows: readonly CellRow[]): PowerPoint[] {
  return rows
    .filter(({ cell }) => cell.startsWith('drift-'))
    .map(({ cell, kin, descent, median }) => {
      const drift = Number(cell.slice('drift-'.length))
      return { drift, cosine: round(1 / Math.sqrt(1 + drift * drift)), kin, descent, median }
    })
    .toSorted((x, y) => x.drift - y.drift)
}

function sumCounts(pairs: readonly PairOutcome[]): number[] {
  const most = Math.max(1, ...pairs.map(({ control }) => control.length))
  return Array.from({ length: most }, (_, k) => pairs.reduce((sum, { control }) => sum + (control[k] ?? 0), 0))
}

function nullMean(pairs: readonly PairOutcome[], seed: string): { readonly low: number; readonly high: number } {
  const counted = pairs.map(({ a, b, control }) => ({
    a: clusterOf(a),
    b: clusterOf(b),
    count: control.reduce((sum, cells, k) => sum + k * cells, 0),
    of: control.reduce((sum, cells) => sum + cells, 0),
  }))
  return clusterInterval(counted, seed)
}

function testRows(pairs: readonly PairOutcome[]): TestRow[] {
  const ids = [...new Set(pairs.flatMap(({ tests }) => Object.keys(tests)))].toSorted()
  return ids.map((test) => {
    const bounds = pairs.flatMap(({ tests }) => tests[test] ?? [])
    return {
      test,
      pairs: bounds.length,
      belowPowers: POWERS.map((power) => bounds.filter((bound) => bound <= -power).length),
      smallest: smallestOf(bounds),
    }
  })
}

/** Makes the tables. @param seed of the zoo */
export function makeTables(outcomes: readonly PairOutcome[], seed: string): CalibrationTables {
  const strangers = outcomes.filter(({ truth }) => truth === 'independent')
  const bases = strangers.filter(({ cell }) => cell === 'independent' || cell === 'distilled')
  const negatives = bases.map(({ log10p }) => -log10p)
  const groups = Map.groupBy(outcomes, ({ cell }) => cell)
  const rows = [...groups].map(([cell, pairs]) => cellRow(cell, pairs, negatives))
  const kin = rows.filter(({ truth }) => truth !== 'independent')
  const counts = sumCounts(bases)
  return {
    independent: falseRates(bases, seed),
    disguised: falseRates(
      strangers.filter((pair) => !bases.includes(pair)),
      seed,
    ),
    null: againstPoisson(counts),
    nullMean: nullMean(bases, seed),
    uniformity: uniformity(counts, seed),
    controlsFailed: shareOf(bases.filter(({ controlHolds }) => !controlHolds).length, bases.length),
    tests: testRows(strangers),
    cells: rows.filter(({ cell }) => !cell.startsWith('drift-')),
    power: powerOf(rows),
    directions: kin.reduce(
      (sum, { direction }) => ({
        right: sum.right + direction.right,
        wrong: sum.wrong + direction.wrong,
        open: sum.open + direction.open,
      }),
      { right: 0, wrong: 0, open: 0 },
    ),
  }
}
