/**
 * How the heads of two attention layers correspond once the residual stream is turned.
 *
 * A head of values may be mixed by any invertible matrix that its output undoes, so heads are told by the space that
 * their rows span. Queries and keys may be turned and scaled in each plane of the rotary embedding, as complex numbers.
 */
import type { ExhibitHeads } from './exhibit.ts'
import type { Matrix } from './frame.ts'
import { mixing, product, squares } from './small-matrices.ts'

/** Rows of a head. */
export type Rows = readonly Float64Array[]

/** A complex number. */
export type Complex = readonly [real: number, imaginary: number]

/** The rows of one head. */
export function headRowsOf({ columns, values }: Matrix, head: number, size: number): Rows {
  return Array.from({ length: size }, (_, row) => {
    const from = (head * size + row) * columns
    return Float64Array.from(values.subarray(from, from + columns))
  })
}

function dotOf(x: Float64Array | undefined, y: Float64Array | undefined): number {
  return x?.reduce((sum, value, k) => sum + value * (y?.[k] ?? 0), 0) ?? 0
}

/** For each plane the factor by which the rows of a come nearest to those of b. */
export function fitPlanes(a: Rows, b: Rows): Complex[] {
  const half = a.length / 2
  return Array.from({ length: half }, (_, p): Complex => {
    const [x, y, u, v] = [a[p], a[p + half], b[p], b[p + half]]
    const all = dotOf(x, x) + dotOf(y, y)
    return all > 0 ? [(dotOf(x, u) + dotOf(y, v)) / all, (dotOf(x, v) - dotOf(y, u)) / all] : [0, 0]
  })
}

/** Multiplies the planes of a head by complex factors. */
export function turnPlanes(rows: Rows, factors: readonly Complex[]): Rows {
  const half = rows.length / 2
  return rows.map((row, at) => {
    const isFirst = at < half
    const other = rows[isFirst ? at + half : at - half]
    const [real, imaginary] = factors[at % half] ?? [0, 0]
    return row.map((value, k) => real * value + (isFirst ? -imaginary : imaginary) * (other?.[k] ?? 0))
  })
}

/** 1 / conj(c): what happens to a query when its key is multiplied by c. */
export function counterFactor([real, imaginary]: Complex): Complex {
  const square = real * real + imaginary * imaginary
  return square > 0 ? [real / square, imaginary / square] : [0, 0]
}

/** Pairs each place of B with one of A so that small costs are taken first. */
function pairGreedily(costs: readonly (readonly number[])[]): number[] {
  const all = costs.flatMap((row, b) => row.map((cost, a) => ({ a, b, cost })))
  const [usedA, found] = [new Set<number>(), new Map<number, number>()]
  for (const { a, b } of all.toSorted((x, y) => x.cost - y.cost || x.b - y.b || x.a - y.a)) {
    if (usedA.has(a) || found.has(b)) continue
    usedA.add(a)
    found.set(b, a)
  }
  return costs.map((_, b) => found.get(b) ?? -1)
}

function residual(a: Rows, b: Rows): number {
  const { left, all } = squares(a, b)
  return all > 0 ? left / all : 1
}

/** Matrices of an attention layer; those of A already turned. */
export interface AttentionSides {
  readonly a: { readonly q: Matrix; readonly k: Matrix; readonly v: Matrix }
  readonly b: { readonly q: Matrix; readonly k: Matrix; readonly v: Matrix }
  /** Query heads. */
  readonly heads: number
}

function matchQueries(
  { a, b, heads }: AttentionSides,
  at: { size: number; groups: readonly number[]; planes: readonly Complex[][] },
): number[] {
  const share = heads / at.groups.length
  const queries = Array.from({ length: heads }, () => -1)
  for (const [group, from] of at.groups.entries()) {
    const counter = (at.planes[group] ?? []).map(counterFactor)
    const costs = Array.from({ length: share }, (_, i) =>
      Array.from({ length: share }, (__, j) =>
        residual(
          turnPlanes(headRowsOf(a.q, from * share + j, at.size), counter),
          headRowsOf(b.q, group * share + i, at.size),
        ),
      ),
    )
    for (const [i, j] of pairGreedily(costs).entries()) queries[group * share + i] = from * share + j
  }
  return queries
}

/** Finds how heads correspond; null when their numbers do not fit. */
export function matchHeads(sides: AttentionSides): ExhibitHeads | null {
  const { a, b, heads } = sides
  const size = b.q.rows / heads
  const count = b.k.rows / size
  const fits = a.q.rows === b.q.rows && a.k.rows === b.k.rows && a.v.rows === b.k.rows && b.v.rows === b.k.rows
  if (!fits || !Number.isInteger(size) || size % 2 !== 0 || !Number.isInteger(count) || heads % count !== 0) return null
  const ours = Array.from({ length: count }, (_, head) => headRowsOf(a.v, head, size))
  const theirs = Array.from({ length: count }, (_, head) => headRowsOf(b.v, head, size))
  const mixes = theirs.map((rows) => ours.map((from) => mixing(from, rows)))
  const costs = theirs.map((rows, y) =>
    ours.map((from, x) => {
      const mix = mixes[y]?.[x] ?? null
      return mix === null ? 1 : residual(product(mix, from), rows)
    }),
  )
  const groups = pairGreedily(costs)
  const planes = groups.map((from, y) => fitPlanes(headRowsOf(a.k, from, size), headRowsOf(b.k, y, size)))
  const mix = groups.map((from, y) => (mixes[y]?.[from] ?? []).flatMap((row) => [...row]))
  return { size, groups, queries: matchQueries(sides, { size, groups, planes }), mix, planes }
}
