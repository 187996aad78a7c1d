/**
 * Re-derivation: a declared step is done again and its outcome held against the child. A door of its own, since nothing
 * else does a step again.
 */
export { readRecipe, type Recipe } from './recipe.ts'
export { TRANSFORMS, type RederivedTensor, type Rederivation, type Transform } from './rederivation.ts'
export { runTransform, type Declared } from './run-transform.ts'
