/**
 * What the rules are told beside the facts. It stands in the report, so that the same audit can be made again.
 */

/** What whoever brings the model says about it, as far as rules ask for it. */
export interface AuditOptions {
  /** Paths that the import declaration lists; without it, what it lists is not tested. */
  readonly declared?: readonly string[]
  /** Templates of the base model that the model names, where it is known; without it, drift is not tested. */
  readonly baseTemplates?: BaseTemplates
  /** What the model is to be used for, as declared; without it, licences are not held against it. */
  readonly uses?: readonly DeclaredUse[]
}

/** A use that licences of models often exclude. */
export type DeclaredUse = (typeof DECLARED_USES)[number]

/** See {@link DeclaredUse}. */
export const DECLARED_USES = ['commercial', 'military', 'surveillance', 'medical', 'legal'] as const

/** Chat templates of a base model: digests of their syntax trees. */
export interface BaseTemplates {
  /** Name of the base model. */
  readonly model: string
  readonly digests: readonly string[]
}
