/** The proof engine: an abstract interpreter of pickle streams. */
export { analysePickle } from './analyse.ts'
export type { ByteRange, PickleAnalysis, PickleArray, PickleContext, PickleTensor, PickleVerdict } from './analysis.ts'
export type { PickleFailure, PickleProof, PickleUse } from '../proof.ts'
