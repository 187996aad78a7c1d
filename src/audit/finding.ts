/**
 * Findings: what a rule concludes from facts.
 *
 * Each finding names the rule, the exact place and the evidence. Its `basis` says what kind of statement it is:
 * only `malice` may ever be held against somebody, and only with the evidence bytes (design: 7.7).
 */

import type { AssuranceLevel, ClaimRole, Reading } from '../formats/index.ts'
import type { AuditOptions } from './options.ts'

/** As in the MOT: dangerous, major, minor, advisory. */
export const GRADES = ['dangerous', 'major', 'minor', 'advisory'] as const
/** See {@link GRADES}. */
export type Grade = (typeof GRADES)[number]

/** capability: such content can run code; exploit: matches a known weakness of a loader; malice: payload evidence. */
export type Basis = 'capability' | 'exploit' | 'malice'

/** See the module. */
export interface Finding {
  /** Rule id, `TW-…`; never reused. */
  readonly rule: string
  readonly grade: Grade
  readonly basis: Basis
  /** Path of the file within the artefact, or of a member (`model.pt!/data.pkl`); `.` for the artefact as a whole. */
  readonly path: string
  /** For a member, the file of the artefact in which it lies. */
  readonly container?: string
  /** Structural place: `header`, `tensor "x"`, `/auto_map/AutoModel`; stable under changes elsewhere in the file. */
  readonly locus: string
  /** One sentence with the numbers, for a person. */
  readonly message: string
  readonly offset?: number
  readonly length?: number
  /** At most 256 characters, escaped. */
  readonly evidence?: string
}

/** proved: nothing to object and every byte understood by proof; see design 1.10. Ordered from best to worst. */
export const FILE_VERDICTS = ['proved', 'policy-proved', 'no-finding', 'inconclusive', 'defect'] as const
/** Verdict over a file or an artefact: the worst of its parts. */
export type AuditVerdict = (typeof FILE_VERDICTS)[number]

/** What a rule did on an artefact, so that a certificate can list what was tested. */
export interface RuleOutcome {
  readonly rule: string
  readonly state: 'pass' | 'fail' | 'inconclusive' | 'not-applicable'
}

/** One file as it was judged. */
export interface AuditedFile {
  readonly path: string
  /** For a member of an archive, the file of the artefact in which it was found. */
  readonly container?: string
  readonly format: string
  readonly verdict: AuditVerdict
  /** Policies of libraries under which its pickles are proved; the core policy is not named. */
  readonly under?: readonly { readonly policy: string; readonly versions: string }[]
  /** The verdict that it would have without its members, where they made it worse. */
  readonly own?: AuditVerdict
  /** How far it was read. */
  readonly reading?: Reading
  /** Why it was not read in full. */
  readonly reason?: string
  /** Bytes that structures of each kind claim. */
  readonly coverage?: Readonly<Partial<Record<ClaimRole, number>>>
}

/** What `audit/` hands on. */
export interface AuditReport {
  readonly schema: 'tidewaiter/audit/v1'
  readonly artefact: string
  readonly files: readonly AuditedFile[]
  readonly findings: readonly Finding[]
  readonly outcomes: readonly RuleOutcome[]
  readonly verdict: AuditVerdict
  /** Digest of the rule set that was run. */
  readonly rules: string
  /** What the rules were told beside the facts; absent when nothing. */
  readonly options?: AuditOptions
  /** How strongly the readers were kept apart from the machine. */
  readonly assurance?: AssuranceLevel
  /** Which version of each reader made the facts. */
  readonly readers?: readonly { readonly format: string; readonly version: number }[]
}
