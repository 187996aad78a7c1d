/**
 * That a test is about to run: logged before it, so that a failed run cannot vanish.
 *
 * Made from `../schemas/test-intent.schema.json` by `npm run docs`; do not edit.
 */
import type { AppliedPolicy, Inputs, StatementCommon } from './common.ts'

/** That a test is about to run: logged before it, so that a failed run cannot vanish. */
export interface TestIntent extends StatementCommon {
  /** What will be run. */
  readonly suite: TestSuite
  /** What runs it. */
  readonly harness: Harness
  /** Without a result by then the test counts as abandoned, which counts as failed. */
  readonly deadline: string
  /** SHA-256 of the criteria of passing. */
  readonly criteria: string
  /** SHA-256 of a secret of the station that goes into nothing but its own salts. */
  readonly seedCommitment?: string
  /** The failed result, or the abandoned intent, after which it is tested again. */
  readonly retestOf?: string
  readonly policy: AppliedPolicy
  readonly inputs: Inputs
}

/** What will be run. */
export interface TestSuite {
  /** A short name. */
  readonly id: string
  /** A short name. */
  readonly version: string
  /** SHA-256 in lower-case hex. */
  readonly digest: string
  /** An absolute URI. */
  readonly uri?: string
  /** The sealed bank of probes, published before. */
  readonly bank: SealedBank
  /** Number of probes that the beacon draws. */
  readonly draw: number
}

/** The sealed bank of probes, published before. */
export interface SealedBank {
  /** Merkle root over all probes. */
  readonly root: string
  /** Number of probes. */
  readonly size: number
}

/** What runs it. */
export interface Harness {
  /** A short name. */
  readonly name: string
  /** A short name. */
  readonly version: string
  /** SHA-256 in lower-case hex. */
  readonly digest: string
  /** Digest of the container image. */
  readonly image?: string
}
