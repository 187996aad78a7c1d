/**
 * The block-rotated CountSketch: a short linear image of a tensor that keeps angles.
 *
 * The elements stand in blocks of 1,024. A block is added into one segment of 1,024 buckets, rotated by a random
 * amount, each element with a random sign; rotation, segment and signs come from hashes of the seed and the block's
 * number alone, so that with one seed any tensor can meet any other. The cosine of two sketches of B buckets estimates
 * the cosine of the tensors with an error of about 1/√B.
 *
 * Guarantee: bit-identical everywhere and in any order of the parts. A value becomes the integer nearest to
 * value × scale (in f32, ties to even, clamped to ±2^20; NaN counts as 0), and integers are added.
 *
 * Source: Charikar, Chen, Farach-Colton 2002 (CountSketch); lineage-weights design, section 5b.3; Murmur3 finaliser
 * (A. Appleby, public domain) as the hash.
 */
import { Fault } from '../base/index.ts'
import { addressOf, copyTo, scratchAt, wordsAt } from './kernel-memory.ts'
import { loadKernels } from './kernels.ts'
import { bitsOfFloat } from './reference/floats.ts'
import { mix32 } from './reference/count-sketch.ts'

/** Elements of a block, and the number of which the number of buckets must be a multiple. */
export const BUCKET_BLOCK = 1024

/** What is added to which sketch. */
export interface CountSketchInput {
  /** Sums so far, exact integers; a multiple of 1,024 of them. They are added to in place. */
  readonly buckets: Float64Array
  /** Fixed-point units in 1, from 2^-100 to 2^100: usually 2^12 over the root mean square of the tensor. */
  readonly scale: number
  /** 32 bits; the same for all tensors that will be compared. */
  readonly seed: number
  /** Number within the tensor of the first value, below 2^42; 0 when left out. */
  readonly start?: number
}

/** Blocks after which 32-bit sums are emptied; 2,048 of the largest values would overflow. */
const BLOCKS_BEFORE_EMPTY = 1024
/** Blocks copied at a time. */
const TILE_BLOCKS = 64
/** Words of a segment in the kernel: its buckets, and four that a rotation carries over the end. */
const SEGMENT_WORDS = BUCKET_BLOCK + 4
const SUMS_AT = 4 * BUCKET_BLOCK * TILE_BLOCKS

/**
 * Adds values to a sketch.
 *
 * @param values f32 values, or bf16 codes
 * @throws Fault `sketch-size` for a number of buckets that is no positive multiple of 1,024 up to 2^20; `sketch-scale`
 */
export function countSketch(values: Float32Array | Uint16Array, input: CountSketchInput): void {
  const { buckets, scale, start = 0 } = input
  if (buckets.length === 0 || buckets.length % BUCKET_BLOCK !== 0 || buckets.length > 2 ** 20)
    throw new Fault('sketch-size', `${buckets.length} buckets; a multiple of ${BUCKET_BLOCK} up to 2^20 is needed`)
  if (!(scale >= 2 ** -100 && scale <= 2 ** 100))
    throw new Fault('sketch-scale', `scale ${scale} is outside 2^-100 … 2^100`)
  const whole = (length: number): number => length - (length % BUCKET_BLOCK)
  const head = Math.min(values.length, (BUCKET_BLOCK - (start % BUCKET_BLOCK)) % BUCKET_BLOCK)
  const tail = head + whole(values.length - head)
  const sums = new SketchSums(input, values instanceof Float32Array)
  sums.addPart(values.subarray(0, head), start)
  sums.addBlocks(values.subarray(head, tail), (start + head) / BUCKET_BLOCK)
  sums.addPart(values.subarray(tail), start + tail)
  sums.empty()
}

/** The 32-bit sums of one call, and what the kernel needs to add to them. */
class SketchSums {
  readonly #buckets: Float64Array
  readonly #words: Int32Array
  readonly #add: (source: number, blocks: number, firstBlock: number) => void
  #pending = 0

  constructor({ buckets, scale, seed }: CountSketchInput, floats: boolean) {
    const segments = buckets.length / BUCKET_BLOCK
    const words = wordsAt(scratchAt(SUMS_AT), SEGMENT_WORDS * segments)
    const kernel = floats ? loadKernels().sketchF32 : loadKernels().sketchBf16
    const scale32 = Math.fround(scale)
    // A magnitude below a quarter of a unit rounds to nothing; the kernel never multiplies it.
    const smallest = bitsOfFloat(0.25 / scale32)
    this.#buckets = buckets
    this.#words = new Int32Array(words.buffer, words.byteOffset, words.length)
    this.#words.fill(0)
    this.#add = (source, blocks, firstBlock) =>
      kernel(source, blocks, firstBlock, mix32(seed), segments, words.byteOffset, scale32, smallest)
  }

  /** Adds whole blocks. */
  addBlocks(values: Float32Array | Uint16Array, firstBlock: number): void {
    const placed = addressOf(values)
    const step = BUCKET_BLOCK * (placed === undefined ? TILE_BLOCKS : BLOCKS_BEFORE_EMPTY)
    for (let at = 0; at < values.length; at += step) {
      const tile = values.subarray(at, at + step)
      if (placed === undefined) copyTo(scratchAt(0), tile)
      this.#addTile(placed === undefined ? scratchAt(0) : tile.byteOffset, tile.length, firstBlock + at / BUCKET_BLOCK)
    }
  }

  /** Adds values that stand within one block, the first of which has number `start`. */
  addPart(values: Float32Array | Uint16Array, start: number): void {
    if (values.length === 0) return
    const padded = values instanceof Float32Array ? new Float32Array(BUCKET_BLOCK) : new Uint16Array(BUCKET_BLOCK)
    padded.set(values, start % BUCKET_BLOCK)
    this.addBlocks(padded, Math.floor(start / BUCKET_BLOCK))
  }

  #addTile(source: number, elements: number, firstBlock: number): void {
    const blocks = elements / BUCKET_BLOCK
    if (this.#pending + blocks > BLOCKS_BEFORE_EMPTY) this.empty()
    this.#add(source, blocks, firstBlock)
    this.#pending += blocks
  }

  /** Moves the sums into the buckets. */
  empty(): void {
    const [words, buckets] = [this.#words, this.#buckets]
    for (let from = 0, to = 0; to < buckets.length; from += SEGMENT_WORDS, to += BUCKET_BLOCK) {
      for (let i = 0; i < BUCKET_BLOCK; i++) buckets[to + i] = (buckets[to + i] as number) + (words[from + i] as number)
      for (let i = 0; i < 4; i++)
        buckets[to + i] = (buckets[to + i] as number) + (words[from + BUCKET_BLOCK + i] as number)
    }
    words.fill(0)
    this.#pending = 0
  }
}
