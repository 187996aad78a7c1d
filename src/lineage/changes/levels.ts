/**
 * Quantised and stored as floats again: the values of each group of a row stand on few levels.
 *
 * A group of 32 unrelated bf16 values takes about 31 of them; quantised to b bits it takes at most 2^b. Levels at equal
 * distances are integer codes (GPTQ, AWQ, round to nearest); levels that are denser near zero are those of nf4.
 *
 * Int8 takes 256 levels and shows only in groups of 512 values and more.
 */
import type { Change } from '../weights/change.ts'
import { isPlain } from '../rederive/store-as.ts'
import { isMatrix, isSameShape, type PartPair } from '../weights/part-pairs.ts'
import type { Weights } from '../weights/weights.ts'
import { areRoundedToLevels, type RowPair } from './rounded-to-levels.ts'
import { drawRows, isOrdered, readRows, spread, type ChangePlaces, type SideName } from './places.ts'

/** Bits that are looked for, each in groups in which chance would take many more levels. */
const TRIED = [
  { bits: 2, group: 32 },
  { bits: 3, group: 32 },
  { bits: 4, group: 32 },
  { bits: 8, group: 1024 },
] as const
const ROWS = 8
/** Matrices that are looked at. */
const MOST_MATRICES = 64
/** Groups that must keep to few levels. */
const MOST_GROUPS = 0.98
/** Rows with more zeros were pruned, and have few levels for that. */
const MOST_ZEROS = 0.4
/** A matrix of fewer groups says too little. */
const LEAST_GROUPS = 4
/** Values that are taken to share their levels when it is asked where the levels came from. */
const ROUNDED_GROUPS = [32, 16] as const

interface Grid {
  readonly bits: number
  readonly isEven: boolean
  readonly groups: number
}

/** Distances between neighbouring levels are whole multiples of one step, to the rounding of the stored type. */
function isEven(levels: readonly number[]): boolean {
  const gaps = levels.slice(1).map((level, i) => level - (levels[i] ?? 0))
  const step = Math.min(...gaps)
  const slack = Math.max(...levels.map(Math.abs)) * 2 ** -6
  return gaps.every((gap) => Math.abs(gap / step - Math.round(gap / step)) * step <= slack)
}

/** The levels of the groups that keep to few; null as soon as too many do not. */
function fewLevels(groups: readonly Float32Array[], most: number): number[][] | null {
  const few: number[][] = []
  let left = groups.length - MOST_GROUPS * groups.length
  for (const group of groups) {
    const levels = new Set(group)
    if (levels.size <= most && levels.size > 1) few.push([...levels].toSorted((x, y) => x - y))
    else if (--left < 0) return null
  }
  return few
}

function gridOf(rows: readonly Float32Array[]): Grid | null {
  for (const { bits, group } of TRIED) {
    const groups = rows.flatMap((row) =>
      Array.from({ length: Math.floor(row.length / group) }, (_, i) => row.subarray(i * group, (i + 1) * group)),
    )
    if (groups.length < LEAST_GROUPS) continue
    const few = fewLevels(groups, 2 ** bits)
    if (few === null) continue
    const even = few.filter(isEven).length
    return { bits, groups: groups.length, isEven: even >= MOST_GROUPS * few.length }
  }
  return null
}

function readGrid(weights: Weights, part: PartPair['a'], seed: string): Grid | null {
  if (!isPlain(part.tensor.type) || !isOrdered(weights, part)) return null
  const { rows } = readRows(weights, part, drawRows(seed, part.rows, ROWS))
  const zeros = rows.reduce((sum, row) => sum + row.filter((value) => value === 0).length, 0)
  return zeros > MOST_ZEROS * rows.length * part.columns ? null : gridOf(rows)
}

/** Pairs that are read on both sides. */
const MOST_ROUNDED = 8

function isRounded({ a, b, seed }: ChangePlaces, pairs: readonly PartPair[], child: SideName): boolean {
  const rows = spread(pairs, MOST_ROUNDED).flatMap((pair): RowPair[] => {
    if (pair.a.transposed !== pair.b.transposed || !isOrdered(a, pair.a) || !isOrdered(b, pair.b)) return []
    const drawn = drawRows(seed, pair.a.rows, ROWS)
    const [left, right] = [readRows(a, pair.a, drawn).rows, readRows(b, pair.b, drawn).rows]
    return left.flatMap((x, i) => {
      const y = right[i]
      return y === undefined ? [] : [child === 'a' ? ([x, y] as const) : ([y, x] as const)]
    })
  })
  return ROUNDED_GROUPS.some((group) => areRoundedToLevels(rows, group))
}

/** Most matrices of one side stand on few levels and those of the other do not. */
export function levelChanges(places: ChangePlaces): Change[] {
  const { a, b, parts, seed } = places
  const all = parts
    .map(({ sample }) => sample.pair)
    .filter((pair) => isMatrix(pair.a) && isSameShape(pair) && pair.a.layer >= 0)
  const pairs = spread(all, MOST_MATRICES)
  const grids = { a: pairs.map((pair) => readGrid(a, pair.a, seed)), b: pairs.map((pair) => readGrid(b, pair.b, seed)) }
  const found = (side: SideName): Grid[] => grids[side].filter((grid) => grid !== null)
  const child = found('a').length > found('b').length ? 'a' : 'b'
  const ours = found(child)
  const [first] = ours
  if (first === undefined || ours.length < pairs.length / 2 || found(child === 'a' ? 'b' : 'a').length > 0) return []
  const bits = Math.max(...ours.map((grid) => grid.bits))
  const kind = ours.every((grid) => grid.isEven)
    ? `equally spaced (int${bits})`
    : bits === 4
      ? 'denser near zero (nf4)'
      : 'unequally spaced'
  const groups = ours.reduce((sum, grid) => sum + grid.groups, 0)
  const text = `quantised to ${bits} bits and stored as floats again: at most ${2 ** bits} levels in ${groups} groups of ${ours.length} of ${pairs.length} matrices, ${kind}`
  if (!isRounded(places, pairs, child))
    return [{ text: `${text}; the other does not hold the values that were rounded`, child: null }]
  return [{ text, child, sign: 'leaf' }]
}
