/**
 * Nearest rows among rows of unit length, with a row kept from finding itself.
 *
 * Unlike `nearestByCosine` this also searches a layer within itself, which is what the tests of this folder calibrate
 * themselves by.
 *
 * Guarantee: a neighbour that is exactly as near as another, and the neighbour of a row without direction, is none.
 */
import { multiply } from '../../simd/index.ts'

/** Rows of unit length (a row without direction is zero), row-major. */
export interface UnitRows {
  readonly rows: Float32Array
  /** Coordinates of a row. */
  readonly length: number
}

/** For each query the number of its nearest row, or -1, and their cosine with its sign. */
export interface Neighbours {
  readonly index: Int32Array
  readonly cosine: Float32Array
}

/** How to search. */
export interface NeighbourOptions {
  /** A row and its negative are alike. */
  readonly absolute: boolean
  /** For each query the row that it must not find: itself. */
  readonly own?: Uint32Array
}

/** Divides each row by its length; rows that are zero or hold what is no number become zero. */
export function normaliseRows(rows: Float32Array, length: number): UnitRows {
  const out = new Float32Array(rows.length)
  for (let from = 0; from < rows.length; from += length) {
    let square = 0
    for (let i = from; i < from + length; i++) square += (rows[i] ?? 0) * (rows[i] ?? 0)
    if (square <= 1e-60 || !Number.isFinite(square)) continue
    const scale = 1 / Math.sqrt(square)
    for (let i = from; i < from + length; i++) out[i] = (rows[i] ?? 0) * scale
  }
  return { rows: out, length }
}

/** Number of rows. */
export function countRows({ rows, length }: UnitRows): number {
  return length === 0 ? 0 : rows.length / length
}

/** Some rows, in the order in which they are named. */
export function takeRows({ rows, length }: UnitRows, numbers: ArrayLike<number>): UnitRows {
  const out = new Float32Array(numbers.length * length)
  for (let i = 0; i < numbers.length; i++) {
    const from = (numbers[i] ?? 0) * length
    out.set(rows.subarray(from, from + length), i * length)
  }
  return { rows: out, length }
}

/** Queries whose cosines are held in memory at once, by the number of references. */
const HELD_COSINES = 4_000_000

/** Searches; see the module. */
export function nearestRows(queries: UnitRows, references: UnitRows, options: NeighbourOptions): Neighbours {
  const [count, width] = [countRows(queries), countRows(references)]
  const found = { index: new Int32Array(count).fill(-1), cosine: new Float32Array(count) }
  const step = Math.max(1, Math.floor(HELD_COSINES / Math.max(1, width)))
  for (let from = 0; from < count; from += step) {
    const rows = Math.min(step, count - from)
    const part = queries.rows.subarray(from * queries.length, (from + rows) * queries.length)
    const cosines = multiply(part, references.rows, { rows, inner: queries.length, columns: width, transposeB: true })
    for (let i = 0; i < rows; i++)
      keepNearest(cosines.subarray(i * width, (i + 1) * width), found, { query: from + i, ...options })
  }
  return found
}

function keepNearest(cosines: Float32Array, found: Neighbours, at: NeighbourOptions & { query: number }): void {
  const own = at.own?.[at.query] ?? -1
  let best = 0
  let place = -1
  for (let j = 0; j < cosines.length; j++) {
    const cosine = cosines[j] ?? 0
    const rank = at.absolute ? Math.abs(cosine) : cosine
    if (rank < best || j === own || rank === 0) continue
    place = rank === best ? -1 : j
    best = rank
  }
  found.index[at.query] = place
  found.cosine[at.query] = place < 0 ? 0 : (cosines[place] ?? 0)
}
