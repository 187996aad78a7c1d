/**
 * Two parts of which one is stored the other way round: rows of the one are columns of the other.
 *
 * Graphs and GPT-2 keep linear layers with inputs as rows, everybody else with outputs as rows. Columns are read by
 * reading all rows and picking, so only a few are asked for at once.
 */
import type { Part } from './part.ts'
import type { PartPair } from './part-pairs.ts'
import { readUnits } from './unit-matrix.ts'
import type { Weights } from './weights.ts'

/** True when A and B are stored in different ways. */
export function isFlipped({ a, b }: PartPair): boolean {
  return a.transposed !== b.transposed
}

/** Columns of a part as rows, row-major. @param columns their numbers, ascending */
export function readColumns(weights: Weights, part: Part, columns: Uint32Array): Float32Array {
  const matrix = { part, axis: 'column', units: part.columns, length: part.rows } as const
  const coordinates = Uint32Array.from({ length: part.rows }, (_, row) => row)
  return readUnits(weights, matrix, { units: columns, coordinates })
}
