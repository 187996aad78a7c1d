/**
 * Everything that was found out about two models, before it is judged.
 *
 * Weights against weights and fingerprint against fingerprint arrive here by different ways; `verdict.ts` does not ask
 * which it was.
 */
import type { Sign } from '../direction/sign.ts'
import { NO_BEGINNINGS, type Beginnings } from '../seeds/beginnings.ts'
import type { Change } from './change.ts'
import type { LabelAlignment, NegativeControl, TestOutcome } from './comparison.ts'
import type { EqualityEvidence } from './equality-evidence.ts'
import type { LayerMap } from './layer-map.ts'
import type { Power } from './power.ts'
import type { ResidualTest } from './residual.ts'
import type { SharedTraining } from './shared-training.ts'

/** See the module. */
export interface Evidence {
  /** Why nothing could be compared; empty when something could. */
  readonly unusable: readonly string[]
  /** Why a verdict would stand on too little: narrower than 64, or units that cannot be told apart. */
  readonly narrow: readonly string[]
  readonly map: LayerMap
  readonly residual: readonly ResidualTest[]
  readonly equality: EqualityEvidence
  readonly shared: SharedTraining
  readonly control: NegativeControl | null
  /** All tests together, after family-wise control. */
  readonly log10p: number
  /** What could have been found; null when nothing could be compared. */
  readonly power: Power | null
  /** How labels had to be aligned before layers agreed; null when they did not have to be, or were not. */
  readonly alignment: LabelAlignment | null
  /** Why finding nothing would not decide; empty when it does. */
  readonly undecided: readonly string[]
  readonly changes: readonly Change[]
  /** What says which of the two is the child. */
  readonly signs: readonly Sign[]
  /** Default seeds from which the models began. */
  readonly beginnings: Beginnings
  /** Outcomes besides those of the map and the residual dimensions. */
  readonly further: readonly TestOutcome[]
  /** Transformations that these tests cannot see. */
  readonly untested: readonly string[]
}

/** Evidence of two models of which at least one cannot be compared. */
export function unusableEvidence(reasons: readonly string[]): Evidence {
  return {
    unusable: reasons,
    narrow: [],
    map: { layersA: 0, layersB: 0, cells: [], partners: [], aligned: [] },
    residual: [],
    equality: NO_EQUALITY,
    shared: { gains: null, overlap: null, cosine: null },
    control: null,
    log10p: 0,
    power: null,
    alignment: null,
    undecided: [],
    changes: [],
    signs: [],
    beginnings: NO_BEGINNINGS,
    further: [],
    untested: ['everything: no test could be run'],
  }
}

/** No parts were held against each other. */
export const NO_EQUALITY: EqualityEvidence = {
  paired: 0,
  equalBits: 0,
  equalValues: 0,
  elements: 0,
  equalElements: 0,
  unpairedElements: 0,
  matrices: 0,
  equalMatrices: 0,
  equalOthers: 0,
  equalLayers: [],
  samePackaging: false,
}

/** What numbers alone do not see, and alignment does. */
export const UNSEEN_BY_NUMBERS: readonly string[] = [
  'hidden units renumbered at the same time as the residual stream was rotated',
  'hidden units renumbered, removed or added in every layer while all other weights changed too',
]

/** What no test of this folder sees, aligned or not. */
export const NEVER_SEEN: readonly string[] = [
  'attention heads reordered, or projections of attention mixed within a head',
  'experts reordered',
  'distillation or training on the outputs of the other model: leaves no trace in weights',
]

/** What no test of this folder sees, and when it matters. */
export const NEVER_TESTED: readonly string[] = [...UNSEEN_BY_NUMBERS, ...NEVER_SEEN]
