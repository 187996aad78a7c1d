/**
 * Expansion bombs: a few opcodes that stand for millions of parts.
 *
 * Loading such a stream costs little, since the parts are shared; printing, comparing or copying the result never ends.
 * What a value would be without sharing is counted from the inside out. Harmless files share too, but only as much as
 * they have opcodes to share with.
 */
import type { Machine } from './machine.ts'
import { kindOf, TUPLE } from './values.ts'

const LARGE = 1e8
/** Parts for each opcode that no honest file comes near. */
const RATIO = 1e5
/** Doubling needs this many shared values at least. */
const FEW = 5

/** Parts of each cell without sharing; a cell that holds itself counts once. */
function unfold(m: Machine): Float64Array {
  const { heap } = m
  const parts = new Float64Array(heap.size)
  const open = new Uint8Array(heap.size)
  for (let root = 0; root < heap.size; root++) {
    const path = [root]
    while (path.length > 0) {
      const cell = path.at(-1) ?? root
      if (open[cell] === 0) {
        open[cell] = 1
        visitInner(m, cell, (inner) => {
          if (open[inner] === 0) path.push(inner)
        })
      } else {
        path.pop()
        if (open[cell] === 2) continue
        open[cell] = 2
        parts[cell] = 1 + heap.count(cell)
        visitInner(m, cell, (inner) => {
          if (open[inner] === 2 && inner !== cell) parts[cell] = (parts[cell] as number) + (parts[inner] as number)
        })
      }
    }
  }
  return parts
}

function visitInner(m: Machine, cell: number, visit: (inner: number) => void): void {
  m.heap.each(cell, (kind, load) => {
    const plain = kindOf(kind)
    if (plain >= TUPLE && plain <= TUPLE + 5 && load >= 0) visit(load)
    return true
  })
}

/** Notes a structure that is out of all proportion to the stream. */
export function noteExpansion(m: Machine): void {
  if (m.gets < FEW) return
  const most = unfold(m).reduce((a, b) => Math.max(a, b), 0)
  if (most < LARGE || most < RATIO * m.count) return
  const message = `${m.count} opcodes stand for a structure of about 10^${Math.floor(Math.log10(most))} parts`
  m.anomalies.add('pkl-expansion', message, { locus: 'stream' })
  m.fail('the result', message)
}
