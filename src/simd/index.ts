/**
 * Kernels: the arithmetic that touches every weight, and the pool of workers that runs it.
 *
 * Numeric contract: every result is bit-identical on any machine and with any number of threads. Each kernel has a
 * plain TypeScript reference in `reference/` that defines its result.
 */
export { toCanonicalBf16, type CanonicalOptions } from './canonical.ts'
export { BUCKET_BLOCK, countSketch, type CountSketchInput } from './count-sketch.ts'
export { decodeTensor, type DecodeOptions } from './decode.ts'
export { findDifferences } from './differences.ts'
export { dot, dotF32, rowNorms, sumOfSquares } from './dot.ts'
export { histogram16, mergeHistograms, type HistogramOptions } from './histogram.ts'
export { histogramQuantile, summariseHistogram, type CodeType, type HistogramSummary } from './histogram-summary.ts'
export { newKernelArena, newKernelBuffer, releaseKernelArena, releaseKernelBuffer } from './kernel-memory.ts'
export { multiply, type ProductShape } from './multiply.ts'
export { nearestByCosine, type CosineNeighbours, type NearestOptions } from './nearest.ts'
export { createWorkerPool, taskModule, type PoolOptions, type WorkerPool } from './pool.ts'
export { hammingDistance, hammingDistances, nearestByHamming, signBits, type HammingNeighbours } from './sign-bits.ts'
export type { TaskContext, TaskModule, TaskRun } from './task.ts'
export {
  findTensorLayout,
  GGML_TYPES,
  requireDecodable,
  tensorElements,
  type GgmlType,
  type TensorLayout,
} from './tensor-types.ts'
