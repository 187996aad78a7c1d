/**
 * Attention heads: reordered, or keys and values pooled for grouped queries.
 *
 * A head is a block of rows of q, k, v. Blocks of one model are held against all blocks of the other by cosine; if each
 * finds another number than its own the heads were reordered. When one model has fewer key and value heads, and each is
 * the mean (or the first) of a group of the other's, they were pooled.
 *
 * Source: J. Ainslie et al., GQA (2023), section 2.1.
 */
import { listNumbers } from '../../base/index.ts'
import type { Change } from '../weights/change.ts'
import type { Part } from '../weights/part.ts'
import { headRows } from '../weights/rows-in-order.ts'
import type { Weights } from '../weights/weights.ts'
import { cosine } from '../weights/cosine.ts'
import { isOrdered, readRows, type ChangePlaces } from './places.ts'

/** Cosine from which two heads are one. */
const SAME = 0.9
const MOST_HEADS = 128
/** Rows of a head that are read, and columns of them: a cosine of so many values errs by a few hundredths. */
const ROWS_PER_HEAD = 8
const MOST_COLUMNS = 512

function readHeads(weights: Weights, part: Part): Float32Array[] | null {
  const size = headRows(weights.model, part)
  if (size === 0 || part.transposed || !isOrdered(weights, part) || part.rows / size > MOST_HEADS) return null
  const step = Math.max(1, Math.floor(size / ROWS_PER_HEAD))
  return Array.from({ length: part.rows / size }, (_, head) => {
    const rows = Array.from({ length: Math.ceil(size / step) }, (__, i) => head * size + i * step)
    const block = readRows(weights, part, rows)
    const columns = Math.min(block.columns, MOST_COLUMNS)
    const apart = block.columns / columns
    const out = new Float32Array(rows.length * columns)
    for (const [i, row] of block.rows.entries())
      for (let j = 0; j < columns; j++) out[i * columns + j] = row[Math.floor(j * apart)] ?? 0
    return out
  })
}

/** For each head the other's head that it is, its own number first, or −1. */
function matchHeads(a: readonly Float32Array[], b: readonly Float32Array[]): number[] {
  return a.map((head, own) => {
    const same = b[own]
    if (same !== undefined && cosine(head, same) >= SAME) return own
    const found = b.map((other) => cosine(head, other))
    const best = Math.max(...found)
    return best >= SAME ? found.indexOf(best) : -1
  })
}

function isReordered(order: readonly number[]): boolean {
  return new Set(order).size === order.length && !order.includes(-1) && order.some((to, from) => to !== from)
}

function pairsOf({ parts }: ChangePlaces, role: Part['role']): { readonly a: Part; readonly b: Part }[] {
  return parts.flatMap(({ sample: { pair } }) =>
    pair.a.role === role && !pair.a.bias && pair.a.layer >= 0 ? [pair] : [],
  )
}

function reordered(places: ChangePlaces): Change[] {
  const found = pairsOf(places, 'q').flatMap((pair) => {
    const [ours, theirs] = [readHeads(places.a, pair.a), readHeads(places.b, pair.b)]
    if (ours === null || theirs === null || ours.length !== theirs.length) return []
    const order = matchHeads(ours, theirs)
    return isReordered(order) ? [{ layer: pair.a.layer, order }] : []
  })
  const [first] = found
  if (first === undefined) return []
  const layers = listNumbers(found.map(({ layer }) => layer).toSorted((x, y) => x - y))
  const text = `attention heads reordered in layers ${layers}: heads of layer ${first.layer} of A are ${first.order.slice(0, 16).join(', ')} of B`
  return [{ text, child: null }]
}

function meanOf(heads: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(heads[0]?.length ?? 0)
  for (const head of heads) for (const [i, value] of head.entries()) out[i] = (out[i] ?? 0) + value / heads.length
  return out
}

interface Pooling {
  readonly few: number
  readonly many: number
  readonly mean: number
  readonly first: number
}

function poolingOf(few: readonly Float32Array[], many: readonly Float32Array[]): Pooling {
  const size = many.length / few.length
  const groups = few.map((_, i) => many.slice(i * size, (i + 1) * size))
  const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    few: few.length,
    many: many.length,
    mean: average(few.map((head, i) => cosine(head, meanOf(groups[i] ?? [])))),
    first: average(few.map((head, i) => cosine(head, groups[i]?.[0] ?? head))),
  }
}

function pooled(places: ChangePlaces): Change[] {
  const found = (['k', 'v'] as const).flatMap((role) =>
    pairsOf(places, role).flatMap((pair) => {
      const [ours, theirs] = [readHeads(places.a, pair.a), readHeads(places.b, pair.b)]
      if (ours === null || theirs === null || ours.length === theirs.length) return []
      const child: 'a' | 'b' = ours.length < theirs.length ? 'a' : 'b'
      const [few, many] = child === 'a' ? [ours, theirs] : [theirs, ours]
      if (many.length % few.length !== 0 || few[0]?.length !== many[0]?.length) return []
      return [{ child, ...poolingOf(few, many) }]
    }),
  )
  const [first] = found
  if (first === undefined) return []
  const least = (key: 'mean' | 'first'): number => Math.min(...found.map((each) => each[key]))
  const [how, value] =
    least('first') > least('mean')
      ? ['taken from the first of each group', least('first')]
      : ['the mean of each group', least('mean')]
  if (value < SAME) return []
  const text = `key and value heads pooled: ${first.many} became ${first.few}, ${how} (cosine at least ${value.toFixed(3)} in ${found.length} matrices)`
  return [{ text, child: first.child }]
}

/** Both; see the module. */
export function headChanges(places: ChangePlaces): Change[] {
  return [...reordered(places), ...pooled(places)]
}
