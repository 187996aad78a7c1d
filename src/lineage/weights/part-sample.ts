/**
 * A look at some rows of two parts of the same place: enough to tell a copy from a relative.
 *
 * Counts over the drawn elements say whether values are equal after rounding, how many are exactly zero and in which
 * pattern, whether they stand on a coarser lattice than their type has, and whether one is the other rounded to a
 * quantised grid. What the sample suggests and a verdict rests on is confirmed over all elements in `equality.ts`.
 */
import { findTensorLayout } from '../../simd/index.ts'
import { isFlipped, readColumns } from './flipped.ts'
import { partKey, type Part } from './part.ts'
import type { PartPair } from './part-pairs.ts'
import { roundingTest } from './rounding.ts'
import { asStored, storedRow } from './rows-in-order.ts'
import { draw } from './sampling.ts'
import type { Weights } from './weights.ts'

/** Counts over the drawn elements of one pair. */
export interface PartSample {
  readonly pair: PartPair
  /** Elements looked at; 0 when the pair cannot be compared element by element. */
  readonly elements: number
  /** Equal after rounding to bf16 and flushing below 2^-16. */
  readonly equal: number
  /** Both can be roundings of one number; see `rounding.ts`. */
  readonly sameRounded: number
  readonly zerosA: number
  readonly zerosB: number
  /** Elements that are no zero and become one by flushing. */
  readonly flushedA: number
  readonly flushedB: number
  /** Elements of A that are another number than the one before in their row. */
  readonly unlikeLast: number
  /** Elements that are zero on neither side, and equal among them. */
  readonly bothNonzero: number
  readonly survivorsEqual: number
  /** Aligned groups of four with at least two zeros. */
  readonly groups: number
  readonly pairsOfZerosA: number
  readonly pairsOfZerosB: number
  /** Elements of A that the type of B cannot hold exactly, and the reverse. */
  readonly finerA: number
  readonly finerB: number
  /** Elements of B within half a step of the grid on which A stands, and the reverse; see `onGrid`. */
  readonly withinStepA: number
  readonly withinStepB: number
  /** Inner products, for the cosine of the two samples. */
  readonly dot: number
  readonly squareA: number
  readonly squareB: number
}

type Counts = { -readonly [K in Exclude<keyof PartSample, 'pair'>]: number }

const WANTED = 2048
const BITS = new Uint32Array(1)
const FLOAT = new Float32Array(BITS.buffer)

/** The canonical bf16 code of an f32; see `toCanonicalBf16`. */
export function code(value: number): number {
  FLOAT[0] = value
  const bits = BITS[0] ?? 0
  const rounded = ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff
  return (rounded & 0x7fff) < 0x3780 ? 0 : rounded
}

const HOLDS: Readonly<Record<string, (value: number) => boolean>> = {
  bf16: (value) => {
    FLOAT[0] = value
    return ((BITS[0] ?? 0) & 0xffff) === 0
  },
  f16: (value) => Math.f16round(value) === value,
}

function holder(type: string): (value: number) => boolean {
  return HOLDS[type.toLowerCase()] ?? (() => true)
}

/** True for types whose values stand on a grid that each block chooses. */
export function isQuantised(type: string): boolean {
  return (findTensorLayout(type)?.blockElements ?? 1) > 1 || /^(i8|F8_)/i.test(type)
}

/** Elements of a block over which the grid is found. */
const GRID_BLOCK = 16

/** How many of `values` lie within half a step (and a little) of the grid values beside them. */
function onGrid(grid: Float32Array, values: Float32Array): number {
  let within = 0
  for (let from = 0; from < grid.length; from += GRID_BLOCK) {
    const block = grid.subarray(from, from + GRID_BLOCK)
    const levels = [...new Set(block)].toSorted((x, y) => x - y)
    const step = levels.reduce(
      (least, level, i) => (i === 0 ? least : Math.min(least, level - (levels[i - 1] ?? 0))),
      Infinity,
    )
    for (const [i, level] of block.entries()) if (Math.abs(level - (values[from + i] ?? 0)) <= 0.51 * step) within += 1
  }
  return within
}

function countSmall(counts: Counts, x: number, y: number): void {
  if (x === 0) counts.zerosA += 1
  else if (code(x) === 0) counts.flushedA += 1
  if (y === 0) counts.zerosB += 1
  else if (code(y) === 0) counts.flushedB += 1
}

