/**
 * Tensor streams: the parts of a suspect, each beside the parts of the candidates that play the same role in the
 * matched place.
 *
 * A candidate takes part in a stream when its part has the same shape and way round; layers are paired as the
 * comparison with that candidate paired them. Large parts are looked at by drawn rows, the same rows in all models.
 */
import { partKey, type Part } from '../weights/part.ts'
import { isReadable } from '../weights/part-sample.ts'
import { asStored, storedRow } from '../weights/rows-in-order.ts'
import { draw } from '../weights/sampling.ts'
import type { Weights } from '../weights/weights.ts'

/** A candidate with its weights, and for each layer of the suspect its own. */
export interface Candidate {
  readonly ref: string
  readonly weights: Weights
  readonly partners: ReadonlyMap<number, number>
}

/** One part of the suspect and who stands beside it. */
export interface Stream {
  readonly part: Part
  /** Numbers of the candidates that take part, ascending, and their parts in the same order. */
  readonly members: readonly number[]
  readonly parts: readonly Part[]
  /** Rows that are looked at, in the order of training, ascending. */
  readonly rows: Uint32Array
}

/** Elements of a stream that are looked at; parts of up to as many are read whole. */
const STREAM_ELEMENTS = 131_072

function isComparable(part: Part, other: Part, weights: Weights): boolean {
  const sameShape = part.rows === other.rows && part.columns === other.columns && part.transposed === other.transposed
  return sameShape && isReadable(other) && storedRow(weights.model, other) !== null
}

interface Indexed {
  readonly candidate: Candidate
  readonly byKey: ReadonlyMap<string, Part>
}

function memberOf(part: Part, { candidate, byKey }: Indexed): Part | undefined {
  const { weights, partners } = candidate
  const layer = part.layer < 0 ? part.layer : partners.get(part.layer)
  if (layer === undefined) return undefined
  const other = byKey.get(partKey(part, layer))
  return other !== undefined && isComparable(part, other, weights) ? other : undefined
}

/** The streams of a suspect in which at least one candidate takes part. */
export function planStreams(suspect: Weights, candidates: readonly Candidate[], seed: string): Stream[] {
  const indexed = candidates.map((candidate) => {
    const byKey = new Map(candidate.weights.model.parts.map((part) => [partKey(part), part]))
    return { candidate, byKey }
  })
  return suspect.model.parts.flatMap((part) => {
    if (part.role === 'other' || !isComparable(part, part, suspect)) return []
    const beside = indexed.map((each) => memberOf(part, each))
    const members = beside.flatMap((other, i) => (other === undefined ? [] : [i]))
    if (members.length === 0) return []
    const count = Math.max(1, Math.ceil(STREAM_ELEMENTS / part.columns))
    const rows = draw(seed, `attribution rows of ${partKey(part)}`, { size: part.rows, count })
    return [{ part, members, parts: beside.filter((other) => other !== undefined), rows }]
  })
}

/** Values of some rows of a part, given in the order of training. */
export function readRows(weights: Weights, part: Part, rows: Uint32Array): Float32Array {
  const place = storedRow(weights.model, part) ?? asStored
  const first = rows[0] ?? 0
  if (place === asStored && rows.at(-1) === first + rows.length - 1) return weights.rows(part, first, rows.length)
  const out = new Float32Array(rows.length * part.columns)
  for (const [i, row] of rows.entries()) out.set(weights.rows(part, place(row), 1), i * part.columns)
  return out
}
