/**
 * The proof engine: an abstract interpreter of pickle streams.
 *
 *     analysePickle(request: ReadRequest, at: number, context: PickleContext): PickleAnalysis
 */
export type {
  ByteRange,
  PickleAnalysis,
  PickleArray,
  PickleContext,
  PickleTensor,
  PickleVerdict,
} from './analysis.ts'
export type { PickleFailure, PickleProof, PickleUse } from '../proof.ts'
