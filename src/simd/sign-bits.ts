/**
 * Sign bits of vectors and their Hamming distance: one bit a dimension says most about an angle.
 *
 * Bit i of a row stands in word ⌊i/32⌋ at position i mod 32; it is 1 where the element is below zero (−0 and NaN are
 * not). A row begins on a word of its own; the bits after its end are 0.
 */
import { Fault } from '../base/index.ts'
import { ensureWholeRows } from './dot.ts'
import { codesAt, copyTo, placeAt, scratchAt, SCRATCH_BYTES, wordsAt } from './kernel-memory.ts'
import { loadKernels } from './kernels.ts'

/** 32-bit words that a row may have: a third of the scratch space. */
const MOST_WORDS = SCRATCH_BYTES / 16
const SECOND_AT = SCRATCH_BYTES / 2
/** Words of a tile, unless a row is longer. */
const TILE_WORDS = 65_536

/** For each query, in order. */
export interface HammingNeighbours {
  /** Row of the nearest reference, the lowest of equals; 0xffffffff when there are no references. */
  readonly index: Uint32Array
  /** Bits in which the two differ; 0xffffffff when there are no references. */
  readonly distance: Uint32Array
  /** 1 where another reference is exactly as near. */
  readonly tied: Uint8Array
}

/**
 * The sign bits of the rows of a row-major matrix, ⌈dimension/32⌉ words a row.
 *
 * @param dimension length of a row; the whole array when left out
 * @throws Fault `partial-row`
 * @example [...signBits(Float32Array.of(-1, 2, -3))] // [5]
 */
export function signBits(values: Float32Array, dimension: number = values.length): Uint32Array {
  if (values.length === 0) return new Uint32Array(0)
  ensureWholeRows(values.length, dimension)
  ensureFits(dimension)
  const words = Math.ceil(dimension / 32)
  const bits = new Uint32Array((values.length / dimension) * words)
  const rows = Math.max(1, Math.floor(TILE_WORDS / dimension))
  for (let row = 0; row * dimension < values.length; row += rows) {
    const part = values.subarray(row * dimension, (row + rows) * dimension)
    loadKernels().signBits(placeAt(part, 0), part.length / dimension, dimension, scratchAt(SECOND_AT))
    bits.set(wordsAt(scratchAt(SECOND_AT), (part.length / dimension) * words), row * words)
  }
  return bits
}

function ensureFits(words: number): void {
  if (words > MOST_WORDS) throw new Fault('vector-too-long', `${words} words a row; at most ${MOST_WORDS}`)
}

/**
 * Bits in which two lists of words differ.
 *
 * @throws Fault `length-mismatch`; `vector-too-long` beyond three million words
 * @example hammingDistance(Uint32Array.of(7), Uint32Array.of(4)) // 2
 */
export function hammingDistance(a: Uint32Array, b: Uint32Array): number {
  if (a.length !== b.length) throw new Fault('length-mismatch', `${a.length} words against ${b.length}`)
  ensureFits(a.length)
  return loadKernels().hammingDistance(placeAt(a, 0), placeAt(b, SECOND_AT), a.length)
}

/** Words of a row for {@link hammingDistances}, so that distances fit into 16 bits. */
const MOST_SCANNED_WORDS = 2047
/** Rows of a tile of a scan, unless they are long: their distances take the end of the scratch space. */
const SCAN_ROWS = 8192
/** Words of a tile of a scan. */
const SCAN_WORDS = 1024 * 1024
const DISTANCES_AT = SCRATCH_BYTES - 4 * SCAN_ROWS

/**
 * Distances of all references to one query. References in a kernel buffer or an arena are read where they lie.
 *
 * @param references whole rows of as many words as the query has
 * @param out distances of the rows, in order
 * @throws Fault `partial-row`; `vector-too-long` beyond 2,047 words; `length-mismatch` when `out` has another length
 */
export function hammingDistances(query: Uint32Array, references: Uint32Array, out: Uint16Array): void {
  const words = query.length
  ensureWholeRows(references.length, words)
  if (words > MOST_SCANNED_WORDS)
    throw new Fault('vector-too-long', `${words} words a row; at most ${MOST_SCANNED_WORDS}`)
  const count = references.length / words
  if (out.length !== count) throw new Fault('length-mismatch', `${out.length} places for ${count} distances`)
  const asked = placeAt(query, 0)
  const target = scratchAt(DISTANCES_AT)
  const most = Math.min(SCAN_ROWS, Math.floor(SCAN_WORDS / words))
  for (let first = 0; first < count; first += most) {
    const rows = Math.min(most, count - first)
    const source = placeAt(references.subarray(first * words, (first + rows) * words), SECOND_AT)
    loadKernels().hammingDistances(asked, source, rows, words, target)
    out.set(codesAt(target, rows), first)
  }
}

const BEST_AT = SCRATCH_BYTES - 1024 * 1024
const MOST_QUERIES = 4096

/**
 * Finds for each query row the reference row at the least Hamming distance.
 *
 * @param words words of a row
 * @throws Fault `partial-row`; `vector-too-long` beyond three million words
 */
export function nearestByHamming(queries: Uint32Array, references: Uint32Array, words: number): HammingNeighbours {
  ensureWholeRows(queries.length, words)
  ensureWholeRows(references.length, words)
  ensureFits(words)
  const count = queries.length / words
  const found = { index: new Uint32Array(count), distance: new Uint32Array(count), tied: new Uint8Array(count) }
  const rows = Math.min(MOST_QUERIES, Math.max(1, Math.floor(TILE_WORDS / words)))
  for (let first = 0; first < count; first += rows) {
    searchTile(queries.subarray(first * words, (first + rows) * words), references, words).forEach((best, i) => {
      found.index[first + i] = best[0] as number
      found.distance[first + i] = best[1] as number
      found.tied[first + i] = best[2] as number
    })
  }
  return found
}

/** Index, distance and tie of the best of all references for each query of a tile. */
function searchTile(queries: Uint32Array, references: Uint32Array, words: number): Uint32Array[] {
  const count = queries.length / words
  const best = Array.from({ length: count }, (_, query) => wordsAt(scratchAt(BEST_AT) + 12 * query, 3))
  for (const one of best) one.set([0xffffffff, 0xffffffff, 0])
  copyTo(scratchAt(0), queries)
  const rows = Math.max(1, Math.floor(TILE_WORDS / words))
  for (let first = 0; first * words < references.length; first += rows) {
    const part = references.subarray(first * words, (first + rows) * words)
    const source = placeAt(part, SECOND_AT)
    best.forEach(({ byteOffset }, query) => {
      const at = scratchAt(4 * words * query)
      loadKernels().nearestByHamming(at, source, part.length / words, words, first, byteOffset)
    })
  }
  return best
}
