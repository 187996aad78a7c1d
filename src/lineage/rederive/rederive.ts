/**
 * Re-derivation: a declared transform is run again on the parents, and what comes out is held against the child.
 *
 * If every tensor comes out bit by bit, the child was made of these parents by this transform or by one that does the
 * same to every number: no statistic is involved, and the direction is proved, because the transform loses what the
 * child cannot give back. A transform that does not reproduce the child proves nothing against a declaration: another
 * version, device or original precision rounds otherwise. The outcome then says which tensors differ and by how much.
 *
 * Guarantee: same bytes in, same result out; everything that stands in the child is either equal, different or named as
 * not explained.
 */
import { createHash } from 'node:crypto'
import { decodeTensor } from '../../simd/index.ts'
import { describePart, partSize, type Part } from '../weights/part.ts'
import { storedRow } from '../weights/rows-in-order.ts'
import { rowBytes, type Weights } from '../weights/weights.ts'
import type { Derivation } from './derivation.ts'
import type { RederivedTensor, Rederivation } from './rederivation.ts'
import { isStorable, storeAs } from './store-as.ts'

const CHUNK_VALUES = 1 << 18
/** Rows of each part on which orders of operation are tried. */
const TRIED_ROWS = 8
/** Parts on which they are tried. */
const TRIED_PARTS = 12

interface Differences {
  readonly elements: number
  readonly different: number
  readonly furthest: number
}

interface Chunk {
  readonly values: Float32Array
  readonly made: Uint8Array
  readonly found: Uint8Array
}

/** Trained row numbers in the order in which the child stores them; null when that order is not known. */
function trainedOrder(child: Weights, part: Part): Uint32Array | null {
  const place = storedRow(child.model, part)
  if (place === null) return null
  const order = new Uint32Array(part.rows)
  for (let row = 0; row < part.rows; row++) order[place(row)] = row
  return order
}

function deriveRows(derivation: Derivation, part: Part, rows: Uint32Array): Float32Array | null {
  const from = rows[0] ?? 0
  if (rows.every((row, i) => row === from + i)) return derivation.rowsOf(part, { from, count: rows.length })
  const out = new Float32Array(rows.length * part.columns)
  for (const [i, row] of rows.entries()) {
    const values = derivation.rowsOf(part, { from: row, count: 1 })
    if (values === null) return null
    out.set(values, i * part.columns)
  }
  return out
}

/** Values that are not what they were once they are stored. */
function countRounded(type: string, { values, made }: Chunk): number {
  const stored = decodeTensor(type, made, {})
  return values.reduce((count, value, i) => count + (value === stored[i] ? 0 : 1), 0)
}

function countDifferences(type: string, { made, found }: Chunk): Differences {
  const ours = decodeTensor(type, made, {})
  if (Buffer.compare(made, found) === 0) return { elements: ours.length, different: 0, furthest: 0 }
  const theirs = decodeTensor(type, found, {})
  let [different, furthest] = [0, 0]
  for (const [i, x] of ours.entries()) {
    const y = theirs[i] ?? 0
    if (Object.is(x, y)) continue
    different += 1
    furthest = Math.max(furthest, Math.abs(x - y))
  }
  return { elements: ours.length, different: Math.max(1, different), furthest }
}

/** Calls `take` with what is derived and what is stored, in stored order; false when the part cannot be derived. */
function visitChunks(
  child: Weights,
  part: Part,
  visit: { derivation: Derivation; rows: number; take: (chunk: Chunk) => void },
): boolean {
  const order = trainedOrder(child, part)
  if (order === null || !isStorable(part.tensor.type) || part.tensor.bigEndian === true) return false
  const step = Math.max(1, Math.floor(CHUNK_VALUES / part.columns))
  for (let row = 0; row < visit.rows; row += step) {
    const rows = order.subarray(row, Math.min(visit.rows, row + step))
    const values = deriveRows(visit.derivation, part, rows)
    if (values === null) return false
    const made = storeAs(part.tensor.type, values, { contracted: visit.derivation.contracted ?? false })
    const found = new Uint8Array(rows.length * rowBytes(part))
    child.read(part.tensor, (part.firstRow + row) * rowBytes(part), found)
    visit.take({ values, made, found })
  }
  return true
}

function nameOf(part: Part): string {
  const described = describePart(part)
  return described === part.tensor.name ? described : `${part.tensor.name} (${described})`
}

function rederivePart(child: Weights, part: Part, derivation: Derivation): RederivedTensor {
  const [made, found] = [createHash('sha256'), createHash('sha256')]
  let [different, furthest, rounded] = [0, 0, 0]
  const isDerived = visitChunks(child, part, {
    derivation,
    rows: part.rows,
    take(chunk) {
      made.update(chunk.made)
      found.update(chunk.found)
      const counted = countDifferences(part.tensor.type, chunk)
      different += counted.different
      rounded += countRounded(part.tensor.type, chunk)
      furthest = Math.max(furthest, counted.furthest)
    },
  })
  const base = { name: nameOf(part), type: part.tensor.type, elements: partSize(part) }
  if (!isDerived)
    return { ...base, outcome: 'unexplained', different: 0, furthest: 0, rounded: 0, sha256: null, derived: null }
  const digests = { sha256: found.digest('hex'), derived: made.digest('hex') }
  return {
    ...base,
    outcome: digests.sha256 === digests.derived ? 'equal' : 'different',
    different,
    furthest,
    rounded,
    ...digests,
  }
}

function tryOut(child: Weights, parts: readonly Part[], derivation: Derivation): number {
  let different = 0
  for (const part of parts)
    visitChunks(child, part, {
      derivation,
      rows: Math.min(TRIED_ROWS, part.rows),
      take: (chunk) => (different += countDifferences(part.tensor.type, chunk).different),
    })
  return different
}

/** Parts on which the orders of operation disagree most likely: matrices, spread over the model. */
function triedParts(child: Weights): Part[] {
  const matrices = child.model.parts.filter(({ rows, layer }) => rows > 1 && layer >= 0)
  const step = Math.max(1, Math.floor(matrices.length / TRIED_PARTS))
  return matrices.filter((_, i) => i % step === 0 || matrices.length <= 4 * TRIED_PARTS)
}

function chooseOrder(child: Weights, orders: readonly Derivation[]): Derivation | undefined {
  const parts = triedParts(child)
  let best: { readonly order: Derivation; readonly different: number } | undefined
  for (const order of orders) {
    const different = tryOut(child, parts, order)
    if (best === undefined || different < best.different) best = { order, different }
    if (different === 0) break
  }
  return best?.order
}

/**
 * Runs a transform again in the best of its orders of operation.
 *
 * @param orders at least one, the likeliest first
 * @throws Fault `cancelled` by the signal's reason, `changed-while-read`, `row-order`
 */
export function rederive(
  child: Weights,
  orders: readonly Derivation[],
  options: { readonly signal?: AbortSignal } = {},
): Pick<Rederivation, 'outcome' | 'order' | 'tensors'> {
  const order = chooseOrder(child, orders)
  if (order === undefined) return { outcome: 'not-re-derived', order: '', tensors: [] }
  const tensors = child.model.parts.map((part) => {
    options.signal?.throwIfAborted()
    return rederivePart(child, part, order)
  })
  const isWhole = tensors.length > 0 && tensors.every(({ outcome }) => outcome === 'equal')
  return { outcome: isWhole ? 're-derived' : 'not-re-derived', order: order.describe, tensors }
}
