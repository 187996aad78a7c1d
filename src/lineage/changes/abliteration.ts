/**
 * Abliteration: one direction of the residual stream is removed from everything that writes to it.
 *
 * The difference of each writer (o and down of every layer) then has rank 1 and the same output direction u in all of
 * them, and one model writes nothing along u: uᵀW is zero to rounding. That one is the child.
 *
 * Source: A. Arditi et al., Refusal in language models is mediated by a single direction (2024), weight orthogonalisation.
 */
import type { Change } from '../weights/change.ts'
import type { PartPair } from '../weights/part-pairs.ts'
import { isMatrix, isSameShape } from '../weights/part-pairs.ts'
import type { Weights } from '../weights/weights.ts'
import { leadingDirection, rankOf, readDelta, type Delta } from './delta.ts'
import { drawRows, readRows, type ChangePlaces } from './places.ts'

const LEAST_WRITERS = 3
/** Share of a difference that lies along its leading direction. */
const RANK_ONE = 0.9
/** |cosine| of two leading directions that count as one. */
const SAME = 0.98
/** A model writes nothing along u when its share is below this part of the other's. */
const NOTHING = 0.1
const BLOCK = 384

interface Writer {
  readonly pair: PartPair
  readonly delta: Delta
  readonly vector: Float64Array
}

function readWriters({ a, b, parts, seed }: ChangePlaces): Writer[] | null {
  const writers: Writer[] = []
  for (const { sample, agreement } of parts) {
    const { pair } = sample
    const isWriter = pair.a.role === 'o' || pair.a.role === 'down'
    if (!isWriter || !isMatrix(pair.a) || !isSameShape(pair) || pair.a.transposed) continue
    if (agreement !== 'different') return null
    const delta = readDelta(a, b, { pair, seed })
    if (delta === null) return null
    const { vector, share } = leadingDirection(delta)
    if (share < RANK_ONE || rankOf(delta).rank > 2) return null
    writers.push({ pair, delta, vector })
  }
  return writers.length >= LEAST_WRITERS ? writers : null
}

/** Root mean square of uᵀW over the block. */
function writesAlong(
  weights: Weights,
  part: PartPair['a'],
  at: { readonly vector: Float64Array; readonly seed: string },
): number {
  const rows = drawRows(at.seed, part.rows, BLOCK)
  const block = readRows(weights, part, rows).rows
  let total = 0
  for (let j = 0; j < part.columns; j++) {
    const along = at.vector.reduce((sum, value, i) => sum + value * (block[i]?.[j] ?? 0), 0)
    total += along * along
  }
  return Math.sqrt(total / part.columns)
}

function childOf({ a, b, seed }: ChangePlaces, writers: readonly Writer[]): 'a' | 'b' | null {
  let [ours, theirs] = [0, 0]
  for (const { pair, vector } of writers) {
    if (vector.length < pair.a.rows) return null
    ours += writesAlong(a, pair.a, { vector, seed })
    theirs += writesAlong(b, pair.b, { vector, seed })
  }
  if (ours < NOTHING * theirs) return 'a'
  return theirs < NOTHING * ours ? 'b' : null
}

/** The change; none when any writer is unchanged or changed otherwise. */
export function abliterationChange(places: ChangePlaces): Change[] {
  const writers = readWriters(places)
  const [first] = writers ?? []
  if (writers === null || first === undefined) return []
  const alike = writers.map(({ vector }) => Math.abs(vector.reduce((sum, x, i) => sum + x * (first.vector[i] ?? 0), 0)))
  const least = Math.min(...alike)
  if (least < SAME) return []
  const child = childOf(places, writers)
  const silent = child === null ? '' : `; ${child.toUpperCase()} writes nothing along it`
  const text = `one direction removed from the residual stream (abliteration): the differences of all ${writers.length} writers have rank 1 and one output direction, cosine at least ${least.toFixed(3)}${silent}`
  return [{ text, child }]
}
