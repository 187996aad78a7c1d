/**
 * What comparing weights found about descent; an answer with its probability, never guilt.
 *
 * Made from `../schemas/provenance-report.schema.json` by `npm run docs`; do not edit.
 */
import type { AppliedPolicy, DescribedModel, Evidence, Inputs, StatementCommon } from './common.ts'

/** What comparing weights found about descent; an answer with its probability, never guilt. */
export interface ProvenanceReport extends StatementCommon {
  /** What was asked. */
  readonly question: ProvenanceQuestion
  readonly methods: readonly MethodResult[]
  /** All methods together. */
  readonly combined: CombinedResult
  /** `none`: no evidence of descent was found. */
  readonly relation: 'none' | 'derived' | 'fine-tune' | 'merge' | 'prune' | 'quantise' | 'distil' | 'undetermined'
  readonly lineage: readonly LineageEdge[]
  /** SHA-256 of the text that says what the report does not show. */
  readonly limits: string
  /** Merkle root over the samples that were compared. */
  readonly samplesRoot?: string
  readonly policy: AppliedPolicy
  readonly evidence: readonly Evidence[]
  readonly inputs: Inputs
}

/** What was asked. */
export interface ProvenanceQuestion {
  readonly child: DescribedModel
  readonly candidateParents: readonly DescribedModel[]
}

/** What one method found. */
export interface MethodResult {
  /** A short name. */
  readonly id: string
  /** A short name. */
  readonly version: string
  /** What chance would look like. */
  readonly nullModel: string
  /** A number as decimal text, so that it means the same to everyone: `0.0125`, `1e-12`. */
  readonly statistic: string
  /** A number as decimal text, so that it means the same to everyone: `0.0125`, `1e-12`. */
  readonly pValue: string
  /** A number as decimal text, so that it means the same to everyone: `0.0125`, `1e-12`. */
  readonly effect?: string
  /** Error rate on models of known descent. */
  readonly calibration?: MethodCalibration
}

/** Error rate on models of known descent. */
export interface MethodCalibration {
  /** SHA-256 in lower-case hex. */
  readonly set: string
  readonly n: number
  /** A number as decimal text, so that it means the same to everyone: `0.0125`, `1e-12`. */
  readonly falsePositiveRate: string
}

/** All methods together. */
export interface CombinedResult {
  /** A number as decimal text, so that it means the same to everyone: `0.0125`, `1e-12`. */
  readonly pValue: string
  /** A number as decimal text, so that it means the same to everyone: `0.0125`, `1e-12`. */
  readonly bayesFactor?: string
  /** How several tests were allowed for. */
  readonly correction: string
}

/** One step of descent. */
export interface LineageEdge {
  /** Identity of a model: `tw1:` and the dirHash of its files. */
  readonly child: string
  /** Identity of a model: `tw1:` and the dirHash of its files. */
  readonly parent: string
  /** A short name. */
  readonly relation: string
}
