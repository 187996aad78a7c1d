/**
 * A derivation: how the values of one part of a child are worked out from its parents, before they are stored.
 *
 * Parts are matched by role and place, not by name, so that a GGUF file is held against a folder of shards. Rows are
 * counted in the order in which models are trained; the two containers may keep them in different orders.
 */
import { Fault } from '../../base/index.ts'
import { partKey, partSize, type Part } from '../weights/part.ts'
import { storedRow } from '../weights/rows-in-order.ts'
import type { Weights } from '../weights/weights.ts'

/** Rows of one part, as trained. */
export interface RowRange {
  readonly from: number
  readonly count: number
}

/** See the module. */
export interface Derivation {
  /** For a reader: `merge the adapter in f32, factors rounded to bf16 first`. */
  readonly describe: string
  /** Values of some rows of a part of the child; null when no parent holds what is needed. */
  rowsOf(part: Part, range: RowRange): Float32Array | null
  /** The product of step and value and the sum after it are rounded once. */
  readonly contracted?: boolean
}

/** Reads parts of a parent by the place of a child's part. */
export interface PartSource {
  readonly weights: Weights
  find(part: Part): Part | undefined
  /** Rows as trained. @throws Fault `row-order` when the order in the file is not known */
  rows(part: Part, range: RowRange): Float32Array
}

/** Rows as trained, from wherever they stand in the file. */
export function readTrainedRows(weights: Weights, part: Part, { from, count }: RowRange): Float32Array {
  const place = storedRow(weights.model, part)
  if (place === null) throw new Fault('row-order', `the order of the rows of ${part.tensor.name} is not known`)
  if (part.rope === 'half') return weights.rows(part, from, count)
  const out = new Float32Array(count * part.columns)
  for (let i = 0; i < count; i++) out.set(weights.rows(part, place(from + i), 1), i * part.columns)
  return out
}

/** A head that is not stored is the embedding again. */
function findTied(byKey: ReadonlyMap<string, Part>, part: Part): Part | undefined {
  return part.role === 'head' && !part.bias ? byKey.get(partKey({ ...part, role: 'embedding' })) : undefined
}

/** Opens a parent for {@link Derivation}s. */
export function partSource(weights: Weights): PartSource {
  const byKey = new Map(weights.model.parts.map((part) => [partKey(part), part]))
  return {
    weights,
    find(part) {
      const found = byKey.get(partKey(part)) ?? findTied(byKey, part)
      const isAlike = found !== undefined && partSize(found) === partSize(part) && found.columns === part.columns
      return isAlike && found.transposed === part.transposed ? found : undefined
    },
    rows: (part, range) => readTrainedRows(weights, part, range),
  }
}

/** The parent's numbers themselves: a cast or a quantisation, which `store-as.ts` carries out. */
export function storeAgain(parent: PartSource, contracted = false): Derivation {
  return {
    describe: contracted ? 'store again, products and sums contracted' : 'store again',
    contracted,
    rowsOf(part, range) {
      const source = parent.find(part)
      return source === undefined ? null : parent.rows(source, range)
    },
  }
}
