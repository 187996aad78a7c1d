/**
 * Attribution: of which parents a model is made, and by which steps. A door of its own, since a comparison of two models
 * needs none of it.
 */
export { attribute, type AttributedCandidate } from './attribute.ts'
export type { Attribution } from './attribution.ts'
export { declaredParents, weighDeclaration } from './declared-parents.ts'
export { markMerges, type TracedCandidate } from './layer-merge.ts'
export { markParents, placesOf } from './mark-parents.ts'
