/**
 * A quick re-derivation: the drawn rows of a quantised model are made again from the other model.
 *
 * When they all come out bit by bit, the blocks were made of these very numbers. The whole proof is
 * `tidewaiter rederive`.
 */
import { isRequantisable } from '../rederive/ggml-quantisers.ts'
import { isPlain, storeAs } from '../rederive/store-as.ts'
import { readTrainedRows } from '../rederive/derivation.ts'
import { isMatrix, isSameShape, type PartPair } from '../weights/part-pairs.ts'
import { storedRow } from '../weights/rows-in-order.ts'
import { draw } from '../weights/sampling.ts'
import { rowBytes, type Weights } from '../weights/weights.ts'
import { makeSign, type Sign } from './sign.ts'

const ROWS = 4
const MOST_PARTS = 32

interface Sides {
  readonly coarse: Weights
  readonly fine: Weights
  readonly pair: { readonly coarse: PartPair['a']; readonly fine: PartPair['a'] }
}

/** Rows that come out bit by bit, of those drawn; null when their order in the file is not known. */
function countEqualRows({ coarse, fine, pair }: Sides, seed: string): readonly [number, number] | null {
  const place = storedRow(coarse.model, pair.coarse)
  if (place === null || storedRow(fine.model, pair.fine) === null) return null
  const rows = draw(seed, 'rows quantised again', { size: pair.coarse.rows, count: ROWS })
  const size = rowBytes(pair.coarse)
  let equal = 0
  for (const row of rows) {
    const made = storeAs(pair.coarse.tensor.type, readTrainedRows(fine, pair.fine, { from: row, count: 1 }))
    const found = new Uint8Array(size)
    coarse.read(pair.coarse.tensor, (pair.coarse.firstRow + place(row)) * size, found)
    if (Buffer.compare(made, found) === 0) equal += 1
  }
  return [equal, rows.length]
}

function signFor(child: 'a' | 'b', sides: readonly Sides[], seed: string): Sign[] {
  const counted = sides.slice(0, MOST_PARTS).flatMap((each) => {
    const count = countEqualRows(each, seed)
    return count === null ? [] : [count]
  })
  const rows = counted.reduce((sum, [, of]) => sum + of, 0)
  if (rows === 0 || counted.some(([equal, of]) => equal < of)) return []
  const type = sides[0]?.pair.coarse.tensor.type ?? ''
  return [
    makeSign('re-derivation', child, `all ${rows} drawn rows come out bit for bit when quantised to ${type} again`),
  ]
}

/** The sign, when one side is quantised by a known reference quantiser and the other is plain. */
export function requantisedSigns(
  a: Weights,
  b: Weights,
  at: { readonly pairs: readonly PartPair[]; readonly seed: string },
): Sign[] {
  const matrices = at.pairs.filter(
    (pair) => isMatrix(pair.a) && isSameShape(pair) && pair.a.transposed === pair.b.transposed,
  )
  const ours = matrices.filter((pair) => isRequantisable(pair.a.tensor.type) && isPlain(pair.b.tensor.type))
  const theirs = matrices.filter((pair) => isRequantisable(pair.b.tensor.type) && isPlain(pair.a.tensor.type))
  if (ours.length > 0 && theirs.length > 0) return []
  return [
    ...signFor(
      'a',
      ours.map((pair) => ({ coarse: a, fine: b, pair: { coarse: pair.a, fine: pair.b } })),
      at.seed,
    ),
    ...signFor(
      'b',
      theirs.map((pair) => ({ coarse: b, fine: a, pair: { coarse: pair.b, fine: pair.a } })),
      at.seed,
    ),
  ]
}
