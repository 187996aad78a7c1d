/**
 * What came of doing again what is said to have been done to a model.
 *
 * Made from `../schemas/re-derivation.schema.json` by `npm run docs`; do not edit.
 */
import type { DescribedModel, StatementCommon } from './common.ts'

/** What came of doing again what is said to have been done to a model. */
export interface RederivationReport extends StatementCommon {
  readonly parents: readonly DescribedModel[]
  readonly outcome: 're-derived' | 'not-re-derived'
  /** What was run again. */
  readonly transform: AppliedTransform
  readonly parameters: Readonly<Record<string, string>>
  /** RFC 3339 in UTC, to the second. */
  readonly performedAt: string
  /** What ran it. */
  readonly tool: Tool
  /** How many came out bit for bit. */
  readonly tensors: RederivedTensors
}

/** What was run again. */
export interface AppliedTransform {
  /** A short name. */
  readonly name: string
  readonly order: string
}

/** What ran it. */
export interface Tool {
  /** A short name. */
  readonly name: string
  /** A short name. */
  readonly version: string
}

/** How many came out bit for bit. */
export interface RederivedTensors {
  readonly total: number
  readonly equal: number
  /** Over the digests of all tensors of the child, in their order. */
  readonly digest: string
  /** Names of those that did not come out. */
  readonly others: readonly string[]
}
