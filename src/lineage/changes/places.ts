/**
 * What all detectors of changes are given, and how they read weights: blocks of drawn rows, in the order in which
 * models are trained.
 *
 * Every detector reads a bounded number of rows, whatever the size of the models.
 */
import { readTrainedRows } from '../rederive/derivation.ts'
import type { ComparedPart } from '../weights/equality-evidence.ts'
import type { LayerMap } from '../weights/layer-map.ts'
import type { Part } from '../weights/part.ts'
import { storedRow } from '../weights/rows-in-order.ts'
import { draw } from '../weights/sampling.ts'
import type { Weights } from '../weights/weights.ts'

/** Both models, what was paired, and what the layer map says. */
export interface ChangePlaces {
  readonly a: Weights
  readonly b: Weights
  readonly parts: readonly ComparedPart[]
  readonly map: LayerMap
  /** For each layer of A its layer of B. */
  readonly partners: ReadonlyMap<number, number>
  readonly seed: string
}

/** One of two models. */
export type SideName = 'a' | 'b'

/** Rows of a part, each of `columns` values. */
export interface Block {
  readonly rows: readonly Float32Array[]
  readonly columns: number
}

/** True when rows can be read in trained order. */
export function isOrdered(weights: Weights, part: Part): boolean {
  return storedRow(weights.model, part) !== null
}

/** Rows that are read at once at most. */
const LONGEST_RUN = 64

function runLength(rows: ArrayLike<number>, from: number): number {
  let count = 1
  while (count < LONGEST_RUN && rows[from + count] === (rows[from] ?? 0) + count) count += 1
  return count
}

/** Some rows by their trained numbers; those that follow each other are read at once. */
export function readRows(weights: Weights, part: Part, rows: ArrayLike<number>): Block {
  const { columns } = part
  const read: Float32Array[] = []
  for (let at = 0; at < rows.length; at = read.length) {
    const count = runLength(rows, at)
    const values = readTrainedRows(weights, part, { from: rows[at] ?? 0, count })
    for (let row = 0; row < count; row++) read.push(values.subarray(row * columns, (row + 1) * columns))
  }
  return { rows: read, columns }
}

/** Drawn row numbers, ascending. */
export function drawRows(seed: string, size: number, count: number): Uint32Array {
  return draw(seed, 'rows of changes', { size, count })
}

/** Middle of a list; 0 for an empty one. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((x, y) => x - y)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** At most so many of a list, evenly from its whole length. */
export function spread<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list
  return Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)]).filter(
    (each) => each !== undefined,
  )
}
