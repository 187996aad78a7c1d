/**
 * The sketch of a part: sign bits of a CountSketch over a sample of its elements.
 *
 * The sample is up to 32 blocks of 1,024 elements, evenly spread, at places that only the number of elements decides;
 * so any two parts of one size are sampled alike, whatever their types. The 1,024 buckets are added up to as many as are kept,
 * and of each only the sign remains: n bits estimate the cosine of two parts, cos θ = cos(π · share of differing bits).
 * A sample that is one number all over has no direction of its own: its bits are all zero.
 *
 * Guarantee: integers only after the first rounding; the same bits everywhere.
 */
import { BUCKET_BLOCK, countSketch, decodeTensor, requireDecodable, sumOfSquares } from '../../simd/index.ts'
import { PUBLIC_SEED, seedKey } from '../weights/sampling.ts'
import type { DigestTask, ReadAt } from './digest-task.ts'

/** See the module; `rms` 0 and no bits when there is nothing to sketch. */
export interface PartSketch {
  readonly rms: number
  /** Share of exact zeros, in 1/65535. */
  readonly zeros: number
  readonly sketch: Uint8Array | null
}

const SAMPLED_BLOCKS = 32
const UNITS_OF_RMS = 4096
const SEED = seedKey(PUBLIC_SEED, 'sketch')

interface Sample {
  readonly start: number
  readonly values: Float32Array
}

function readSample(task: DigestTask, read: ReadAt): Sample[] {
  const { blockBytes, blockElements } = requireDecodable(task.type)
  const elements = (task.length / blockBytes) * blockElements
  const blocks = Math.max(1, Math.floor(elements / BUCKET_BLOCK))
  const count = Math.min(blocks, SAMPLED_BLOCKS)
  return Array.from({ length: count }, (_, i) => {
    const start = Math.floor(((i + 0.5) * blocks) / count) * BUCKET_BLOCK
    const length = Math.min(BUCKET_BLOCK, elements - start)
    const bytes = new Uint8Array((length / blockElements) * blockBytes)
    read(bytes, task.offset + (start / blockElements) * blockBytes)
    return { start, values: decodeTensor(task.type, bytes, { bigEndian: task.bigEndian }) }
  })
}

function countZeros(values: Float32Array): number {
  let count = 0
  for (const value of values) if (value === 0) count += 1
  return count
}

function signsOf(buckets: Float64Array, bits: number): Uint8Array {
  const out = new Uint8Array(bits / 8)
  for (let bit = 0; bit < bits; bit++) {
    let sum = 0
    for (let at = bit; at < buckets.length; at += bits) sum += buckets[at] ?? 0
    if (sum < 0) out[bit >> 3] = (out[bit >> 3] ?? 0) | (1 << (bit & 7))
  }
  return out
}

function isConstant(sample: readonly Sample[]): boolean {
  const first = sample[0]?.values[0]
  return sample.every(({ values }) => values.every((value) => value === first))
}

/** Sketches a part; see the module. */
export function sketchPart(task: DigestTask, read: ReadAt): PartSketch {
  if (!task.decodable || task.length === 0) return { rms: 0, zeros: 0, sketch: null }
  const sample = readSample(task, read)
  const count = sample.reduce((sum, { values }) => sum + values.length, 0)
  const zeros = sample.reduce((sum, { values }) => sum + countZeros(values), 0)
  const square = sample.reduce((sum, { values }) => sum + sumOfSquares(values), 0) / Math.max(1, count)
  const rms = Math.fround(Math.sqrt(square))
  const share = Math.round((65_535 * zeros) / Math.max(1, count))
  const usable = Number.isFinite(rms) && rms > 2 ** -80 && rms < 2 ** 80
  if (!usable || task.sketchBits === 0) return { rms: usable ? rms : 0, zeros: share, sketch: null }
  if (isConstant(sample)) return { rms, zeros: share, sketch: new Uint8Array(task.sketchBits / 8) }
  const buckets = new Float64Array(BUCKET_BLOCK)
  for (const { start, values } of sample) countSketch(values, { buckets, scale: UNITS_OF_RMS / rms, seed: SEED, start })
  return { rms, zeros: share, sketch: signsOf(buckets, task.sketchBits) }
}
