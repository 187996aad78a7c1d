/**
 * A leaf `register/1` of the log: that something was said of a model, and what a reader of leaves alone has to know of it.
 *
 * Made from `../schemas/register-leaf.schema.json` by `npm run docs`; do not edit.
 */
import type { StatusPlace } from './common.ts'

/** A leaf `register/1` of the log: that something was said of a model, and what a reader of leaves alone has to know of it. */
export interface RegisterLeaf {
  readonly apiVersion: '1'
  readonly kind: 'register'
  /** What is said. */
  readonly spec: RegisterLeafSpec
}

/** What is said. */
export interface RegisterLeafSpec {
  /** Kind of the statement. */
  readonly kind:
    | 'declaration'
    | 'inspection'
    | 'provenance-report'
    | 're-derivation'
    | 'test-intent'
    | 'mot-result'
    | 'clearance'
    | 'revocation'
    | 'reply'
    | 'family'
  /** SHA-256 of the bytes that were signed (the pre-authentication encoding). */
  readonly statement: string
  /** Hash of the leaf `hashedrekord` of the statement: its identity. */
  readonly entry: string
  /** Identity of a model: `tw1:` and the dirHash of its files. */
  readonly modelId: string
  /** The family in force before this leaf. */
  readonly familyId: string
  /** Place in the docket, from 0. */
  readonly seq: number
  /** Hash of the leaf before it in the docket; absent at seq 0. */
  readonly prev?: string
  /** Id of the key that signed the statement. */
  readonly issuer: string
  /** Who signed as an officer. */
  readonly officer?: string
  /** When it was issued, as the issuer says. */
  readonly time: string
  /** Certificate number, 12 digits with its check digit. */
  readonly number?: string
  /** Result, verdict, relation, outcome or decision. */
  readonly result?: string
  /** The gravest defect of a test. */
  readonly worst?: 'dangerous' | 'major' | 'minor' | 'advisory'
  /** A day in UTC. */
  readonly expiresOn?: string
  readonly statusIndex?: StatusPlace
  /** Of an intent. */
  readonly deadline?: string
  /** The intent that a result closes, by its identity. */
  readonly intent?: string
  /** The failed result or abandoned intent after which it is tested again, by its identity. */
  readonly retestOf?: string
  /** The seed from which the probes of a result were drawn. */
  readonly seed?: string
  /** What a revocation or a reply is about, by its identity. */
  readonly target?: string
  /** What a revocation, a family act or a reply does. */
  readonly action?:
    | 'suspend'
    | 'reinstate'
    | 'revoke'
    | 'supersede'
    | 'expire'
    | 'assign'
    | 'split'
    | 'merge'
    | 'reply'
    | 'appeal'
    | 'correction'
    | 'outcome'
  /** RFC 3339 in UTC, to the second. */
  readonly effectiveFrom?: string
  /** The family after a family act. */
  readonly toFamily?: string
  /** The statement that this one replaces, by its identity. */
  readonly supersedes?: string
  /** Salted SHA-256 of a text, which can be erased without touching the log. */
  readonly text?: string
}
