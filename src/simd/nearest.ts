/**
 * Nearest neighbours by cosine: for each query row the reference row that points most nearly the same way.
 *
 * Rows are normalised in f64 and rounded to f32; a cosine is the sum of f32 products in the order of the dimensions,
 * each product and each sum rounded. So it does not depend on how the work is cut up.
 */
import { Fault } from '../base/index.ts'
import { ensureWholeRows } from './dot.ts'
import { doublesAt, floatsAt, placeAt, scratchAt, wordsAt } from './kernel-memory.ts'
import { loadKernels } from './kernels.ts'

/** How to search. */
export interface NearestOptions {
  /** True to search for the largest |cosine|: a row and its negative are alike. */
  readonly absolute?: boolean
}

/** The index of a query that has no neighbour: it, or every reference, is zero or not finite. */
export const NO_NEIGHBOUR = 0xffffffff

/** For each query, in order. */
export interface CosineNeighbours {
  /** Row of the nearest reference, the lowest of equals; or {@link NO_NEIGHBOUR}. */
  readonly index: Uint32Array
  /** Its cosine with its sign, also under `absolute`; 0 without a neighbour. */
  readonly similarity: Float32Array
  /** 1 where another reference is exactly as near. */
  readonly tied: Uint8Array
}

/** Widest rows: eight of them, raw and packed, fit into the scratch space. */
const MOST_DIMENSIONS = 2 ** 18
const MIB = 2 ** 20
/** The scratch space: packed queries, packed references, raw rows, cosines, then norms and the best so far. */
const REFERENCES_AT = 12 * MIB
const ROWS_AT = 20 * MIB
const SUMS_AT = 28 * MIB
const REFERENCE_NORMS_AT = 44 * MIB
const QUERY_NORMS_AT = 45 * MIB
const BEST_AT = 46 * MIB
/** Rows of a tile, limited also by its bytes: the references of a tile should stay in the second-level cache. */
const MOST_QUERIES = 2048
const MOST_REFERENCES = 256
const QUERY_BYTES = 8 * MIB
const REFERENCE_BYTES = 512 * 1024

/**
 * Finds the nearest reference row of each query row.
 *
 * @param queries m × dimension, row-major
 * @param references h × dimension, row-major
 * @throws Fault `partial-row`; `dimension-too-large` above 2^18
 */
export function nearestByCosine(
  queries: Float32Array,
  references: Float32Array,
  dimension: number,
  options: NearestOptions = {},
): CosineNeighbours {
  ensureWholeRows(queries.length, dimension)
  ensureWholeRows(references.length, dimension)
  if (dimension > MOST_DIMENSIONS)
    throw new Fault('dimension-too-large', `${dimension} dimensions; at most ${MOST_DIMENSIONS} can be compared`)
  const count = queries.length / dimension
  const found: CosineNeighbours = {
    index: new Uint32Array(count).fill(NO_NEIGHBOUR),
    similarity: new Float32Array(count),
    tied: new Uint8Array(count),
  }
  const rows = tileRows(dimension, QUERY_BYTES, MOST_QUERIES)
  for (let first = 0; first < count; first += rows) {
    const part = queries.subarray(first * dimension, (first + rows) * dimension)
    searchTile(part, references, dimension, options.absolute === true)
    takeBest(found, first, part.length / dimension)
  }
  return found
}

/** As many rows as fit, a multiple of 8, at least 8. */
function tileRows(dimension: number, bytes: number, most: number): number {
  return Math.min(most, Math.max(8, Math.floor(bytes / (32 * dimension)) * 8))
}

/** Finds the best of all references for the queries of a tile and leaves it in the scratch space. */
function searchTile(queries: Float32Array, references: Float32Array, dimension: number, absolute: boolean): void {
  const kernels = loadKernels()
  const m = pack(queries, dimension, { width: 4, norms: scratchAt(QUERY_NORMS_AT), target: scratchAt(0) })
  forgetBest(queries.length / dimension)
  const rows = tileRows(dimension, REFERENCE_BYTES, MOST_REFERENCES)
  const place = { width: 8, norms: scratchAt(REFERENCE_NORMS_AT), target: scratchAt(REFERENCES_AT) }
  for (let first = 0; first * dimension < references.length; first += rows) {
    const part = references.subarray(first * dimension, (first + rows) * dimension)
    const h = pack(part, dimension, place)
    floatsAt(scratchAt(SUMS_AT), m * h).fill(0)
    kernels.multiplyPacked(scratchAt(0), m, scratchAt(REFERENCES_AT), h, dimension, scratchAt(SUMS_AT))
    for (let query = 0; query < queries.length / dimension; query++) {
      const [cosines, best] = [scratchAt(SUMS_AT) + 4 * h * query, scratchAt(BEST_AT) + 16 * query]
      kernels.keepNearest(cosines, part.length / dimension, place.norms, first, absolute, best)
    }
  }
}

interface PackPlace {
  readonly width: number
  readonly norms: number
  readonly target: number
}

/** Normalises and packs rows into panels of `width`; returns their number, rounded up to whole panels. */
function pack(rows: Float32Array, dimension: number, { width, norms, target }: PackPlace): number {
  const { inverseNorms, packUnitRows } = loadKernels()
  const step = tileRows(dimension, REFERENCE_BYTES, MOST_REFERENCES)
  const count = rows.length / dimension
  for (let row = 0; row < count; row += step) {
    const part = rows.subarray(row * dimension, (row + step) * dimension)
    const source = placeAt(part, ROWS_AT)
    inverseNorms(source, part.length / dimension, dimension, norms + 8 * row)
    packUnitRows(source, part.length / dimension, dimension, norms + 8 * row, width, target + 4 * row * dimension)
  }
  return Math.ceil(count / width) * width
}

function forgetBest(queries: number): void {
  const words = wordsAt(scratchAt(BEST_AT), 4 * queries)
  const floats = floatsAt(scratchAt(BEST_AT), 4 * queries)
  words.fill(0)
  for (let query = 0; query < queries; query++) {
    words[4 * query] = NO_NEIGHBOUR
    floats[4 * query + 2] = -Infinity
  }
}

/** Copies the best of each query that has a direction. */
function takeBest(found: CosineNeighbours, first: number, queries: number): void {
  const words = wordsAt(scratchAt(BEST_AT), 4 * queries)
  const floats = floatsAt(scratchAt(BEST_AT), 4 * queries)
  const norms = doublesAt(scratchAt(QUERY_NORMS_AT), queries)
  for (let query = 0; query < queries; query++) {
    if (norms[query] === 0) continue
    found.index[first + query] = words[4 * query] as number
    found.similarity[first + query] = floats[4 * query + 1] as number
    found.tied[first + query] = words[4 * query + 3] as number
  }
}
