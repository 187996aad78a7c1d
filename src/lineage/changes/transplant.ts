/**
 * Embeddings transplanted alone: the token table is inherited and nothing else is.
 *
 * Rows of the embedding agree, and neither a layer of the map nor any attention matrix does. Renumbered hidden units
 * would leave the attention as it was; a rotated residual stream would not leave the embedding.
 */
import type { Change } from '../weights/change.ts'
import type { ComparedPart } from '../weights/equality-evidence.ts'
import { isMatrix, isSameShape } from '../weights/part-pairs.ts'
import type { ChangePlaces } from './places.ts'

/** Cosine of an inherited matrix, and of one that is not. */
const INHERITED = 0.5
const FOREIGN = 0.1
const ATTENTION = new Set(['q', 'k', 'v', 'o'])

function cosineOf({ sample: { dot, squareA, squareB } }: ComparedPart): number {
  return squareA > 0 && squareB > 0 ? dot / Math.sqrt(squareA * squareB) : 0
}

/** The change; see the module. */
export function transplantChange({ parts, map }: ChangePlaces): Change[] {
  const usable = parts.filter(({ sample: { pair, elements } }) => elements > 0 && isSameShape(pair))
  const table = usable.find(({ sample: { pair } }) => pair.a.role === 'embedding' && !pair.a.bias && isMatrix(pair.a))
  const attention = usable.filter(
    ({ sample: { pair } }) => ATTENTION.has(pair.a.role) && pair.a.rows > 1 && pair.a.columns > 1,
  )
  if (table === undefined || attention.length === 0 || map.cells.some(({ matched }) => matched)) return []
  const most = Math.max(...attention.map((part) => Math.abs(cosineOf(part))))
  const shared = cosineOf(table)
  if (shared < INHERITED || most > FOREIGN) return []
  const text = `embeddings alone are inherited (cosine ${shared.toFixed(3)}): no layer agrees, and of ${attention.length} attention matrices none (cosine at most ${most.toFixed(3)})`
  return [{ text, child: null }]
}
