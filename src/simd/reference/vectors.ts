/**
 * References of the kernels over vectors of f32: sums of products, norms, nearest neighbours, sign bits.
 *
 * They fix the order of every sum. In the f64 sums element i goes to lane i mod 8 and the lanes are added as
 * ((0+2)+(4+6)) + ((1+3)+(5+7)), each bracket in f64; in `dotF32` lane i mod 16, pairwise by fours.
 */
import type { CosineNeighbours, NearestOptions } from '../nearest.ts'
import type { HammingNeighbours } from '../sign-bits.ts'

/** A subnormal f32 counts as zero. */
const SMALLEST_NORMAL = 2 ** -126
const flush = (value: number, smallest: number): number => (Math.abs(value) < smallest ? 0 : value)

/** Reference of `dot`. */
export function dotReference(a: Float32Array, b: Float32Array): number {
  const lanes = Array.from({ length: 8 }, () => 0)
  a.forEach((value, i) => {
    const product = flush(value, SMALLEST_NORMAL) * flush(b[i] as number, SMALLEST_NORMAL)
    lanes[i & 7] = (lanes[i & 7] as number) + product
  })
  const [l0, l1, l2, l3, l4, l5, l6, l7] = lanes as [number, number, number, number, number, number, number, number]
  return l0 + l2 + (l4 + l6) + (l1 + l3 + (l5 + l7))
}

/** Reference of `dotF32`. */
export function dotF32Reference(a: Float32Array, b: Float32Array): number {
  const lanes = new Float32Array(16)
  a.forEach((value, i) => {
    const product = Math.fround(flush(value, 2 ** -50) * flush(b[i] as number, 2 ** -50))
    lanes[i & 15] = (lanes[i & 15] as number) + product
  })
  const [s0, s1, s2, s3] = [0, 1, 2, 3].map((i) => {
    const lane = (k: number): number => lanes[4 * k + i] as number
    return Math.fround(Math.fround(lane(0) + lane(1)) + Math.fround(lane(2) + lane(3)))
  }) as [number, number, number, number]
  return Math.fround(Math.fround(s0 + s1) + Math.fround(s2 + s3))
}

/** Reference of the normalisation of a row: f32(x / |row|), flushed below 2^-40; undefined without a direction. */
export function normaliseReference(row: Float32Array): Float32Array | undefined {
  const inverse = 1 / Math.sqrt(dotReference(row, row))
  if (!(inverse > 0 && inverse < Infinity)) return undefined
  return row.map((value) => flush(Math.fround(flush(value, SMALLEST_NORMAL) * inverse), 2 ** -40))
}

function sequentialDot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum = Math.fround(sum + Math.fround((a[i] as number) * (b[i] as number)))
  return sum
}

/** Rows of a row-major matrix. */
export function rowsOf<Row extends Float32Array | Uint32Array>(matrix: Row, width: number): Row[] {
  return Array.from({ length: matrix.length / width }, (_, i) => matrix.subarray(i * width, (i + 1) * width) as Row)
}

/** Reference of `nearestByCosine`. */
export function nearestByCosineReference(
  queries: Float32Array,
  references: Float32Array,
  dimension: number,
  { absolute = false }: NearestOptions = {},
): CosineNeighbours {
  const known = rowsOf(references, dimension).map(normaliseReference)
  const index: number[] = []
  const similarity: number[] = []
  const tied: number[] = []
  for (const query of rowsOf(queries, dimension).map(normaliseReference)) {
    const best = { at: 0xffffffff, cosine: 0, score: -Infinity, tied: 0 }
    known.forEach((reference, at) => {
      if (query === undefined || reference === undefined) return
      const cosine = sequentialDot(query, reference)
      const score = absolute ? Math.abs(cosine) : cosine
      if (score === best.score) best.tied = 1
      if (score > best.score) Object.assign(best, { at, cosine, score, tied: 0 })
    })
    index.push(best.at)
    similarity.push(best.cosine)
    tied.push(best.tied)
  }
  return {
    index: Uint32Array.from(index),
    similarity: Float32Array.from(similarity),
    tied: Uint8Array.from(tied),
  }
}

/** Reference of `signBits`. */
export function signBitsReference(values: Float32Array, dimension: number): Uint32Array {
  const words = Math.ceil(dimension / 32)
  const bits = new Uint32Array((values.length / dimension) * words)
  values.forEach((value, i) => {
    const column = i % dimension
    const word = Math.floor(i / dimension) * words + (column >> 5)
    if (value < 0) bits[word] = (bits[word] as number) | (1 << (column & 31))
  })
  return bits
}

/** Reference of `hammingDistance`. */
export function hammingReference(a: Uint32Array, b: Uint32Array): number {
  let distance = 0
  a.forEach((word, i) => {
    for (let rest = (word ^ (b[i] as number)) >>> 0; rest !== 0; rest = (rest & (rest - 1)) >>> 0) distance++
  })
  return distance
}

/** Reference of `nearestByHamming`. */
export function nearestByHammingReference(
  queries: Uint32Array,
  references: Uint32Array,
  words: number,
): HammingNeighbours {
  const known = rowsOf(references, words)
  const found = rowsOf(queries, words).map((query) => {
    const distances = known.map((reference) => hammingReference(query, reference))
    const least = distances.reduce((smallest, distance) => Math.min(smallest, distance), Infinity)
    return { at: distances.indexOf(least), least, count: distances.filter((distance) => distance === least).length }
  })
  return {
    index: Uint32Array.from(found, ({ at }) => at),
    distance: Uint32Array.from(found, ({ least }) => (least === Infinity ? 0xffffffff : least)),
    tied: Uint8Array.from(found, ({ count }) => Number(count > 1)),
  }
}

/** Reference of `histogram16`. */
export function histogram16Reference(codes: Uint16Array): Float64Array {
  const counts = new Float64Array(65_536)
  for (const code of codes) counts[code] = (counts[code] as number) + 1
  return counts
}
