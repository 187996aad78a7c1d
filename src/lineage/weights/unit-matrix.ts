/**
 * Units and their vectors, whichever way round a matrix is stored.
 *
 * A hidden unit is a row of gate and up and a column of down; a residual dimension is a column of the embedding. Stored
 * transposed it is the other one. Whoever asks for units gets one row a unit.
 */
import { decodeTensor, requireDecodable } from '../../simd/index.ts'
import { applyGrid } from './grid.ts'
import type { Part } from './part.ts'
import { rowBytes, type Weights } from './weights.ts'

/** A part seen as units. */
export interface UnitMatrix {
  readonly part: Part
  /** Whether a unit is a stored row or a stored column. */
  readonly axis: 'row' | 'column'
  readonly units: number
  /** Coordinates of a unit. */
  readonly length: number
}

/** Hidden units of an MLP matrix. */
export function hiddenUnits(part: Part): UnitMatrix {
  const standing = (part.role === 'down') === part.transposed
  return oriented(part, standing ? 'row' : 'column')
}

/** Residual dimensions of an embedding or a head, whose rows are tokens. */
export function residualDimensions(part: Part): UnitMatrix {
  return oriented(part, part.transposed ? 'row' : 'column')
}

function oriented(part: Part, axis: 'row' | 'column'): UnitMatrix {
  const [units, length] = axis === 'row' ? [part.rows, part.columns] : [part.columns, part.rows]
  return { part, axis, units, length }
}

/** Where the bytes of a part come from: an opened model, or a tensor that was opened by itself. */
export type RowSource = Pick<Weights, 'read' | 'grid'>

/** Bytes read at once. */
const BATCH_BYTES = 512 * 1024

/** Which stored rows are read, and which places of each are kept. */
interface Picking {
  readonly rows: Uint32Array
  readonly places: Uint32Array
}

type Words = Uint8Array | Uint16Array | Uint32Array | BigUint64Array

function wordsOf(bytes: Uint8Array, size: number): Words {
  const { buffer, byteOffset, byteLength } = bytes
  if (size === 1) return bytes
  if (size === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2)
  return size === 4
    ? new Uint32Array(buffer, byteOffset, byteLength / 4)
    : new BigUint64Array(buffer, byteOffset, byteLength / 8)
}

/** Calls `take` with the bytes of each wanted stored row, reading neighbouring rows together. */
function visitRows(
  weights: RowSource,
  part: Part,
  visit: { rows: Uint32Array; take: (bytes: Uint8Array) => void },
): void {
  const size = rowBytes(part)
  const most = Math.max(1, Math.floor(BATCH_BYTES / size))
  const scratch = new Uint8Array(Math.min(most, visit.rows.length) * size)
  for (let at = 0; at < visit.rows.length;) {
    const from = visit.rows[at] ?? 0
    let count = 1
    while (count < most && visit.rows[at + count] === from + count) count += 1
    const into = scratch.subarray(0, count * size)
    weights.read(part.tensor, (part.firstRow + from) * size, into)
    for (let i = 0; i < count; i++) visit.take(into.subarray(i * size, (i + 1) * size))
    at += count
  }
}

/** Places of plain elements are picked before they are decoded. */
function pickPlain(weights: RowSource, part: Part, { rows, places }: Picking): Float32Array {
  const size = rowBytes(part) / part.columns
  const kept = new Uint8Array(rows.length * places.length * size)
  const target = wordsOf(kept, size)
  let to = 0
  visitRows(weights, part, {
    rows,
    take(bytes) {
      const source = wordsOf(bytes, size)
      for (const place of places) target[to++] = source[place] as never
    },
  })
  const values = decodeTensor(part.tensor.type, kept, { bigEndian: part.tensor.bigEndian === true })
  const grid = weights.grid(part)
  if (grid !== undefined) applyGrid(values, grid, { rows: rows.map((row) => part.firstRow + row), columns: places })
  return values
}

/** Blocks are decoded row by row. */
function pickBlocks(weights: RowSource, part: Part, { rows, places }: Picking): Float32Array {
  const kept = new Float32Array(rows.length * places.length)
  const row = new Float32Array(part.columns)
  let to = 0
  visitRows(weights, part, {
    rows,
    take(bytes) {
      decodeTensor(part.tensor.type, bytes, { bigEndian: part.tensor.bigEndian === true, out: row })
      for (const place of places) kept[to++] = row[place] ?? 0
    },
  })
  return kept
}

function transpose(rows: Float32Array, columns: number): Float32Array {
  const out = new Float32Array(rows.length)
  const count = rows.length / columns
  for (let i = 0; i < count; i++) for (let j = 0; j < columns; j++) out[j * count + i] = rows[i * columns + j] ?? 0
  return out
}

/**
 * Reads units × coordinates, row-major.
 *
 * @param units numbers of units, ascending
 * @param coordinates numbers of coordinates, ascending
 */
export function readUnits(
  weights: RowSource,
  matrix: UnitMatrix,
  wanted: { readonly units: Uint32Array; readonly coordinates: Uint32Array },
): Float32Array {
  const { units, coordinates } = wanted
  const isRow = matrix.axis === 'row'
  const picking = isRow ? { rows: units, places: coordinates } : { rows: coordinates, places: units }
  const isPlain = requireDecodable(matrix.part.tensor.type).blockElements === 1
  const picked = (isPlain ? pickPlain : pickBlocks)(weights, matrix.part, picking)
  return isRow ? picked : transpose(picked, units.length)
}
