/**
 * What becomes of a statement that was made before.
 *
 * Made from `../schemas/revocation.schema.json` by `npm run docs`; do not edit.
 */
import type { AppliedPolicy, StatementCommon, StatusPlace } from './common.ts'

/** What becomes of a statement that was made before. */
export interface Revocation extends StatementCommon {
  /** The statement. */
  readonly target: RevocationTarget
  readonly action: 'suspend' | 'reinstate' | 'revoke' | 'supersede' | 'expire'
  readonly reason:
    | 'dangerous-finding'
    | 'key-compromise'
    | 'false-statement'
    | 'new-evidence'
    | 'procedure'
    | 'appeal'
    | 'replaced'
    | 'withdrawn'
    | 'quorum'
  /** Salted SHA-256 of the reasons in words. */
  readonly text?: string
  /** RFC 3339 in UTC, to the second. */
  readonly effectiveFrom: string
  /** What is said of descendants. */
  readonly taint?: Taint
  readonly policy: AppliedPolicy
}

/** The statement. */
export interface RevocationTarget {
  /** SHA-256 in lower-case hex. */
  readonly leafHash: string
  /** Certificate number, 12 digits with its check digit. */
  readonly number?: string
  readonly statusIndex?: StatusPlace
}

/** What is said of descendants. */
export interface Taint {
  /** Descendants are listed, never revoked by this. */
  readonly descendants: 'listed' | 'not-listed' | 'none-known'
  /** Digest of the list. */
  readonly list?: string
}
