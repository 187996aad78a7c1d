/**
 * What the customs house decided about one consignment.
 *
 * Made from `../schemas/clearance.schema.json` by `npm run docs`; do not edit.
 */
import type { AppliedPolicy, Evidence, Inputs, StatementCommon, StatusPlace } from './common.ts'

/** What the customs house decided about one consignment. */
export interface Clearance extends StatementCommon {
  /** Certificate number, 12 digits with its check digit. */
  readonly number: string
  readonly decision: 'cleared' | 'cleared-with-advisories' | 'held' | 'refused' | 'seized' | 'banned' | 'released'
  readonly channel: 'green' | 'amber' | 'red'
  readonly reasons: readonly ClearanceReason[]
  readonly dossier: Evidence
  /** The last day on which it holds. */
  readonly expiresOn: string
  /** Conditions under which it holds. */
  readonly conditions?: readonly string[]
  readonly basedOn?: readonly Basis[]
  /** Where and for what it holds; everywhere and for everything when absent. */
  readonly scope?: ClearanceScope
  /** A day in UTC. */
  readonly validFrom?: string
  /** A day in UTC. */
  readonly validTo?: string
  /** A text for a person. */
  readonly legalBasis?: string
  /** The last day of appeal. */
  readonly appealBy?: string
  /** Who has to sign for it to be in force. */
  readonly quorum?: Quorum
  readonly statusIndex?: StatusPlace
  readonly policy: AppliedPolicy
  readonly evidence: readonly Evidence[]
  readonly inputs: Inputs
}

/** One numbered reason of the decision. */
export interface ClearanceReason {
  /** From 1. */
  readonly number: number
  /** Id of the condition in the policy. */
  readonly condition: string
  readonly outcome: 'cleared' | 'cleared-with-advisories' | 'held' | 'refused'
  /** A text for a person. */
  readonly message: string
  readonly evidence: readonly string[]
}

/** A statement that the decision rests on. */
export interface Basis {
  /** SHA-256 in lower-case hex. */
  readonly leafHash: string
  /** An absolute URI. */
  readonly predicateType: string
}

/** Where and for what it holds; everywhere and for everything when absent. */
export interface ClearanceScope {
  readonly jurisdictions?: readonly string[]
  readonly uses?: readonly string[]
}

/** Who has to sign for it to be in force. */
export interface Quorum {
  /** Signatures that are needed. */
  readonly threshold: number
  /** Keys that may sign. */
  readonly of: number
  readonly keys: readonly string[]
}
