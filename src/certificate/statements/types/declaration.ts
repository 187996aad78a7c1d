/**
 * What a declarant says about a model before anyone looks.
 *
 * Made from `../schemas/declaration.schema.json` by `npm run docs`; do not edit.
 */
import type { StatementCommon } from './common.ts'

/** What a declarant says about a model before anyone looks. */
export interface Declaration extends StatementCommon {
  /** Who declares; an organisation, never a person. */
  readonly declarant: string
  /** Where it was taken from. */
  readonly origin: DeclaredOrigin
  readonly declaredBases: readonly DeclaredBase[]
  /** SPDX expression, or the name of a licence. */
  readonly licence: string
  /** A text for a person. */
  readonly intendedUse: string
  readonly jurisdictions: readonly string[]
  /** SHA-256 of the answers to the questions about risk. */
  readonly riskFacts?: string
}

/** Where it was taken from. */
export interface DeclaredOrigin {
  /** A short name. */
  readonly hub?: string
  /** A short name. */
  readonly repository?: string
  /** A short name. */
  readonly revision?: string
  /** A short name. */
  readonly commit?: string
  /** SHA-256 over the LFS object ids that the hub states. */
  readonly lfsOids?: string
}

/** A model that it is said to descend from. */
export interface DeclaredBase {
  /** A short name. */
  readonly name: string
  /** Identity of a model: `tw1:` and the dirHash of its files. */
  readonly modelId?: string
  /** Such as `fine-tune`, `merge`, `quantise`. */
  readonly relation?: string
}
