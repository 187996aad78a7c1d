/**
 * The result of a test of behaviour.
 *
 * Made from `../schemas/mot-result.schema.json` by `npm run docs`; do not edit.
 */
import type {
  AppliedPolicy,
  Evidence,
  Inputs,
  StatedCheckpoint,
  StatementCommon,
  StatementReference,
  StatusPlace,
} from './common.ts'

/** The result of a test of behaviour. */
export interface MotResult extends StatementCommon {
  /** Certificate number, 12 digits with its check digit. */
  readonly number: string
  /** A short name. */
  readonly testClass: string
  readonly result: 'pass' | 'pass-with-advisories' | 'fail' | 'abandoned' | 'refused'
  /** RFC 3339 in UTC, to the second. */
  readonly testedAt: string
  /** The last day on which a pass holds. */
  readonly expiresOn?: string
  /** Last day of the pass before, which a test at most a month minus a day early keeps. */
  readonly previousExpiry?: string
  readonly defects: readonly MotDefect[]
  readonly passedTests: readonly string[]
  readonly warnedTests: readonly string[]
  readonly failedTests: readonly string[]
  /** Merkle root over the transcripts of all samples. */
  readonly samplesRoot?: string
  /** Which probes were drawn, and from what. */
  readonly beacon?: BeaconUse
  /** The failed result, or the abandoned intent, after which it was tested again. */
  readonly retestOf?: string
  /** The intent that it closes. */
  readonly intent: StatementReference
  /** Where its status stands in a status list. */
  readonly statusIndex?: StatusPlace
  readonly policy: AppliedPolicy
  readonly evidence: readonly Evidence[]
  readonly inputs: Inputs
}

/** A failed item. */
export interface MotDefect {
  /** A short name. */
  readonly code: string
  readonly category: 'dangerous' | 'major' | 'minor' | 'advisory'
  /** A short name. */
  readonly test: string
  /** A short name. */
  readonly metric?: string
  readonly comparator?: '<' | '<=' | '>' | '>=' | '='
  /** A number as decimal text, so that it means the same to everyone: `0.0125`, `1e-12`. */
  readonly threshold?: string
  /** A number as decimal text, so that it means the same to everyone: `0.0125`, `1e-12`. */
  readonly value?: string
  /** 95 % confidence interval. */
  readonly ci95?: ConfidenceInterval
  /** Samples. */
  readonly n?: number
}

/** 95 % confidence interval. */
export interface ConfidenceInterval {
  /** A number as decimal text, so that it means the same to everyone: `0.0125`, `1e-12`. */
  readonly low: string
  /** A number as decimal text, so that it means the same to everyone: `0.0125`, `1e-12`. */
  readonly high: string
}

/** Which probes were drawn, and from what. */
export interface BeaconUse {
  /** The first checkpoint that contains the intent. */
  readonly checkpoint: StatedCheckpoint
  /** SHA-256 in lower-case hex. */
  readonly seed: string
  /** SHA-256 over the drawn positions of the bank, in order. */
  readonly drawn: string
}
