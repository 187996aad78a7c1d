/**
 * The vocabulary: rows of the embedding added, removed or reordered.
 *
 * Rows are found again by their digest; where training moved them, by their nearest neighbour among all rows of the
 * other. Rows that are cut from the middle name the shorter table as the child; rows at the end may have been added or
 * cut, and name nobody.
 */
import { sha256 } from '../../base/index.ts'
import { nearestByCosine } from '../../simd/index.ts'
import type { Change } from '../weights/change.ts'
import type { Part } from '../weights/part.ts'
import type { Weights } from '../weights/weights.ts'
import { cosine } from '../weights/cosine.ts'
import { drawRows, isOrdered, type ChangePlaces } from './places.ts'

/** Rows of A that are sought. */
const SOUGHT = 512
/** Rows of B among which they are sought by cosine. */
const MOST_ROWS = 300_000
const CHUNK = 4096
const SAME = 0.9
/** Share of the sought rows that must be found. */
const FOUND = 0.9
/** More digests than this are not kept. */
const MOST_DIGESTS = 1_000_000

function tokenTable({ model }: Weights): Part | undefined {
  return model.parts.find(
    ({ role, bias, transposed, rows }) => role === 'embedding' && !bias && !transposed && rows > 1,
  )
}

function digest(row: Float32Array): string {
  return sha256(new Uint8Array(row.buffer, row.byteOffset, row.byteLength))
}

function visitRows(weights: Weights, part: Part, take: (chunk: Float32Array, from: number) => void): void {
  for (let from = 0; from < part.rows; from += CHUNK)
    take(weights.rows(part, from, Math.min(CHUNK, part.rows - from)), from)
}

/** Row numbers by digest; rows that stand more than once are left out. */
function digestRows(weights: Weights, part: Part): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  visitRows(weights, part, (chunk, from) => {
    for (let i = 0; i < chunk.length / part.columns; i++) {
      const key = digest(chunk.subarray(i * part.columns, (i + 1) * part.columns))
      found.set(key, found.has(key) ? -1 : from + i)
    }
  })
  return found
}

interface Sought {
  readonly rows: Uint32Array
  readonly values: readonly Float32Array[]
}

function findByDigest(weights: Weights, part: Part, { values }: Sought): number[] {
  const digests = digestRows(weights, part)
  return values.map((row) => digests.get(digest(row)) ?? -1)
}

/** Most tables are as they were: then no other row need be read. */
function findAtOwnNumber(weights: Weights, part: Part, { rows, values }: Sought): number[] {
  return values.map((row, i) => (cosine(row, weights.rows(part, rows[i] ?? 0, 1)) >= SAME ? (rows[i] ?? -1) : -1))
}

function findByCosine(weights: Weights, part: Part, { values }: Sought): number[] {
  const flat = new Float32Array(values.length * part.columns)
  for (const [i, row] of values.entries()) flat.set(row, i * part.columns)
  const best = values.map(() => ({ row: -1, cosine: SAME }))
  visitRows(weights, part, (chunk, from) => {
    const { index } = nearestByCosine(flat, chunk, part.columns)
    for (const [i, place] of index.entries()) {
      if (place < 0) continue
      const value = cosine(values[i] ?? flat, chunk.subarray(place * part.columns, (place + 1) * part.columns))
      if (value > (best[i]?.cosine ?? 1)) best[i] = { row: from + place, cosine: value }
    }
  })
  return best.map(({ row }) => row)
}

interface Tables {
  readonly a: Part
  readonly b: Part
}

/** For each sought row of the shorter table its row of the longer one, or −1. */
function findRows(
  shorter: readonly [Weights, Part],
  longer: readonly [Weights, Part],
  seed: string,
): readonly [Uint32Array, number[]] {
  const [weights, part] = shorter
  const rows = drawRows(seed, part.rows, SOUGHT)
  const sought = { rows, values: Array.from(rows, (row) => weights.rows(part, row, 1)) }
  const own = findAtOwnNumber(longer[0], longer[1], sought)
  if (own.filter((row) => row >= 0).length >= FOUND * rows.length) return [rows, own]
  const exact =
    longer[1].rows <= MOST_DIGESTS
      ? findByDigest(longer[0], longer[1], sought)
      : rows.length === 0
        ? []
        : [...rows].map(() => -1)
  const isExact = exact.filter((row) => row >= 0).length >= FOUND * rows.length
  return [rows, isExact || longer[1].rows > MOST_ROWS ? exact : findByCosine(longer[0], longer[1], sought)]
}

function describe({ a, b }: Tables, rows: Uint32Array, found: readonly number[]): Change[] {
  const pairs = [...rows].flatMap((row, i) => ((found[i] ?? -1) < 0 ? [] : [[row, found[i] ?? 0] as const]))
  if (pairs.length < FOUND * rows.length) return []
  const stay = pairs.filter(([from, to]) => from === to).length
  const isAscending = pairs.every(([, to], i) => i === 0 || to > (pairs[i - 1]?.[1] ?? 0))
  const [few, many] = [Math.min(a.rows, b.rows), Math.max(a.rows, b.rows)]
  const [shorter, longer] = a.rows < b.rows ? (['a', 'b'] as const) : (['b', 'a'] as const)
  const counted = `${pairs.length} of ${rows.length} drawn rows found again`
  if (few === many)
    return stay >= FOUND * pairs.length
      ? []
      : [{ text: `vocabulary reordered: ${counted}, ${stay} at their own number`, child: null }]
  if (stay >= FOUND * pairs.length)
    return [
      {
        text: `${many - few} rows at the end of the vocabulary of ${longer.toUpperCase()} added, or cut from that of ${shorter.toUpperCase()}: ${counted}, ${stay} at their own number`,
        child: null,
      },
    ]
  const order = isAscending ? 'in the same order' : 'in another order'
  return [
    {
      text: `${many - few} rows of the vocabulary removed: ${few} of ${many} are left ${order}, ${counted}`,
      child: shorter,
    },
  ]
}

/** The change of the token table; none when it is as it was, or when too few rows are found again. */
export function vocabularyChanges({ a, b, seed }: ChangePlaces): Change[] {
  const [ours, theirs] = [tokenTable(a), tokenTable(b)]
  if (ours === undefined || theirs === undefined || ours.columns !== theirs.columns) return []
  if (!isOrdered(a, ours) || !isOrdered(b, theirs)) return []
  const isShorter = ours.rows <= theirs.rows
  const [rows, found] = isShorter ? findRows([a, ours], [b, theirs], seed) : findRows([b, theirs], [a, ours], seed)
  return describe({ a: ours, b: theirs }, rows, found)
}
