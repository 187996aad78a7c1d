/**
 * The outcome of comparing the weights of two models, as data.
 *
 * What the classes mean and by which rules they are given: `docs/method.md`. A probability stands as log10 of an upper
 * bound together with the assumption under which it is one. There is no class "independent": the most that weights can
 * say is that no evidence was found by the tests that were run.
 */

import type { ImpostorPanel } from '../panel.ts'
import type { Sign } from '../direction/sign.ts'
import type { Power } from './power.ts'

/** See the module; in no order of merit. */
export const COMPARISON_VERDICTS = [
  'identical', // same tensors, bit for bit
  're-derived', // same tensors after a cast or another re-computable change
  'derived', // one descends from the other
  'merge', // parts from several parents
  'common-origin', // kin, kind or direction open
  'inconclusive', // something was seen that does not decide, or the test is invalid for this pair
  'no-weight-evidence', // tests ran, were valid and found nothing
  'insufficient', // nothing comparable
] as const
/** See {@link COMPARISON_VERDICTS}. */
export type ComparisonVerdict = (typeof COMPARISON_VERDICTS)[number]

/** Verdicts that say that one model descends from the other, whichever is the child. */
export const DESCENT_VERDICTS: ReadonlySet<ComparisonVerdict> = new Set(['identical', 're-derived', 'derived', 'merge'])
/** Verdicts that say that two models are kin. */
export const KIN_VERDICTS: ReadonlySet<ComparisonVerdict> = new Set([...DESCENT_VERDICTS, 'common-origin'])

/** What a common origin is, as far as it can be told. */
export type OriginKind = 'shared initialisation' | 'kind open'

/** Which of the two is the child, if that can be told. */
export type Direction = 'a-from-b' | 'b-from-a' | 'open' | 'none'

/** One test as it was run. */
export interface TestOutcome {
  /** `C1`, `C1b`, `C2`, `C3`, `C4`, `digest`, `sketch`, `norms`. */
  readonly id: string
  /** Where: `gate`, `up`, `down`, `embedding`, `layer 3 gate against layer 2`. */
  readonly view: string
  /** The statistic in words and numbers: `160 of 160 units`. */
  readonly statistic: string
  /** Upper bound of log10 P under the null; null when the test has none. */
  readonly log10p: number | null
  /** What has to hold for the bound; empty when `log10p` is null. */
  readonly assumption: string
}

/** A cell of the layer map: layer `a` of A against layer `b` of B. */
export interface LayerCell {
  readonly a: number
  readonly b: number
  /** Fixed points summed over the views that were compared, and units looked up. */
  readonly fixed: number
  readonly sampled: number
  readonly log10p: number
}

/** The negative control: unmatched cells of the layer map must look like independent draws, Poisson(1). */
export interface NegativeControl {
  readonly cells: number
  readonly mean: number
  readonly variance: number
  readonly maximum: number
  /** Observed numbers of cells with 0, 1, … fixed points, the last entry holding the rest. */
  readonly counts: readonly number[]
  /** p of the chi-squared test against Poisson(1). */
  readonly p: number
  /** False when the test is declared invalid for this pair. */
  readonly holds: boolean
}

/** Which unit of layer `b` of B is nearest to each drawn unit of layer `a` of A; −1 for none. */
export interface Scatter {
  readonly view: string
  readonly a: number
  readonly b: number
  readonly units: readonly number[]
  readonly nearest: readonly number[]
}

/** How the labels of two models had to be aligned before they agreed. */
export interface LabelAlignment {
  /**
   * C2: units by their vectors; C3: after turning the residual stream by what both do with the same tokens; C4: after
   * turning it blindly, by units of other layers.
   */
  readonly test: 'C2' | 'C3' | 'C4'
  /** Nearly all units of most layers have a partner, and no label says so: the function was kept, the labels were not. */
  readonly scrambled: boolean
  /** Layers that agree: units with a partner among those looked up, and those whose partner has their own number. */
  readonly layers: readonly {
    readonly a: number
    readonly b: number
    readonly agreed: number
    readonly sampled: number
    readonly numbered: number
  }[]
  /** The turn; null for C2. */
  readonly rotation: {
    readonly tokens: number
    readonly pairedBy: 'string' | 'number' | 'unit'
    /** Mean |element| on the diagonal, 1 where nothing was turned. */
    readonly diagonal: number
    /** Root mean square of the elements of RᵀR − I. */
    readonly defect: number
    /** SHA-256 of its elements, f32 little-endian, row by row. */
    readonly digest: string
  } | null
}

/** Share of the model that agrees: significance is not descent, so the effect is printed with its interval. */
export interface Effect {
  readonly share: number
  /** 95 % Clopper-Pearson interval. */
  readonly low: number
  readonly high: number
}

/** A side of which only a sample was read. */
export interface FirstAnswerSide {
  readonly side: 'A' | 'B'
  /** Layers whose hidden units were read, and how many there are. */
  readonly layers: number
  readonly of: number
  /** Bytes and requests that it took, and bytes of the whole. */
  readonly bytes: number
  readonly requests: number
  readonly size: number
}

/** What a calibration found, as far as a verdict cites it; the tables stand in `docs/method/calibration/`. */
export interface CalibrationSummary {
  /** Of the method that was calibrated. */
  readonly version: string
  /** SHA-256 of the canonical JSON of the tables. */
  readonly digest: string
  /** Independent pairs that were compared, and how many of them were called kin. */
  readonly pairs: number
  readonly false: number
  /** Upper 95 % bound of the rate of false kinship. */
  readonly bound: number
}

/** See the module. */
export interface Comparison {
  readonly schema: 'tidewaiter/comparison/v1'
  readonly verdict: ComparisonVerdict
  /** Combined, after family-wise control in log space; 0 when nothing was tested. */
  readonly log10p: number
  /** Of `common-origin` alone. */
  readonly kind?: OriginKind
  readonly direction: Direction
  /** What says which of the two is the child, the strongest first; absent in what older versions wrote. */
  readonly signs?: readonly Sign[]
  /** What was done to the weights, each with its evidence: `cast to F16`, `layer 2 dropped`. */
  readonly transformations: readonly string[]
  /** Matched layers only: for each layer of A its partner in B, if any. */
  readonly layers: readonly {
    readonly a: number
    readonly b: number | null
    readonly fixed: number
    readonly sampled: number
  }[]
  /** The whole map, for the report. */
  readonly map: readonly LayerCell[]
  readonly tests: readonly TestOutcome[]
  readonly control: NegativeControl | null
  /** What this comparison could have found; null when nothing could be compared. */
  readonly power?: Power | null
  /** Of the best cell: which unit each drawn unit found; null when there is no cell. */
  readonly scatter?: Scatter | null
  /** The same test against other models of the register; absent where there was no register. */
  readonly panel?: ImpostorPanel
  /** Null or absent where labels agreed as they stand, or nothing agreed. */
  readonly alignment?: LabelAlignment | null
  readonly effect: Effect | null
  /** Reasons of the verdict in plain sentences, most important first. */
  readonly reasons: readonly string[]
  /** Transformations that these tests cannot see, in words. */
  readonly untested: readonly string[]
  /** The sides of which only a sample was read; absent when all of both was compared. */
  readonly firstAnswer?: readonly FirstAnswerSide[]
  readonly method: {
    readonly version: string
    readonly seed: string
    /** Measured error rates of this very version; absent until it was calibrated. */
    readonly calibration?: CalibrationSummary
  }
}