function countElement(counts: Counts, x: number, y: number): void {
  const equal = code(x) === code(y)
  counts.elements += 1
  if (equal) counts.equal += 1
  countSmall(counts, x, y)
  if (x !== 0 && y !== 0) {
    counts.bothNonzero += 1
    if (equal) counts.survivorsEqual += 1
  }
  counts.dot += x * y
  counts.squareA += x * x
  counts.squareB += y * y
}

function hasPairOfZeros(row: Float32Array, at: number): boolean {
  let zeros = 0
  for (let i = at; i < at + 4; i++) if (row[i] === 0) zeros += 1
  return zeros >= 2
}

function countGroups(counts: Counts, a: Float32Array, b: Float32Array): void {
  for (let at = 0; at + 4 <= a.length; at += 4) {
    counts.groups += 1
    if (hasPairOfZeros(a, at)) counts.pairsOfZerosA += 1
    if (hasPairOfZeros(b, at)) counts.pairsOfZerosB += 1
  }
}

function countRow(counts: Counts, rows: readonly [Float32Array, Float32Array], pair: PartPair): void {
  const [a, b] = rows
  const heldByB = holder(pair.b.tensor.type)
  const heldByA = holder(pair.a.tensor.type)
  const isRounding = roundingTest(pair.a.tensor.type, pair.b.tensor.type)
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0]
    if (i > 0 && x !== a[i - 1]) counts.unlikeLast += 1
    countElement(counts, x, y)
    if (isRounding?.(x, y) === true) counts.sameRounded += 1
    if (!heldByB(x)) counts.finerA += 1
    if (!heldByA(y)) counts.finerB += 1
  }
  countGroups(counts, a, b)
  if (isQuantised(pair.a.tensor.type)) counts.withinStepA += onGrid(a, b)
  if (isQuantised(pair.b.tensor.type)) counts.withinStepB += onGrid(b, a)
}

function nothing(): Counts {
  const zero = {
    elements: 0,
    equal: 0,
    sameRounded: 0,
    zerosA: 0,
    zerosB: 0,
    flushedA: 0,
    flushedB: 0,
    unlikeLast: 0,
    bothNonzero: 0,
    survivorsEqual: 0,
    groups: 0,
  }
  const patterns = { pairsOfZerosA: 0, pairsOfZerosB: 0, finerA: 0, finerB: 0, withinStepA: 0, withinStepB: 0 }
  return { ...zero, ...patterns, dot: 0, squareA: 0, squareB: 0 }
}

function drawnRows(part: Part, seed: string): Uint32Array {
  const count = Math.max(4, Math.ceil(WANTED / part.columns))
  return draw(seed, `rows of ${partKey(part)}`, { size: part.rows, count })
}

/** True when rows of a part can be decoded one by one. */
export function isReadable({ tensor }: Part): boolean {
  const layout = findTensorLayout(tensor.type)
  return layout?.decodable === true && (tensor.shape.at(-1) ?? 1) % layout.blockElements === 0
}

/** Rows of B against columns of A. */
function sampleFlipped(a: Weights, b: Weights, { pair, seed }: { pair: PartPair; seed: string }): PartSample {
  const counts = nothing()
  if (pair.a.rows === 0) return { pair, ...counts }
  const rows = drawnRows(pair.b, seed)
  const columns = readColumns(a, pair.a, rows)
  for (const [i, row] of rows.entries())
    countRow(counts, [columns.subarray(i * pair.a.rows, (i + 1) * pair.a.rows), b.rows(pair.b, row, 1)], pair)
  return { pair, ...counts }
}

/** Looks at some rows of a pair of equal shape. */
export function samplePair(a: Weights, b: Weights, at: { readonly pair: PartPair; readonly seed: string }): PartSample {
  const { pair, seed } = at
  const counts = nothing()
  const inOrder = pair.a.rope === pair.b.rope
  const rowInA = inOrder ? asStored : storedRow(a.model, pair.a)
  const rowInB = inOrder ? asStored : storedRow(b.model, pair.b)
  if (rowInA === null || rowInB === null || !isReadable(pair.a) || !isReadable(pair.b)) return { pair, ...counts }
  if (isFlipped(pair)) return inOrder ? sampleFlipped(a, b, at) : { pair, ...counts }
  for (const row of drawnRows(pair.a, seed))
    countRow(counts, [a.rows(pair.a, rowInA(row), 1), b.rows(pair.b, rowInB(row), 1)], pair)
  return { pair, ...counts }
}
