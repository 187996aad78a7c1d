/**
 * The exact histogram of 16-bit codes: norm, moments, quantiles and sparsity of a bf16 or f16 tensor in one pass.
 *
 * Counting is exact, does not depend on order, and hostile numbers cannot slow it down; see `histogram-summary.ts`
 * for what it tells.
 */
import { Fault } from '../base/index.ts'
import { placeAt, scratchAt, wordsAt } from './kernel-memory.ts'
import { loadKernels } from './kernels.ts'

/** Number of codes. */
export const HISTOGRAM_CODES = 65_536

/** Where to count. */
export interface HistogramOptions {
  /** Counts so far, 65,536 of them, added to in place; new ones when left out. */
  readonly counts?: Float64Array
}

/** Codes counted at a time. */
const TILE_CODES = 1024 * 1024
const TABLES_AT = 2 * TILE_CODES

/**
 * Counts how often each code occurs. Emptying the tables costs as much as counting 60,000 codes: give it many at once.
 *
 * @returns 65,536 exact counts, below 2^53
 * @throws Fault `histogram-size`
 */
export function histogram16(codes: Uint16Array, options: HistogramOptions = {}): Float64Array {
  const counts = options.counts ?? new Float64Array(HISTOGRAM_CODES)
  ensureSize(counts)
  const tables = wordsAt(scratchAt(TABLES_AT), 2 * HISTOGRAM_CODES)
  tables.fill(0)
  for (let at = 0; at < codes.length; at += TILE_CODES) {
    const part = codes.subarray(at, at + TILE_CODES)
    loadKernels().histogram16(placeAt(part, 0), part.length, tables.byteOffset)
  }
  for (let code = 0; code < HISTOGRAM_CODES; code++)
    counts[code] = (counts[code] as number) + (tables[code] as number) + (tables[HISTOGRAM_CODES + code] as number)
  return counts
}

function ensureSize(counts: Float64Array): void {
  if (counts.length !== HISTOGRAM_CODES)
    throw new Fault('histogram-size', `${counts.length} counts; ${HISTOGRAM_CODES} are needed`)
}

/** Adds the counts of `from` to `into` and returns it. @throws Fault `histogram-size` unless both have 65,536 */
export function mergeHistograms(into: Float64Array, from: Float64Array): Float64Array {
  ensureSize(into)
  ensureSize(from)
  for (let code = 0; code < HISTOGRAM_CODES; code++) into[code] = (into[code] as number) + (from[code] as number)
  return into
}
