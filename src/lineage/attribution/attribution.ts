/**
 * What the weights of several candidates together say of a suspect, as data.
 *
 * `merge` is only said when a recipe explains the suspect down to the rounding of its numbers, by at least two
 * candidates; everything less is `not-identified`, which leaves the verdict of each comparison as it is.
 */

/** Recipes that can be told apart. */
export type Recipe = 'linear' | 'task-arithmetic' | 'slerp' | 'per-layer' | 'passthrough' | 'ties' | 'dare'

/** What was concluded. */
export type AttributionOutcome =
  | 'merge' // two or more candidates explain the suspect down to rounding
  | 'one-parent' // one candidate alone does
  | 'not-identified' // several candidates may have contributed; recipe and weights are open
  | 'none' // nothing beyond what each comparison says

/** A parent with its weight. */
export interface ParentWeight {
  readonly ref: string
  /** Null when it varies or cannot be told. */
  readonly weight: number | null
  /** Standard error of the weight. */
  readonly error: number | null
  /** Candidates that cannot be told from this one. */
  readonly sameAs: readonly string[]
}

/** Weights in one layer, in the order of the parents. */
export interface LayerWeights {
  readonly layer: number
  readonly weights: readonly number[]
}

/** A parameter of a recipe: `density of oak-sft`, `t`, `scale`. */
export interface RecipeParameter {
  readonly name: string
  readonly value: number
  readonly error: number | null
}

/** How well the recipe explains what is there. */
export interface RecipeEvidence {
  /** Elements that were looked at one by one. */
  readonly elements: number
  /** Share of them within rounding of what the recipe gives. */
  readonly explained: number
  /** The same share when parents' differences are moved to other places. */
  readonly byChance: number
  /** Residual mean square over that of rounding; null for recipes of classes. */
  readonly residual: number | null
}

/** A recipe with its parents. */
export interface RecipeFinding {
  readonly recipe: Recipe
  /** The model from which differences are counted, if the recipe has one. */
  readonly base: string | null
  readonly parents: readonly ParentWeight[]
  readonly parameters: readonly RecipeParameter[]
  /** Empty unless weights vary by layer. */
  readonly layers: readonly LayerWeights[]
  readonly evidence: RecipeEvidence
}

/** A candidate's place among those of which the suspect may be the child. */
export interface RankedParent {
  readonly ref: string
  /** From 1; the same number for candidates that cannot be put in order. */
  readonly place: number
  /** Root mean square of the difference over that of the suspect, all parts alike; null without a common part. */
  readonly distance: number | null
}

/** See the module. */
export interface Attribution {
  readonly outcome: AttributionOutcome
  readonly finding: RecipeFinding | null
  readonly ranking: readonly RankedParent[]
  /** In plain sentences, most important first. */
  readonly reasons: readonly string[]
}
