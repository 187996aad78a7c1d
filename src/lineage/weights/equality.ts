/**
 * Are two parts the same numbers?
 *
 * `bits`: the same type and the same bytes. `values`: equal after each side was rounded to bf16 and magnitudes below
 * 2^-16 were flushed, which is what a cast of a release leaves equal; or each number can be a rounding of the same
 * original. Parts that hold little but magnitudes that are flushed are never equal by values. Only parts whose sample agreed in every element are read whole; one different element ends the reading.
 */
import { toCanonicalBf16 } from '../../simd/index.ts'
import { isFlipped, readColumns } from './flipped.ts'
import { partRange } from './part.ts'
import { isSameShape, type PartPair } from './part-pairs.ts'
import { code, type PartSample } from './part-sample.ts'
import { roundingTest } from './rounding.ts'
import { asStored, storedRow } from './rows-in-order.ts'
import { rowBytes, type Weights } from './weights.ts'

/** How far two parts agree. */
export type Agreement = 'bits' | 'values' | 'different'

const CHUNK = 1 << 20

function haveSameBytes(a: Weights, b: Weights, { a: ours, b: theirs }: PartPair): boolean {
  const isAlike =
    ours.tensor.type === theirs.tensor.type && (ours.tensor.bigEndian ?? false) === (theirs.tensor.bigEndian ?? false)
  if (!isAlike || ours.rope !== theirs.rope) return false
  const { from, length } = partRange(ours)
  const other = partRange(theirs)
  if (length !== other.length) return false
  const left = new Uint8Array(Math.min(CHUNK, length))
  const right = new Uint8Array(left.length)
  for (let at = 0; at < length; at += CHUNK) {
    const size = Math.min(CHUNK, length - at)
    a.read(ours.tensor, from + at, left.subarray(0, size))
    b.read(theirs.tensor, other.from + at, right.subarray(0, size))
    if (Buffer.compare(left.subarray(0, size), right.subarray(0, size)) !== 0) return false
  }
  return true
}

function canonicalRows(
  weights: Weights,
  part: PartPair['a'],
  at: { readonly row: number; readonly count: number },
): Uint16Array {
  const size = rowBytes(part)
  const bytes = new Uint8Array(at.count * size)
  weights.read(part.tensor, (part.firstRow + at.row) * size, bytes)
  return toCanonicalBf16(part.tensor.type, bytes, { bigEndian: part.tensor.bigEndian === true })
}

function asBuffer(codes: Uint16Array): Buffer {
  return Buffer.from(codes.buffer, codes.byteOffset, codes.byteLength)
}

/** Columns of A that are read at once. */
const COLUMNS = 256

function isEachAlike(
  pair: PartPair,
  sides: readonly [Weights, Weights],
  test: (x: number, y: number) => boolean,
): boolean {
  const [a, b] = sides
  for (let from = 0; from < pair.b.rows; from += COLUMNS) {
    const count = Math.min(COLUMNS, pair.b.rows - from)
    const right = b.rows(pair.b, from, count)
    const columns = Uint32Array.from({ length: count }, (_, i) => from + i)
    if (!readColumns(a, pair.a, columns).every((x, i) => test(x, right[i] ?? 0))) return false
  }
  return true
}

function haveSameValues(a: Weights, b: Weights, pair: PartPair): boolean {
  if (isFlipped(pair)) return isEachAlike(pair, [a, b], (x, y) => code(x) === code(y))
  const inOrder = pair.a.rope === pair.b.rope
  const rowInA = inOrder ? asStored : storedRow(a.model, pair.a)
  const rowInB = inOrder ? asStored : storedRow(b.model, pair.b)
  if (rowInA === null || rowInB === null) return false
  const step = inOrder ? Math.max(1, Math.floor(CHUNK / 4 / pair.a.columns)) : 1
  for (let row = 0; row < pair.a.rows; row += step) {
    const count = Math.min(step, pair.a.rows - row)
    const left = canonicalRows(a, pair.a, { row: rowInA(row), count })
    const right = canonicalRows(b, pair.b, { row: rowInB(row), count })
    if (Buffer.compare(asBuffer(left), asBuffer(right)) !== 0) return false
  }
  return true
}

/** True when every number of A and of B can be a rounding of one original. */
function areRoundings(a: Weights, b: Weights, pair: PartPair): boolean {
  const test = roundingTest(pair.a.tensor.type, pair.b.tensor.type)
  if (test !== null && isFlipped(pair)) return isEachAlike(pair, [a, b], test)
  const rowInA = storedRow(a.model, pair.a)
  const rowInB = storedRow(b.model, pair.b)
  if (test === null || rowInA === null || rowInB === null) return false
  for (let row = 0; row < pair.a.rows; row++) {
    const right = b.rows(pair.b, rowInB(row), 1)
    if (!a.rows(pair.a, rowInA(row), 1).every((x, i) => test(x, right[i] ?? 0))) return false
  }
  return true
}

/** True when most numbers of a side become zero by flushing, so that they would be equal to any others so small. */
function isFlushedAway({ elements, zerosA, zerosB, flushedA, flushedB }: PartSample): boolean {
  return 2 * flushedA > elements - zerosA || 2 * flushedB > elements - zerosB
}

/** Confirms over all elements what a sample suggests. */
export function confirmEquality(a: Weights, b: Weights, sample: PartSample): Agreement {
  const { pair, elements, equal, sameRounded } = sample
  if (!isSameShape(pair)) return 'different'
  const mayBeEqual = equal === elements
  if (mayBeEqual && !isFlipped(pair) && haveSameBytes(a, b, pair)) return 'bits'
  if (elements === 0 || isFlushedAway(sample)) return 'different'
  if (mayBeEqual && haveSameValues(a, b, pair)) return 'values'
  const isCast = pair.a.tensor.type !== pair.b.tensor.type && sameRounded === elements
  return isCast && areRoundings(a, b, pair) ? 'values' : 'different'
}
