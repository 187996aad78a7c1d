/**
 * What static inspection of all files found; nothing was run.
 *
 * Made from `../schemas/inspection.schema.json` by `npm run docs`; do not edit.
 */
import type { AppliedPolicy, Evidence, Inputs, StatementCommon } from './common.ts'

/** What static inspection of all files found; nothing was run. */
export interface InspectionReport extends StatementCommon {
  readonly scanners: readonly Scanner[]
  /** How much was read. */
  readonly coverage: Coverage
  readonly findings: readonly InspectionFinding[]
  /** Over all files: the worst of its parts. */
  readonly verdict: 'proved' | 'policy-proved' | 'no-finding' | 'inconclusive' | 'defect'
  readonly policy: AppliedPolicy
  readonly evidence: readonly Evidence[]
  readonly inputs: Inputs
}

/** What inspected. */
export interface Scanner {
  /** A short name. */
  readonly name: string
  /** A short name. */
  readonly version: string
  /** Of the program. */
  readonly digest?: string
  /** Digest of the rule set. */
  readonly rules: string
}

/** How much was read. */
export interface Coverage {
  /** Bytes that were read in full. */
  readonly bytes: number
  readonly filesOpened: number
  /** Files that no reader took in full. */
  readonly filesRefused: number
}

/** One finding. */
export interface InspectionFinding {
  /** A short name. */
  readonly rule: string
  readonly grade: 'dangerous' | 'major' | 'minor' | 'advisory'
  readonly basis: 'capability' | 'exploit' | 'malice'
  /** A short name. */
  readonly path: string
  /** Bytes of the file. */
  readonly range?: ByteRange
  /** SHA-256 in lower-case hex. */
  readonly evidence?: string
}

/** Bytes of the file. */
export interface ByteRange {
  readonly offset: number
  readonly length: number
}
