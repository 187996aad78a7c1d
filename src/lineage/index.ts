/** Whose child is this model? */
export * from './weights/comparison.ts'
