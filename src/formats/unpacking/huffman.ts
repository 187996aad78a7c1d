/**
 * Huffman codes of deflate as tables: one look-up for each symbol.
 *
 * Source: RFC 1951, 3.2.2.
 */
import { Fault } from '../../base/index.ts'

const LONGEST = 15

/** A code: the entry of the next bits is `symbol << 4 | length`, 0 where no code begins so. */
export interface HuffmanTable {
  readonly entries: Uint16Array
  readonly mask: number
}

function reverse(code: number, length: number): number {
  let reversed = 0
  for (let i = 0; i < length; i++) reversed |= ((code >> i) & 1) << (length - 1 - i)
  return reversed
}

/** Codes that are not used up: allowed for a single code of one bit, as compressors write it, and for none. */
function checkComplete(counts: Uint16Array): void {
  let left = 1
  let used = 0
  for (let length = 1; length <= LONGEST; length++) {
    left = left * 2 - (counts[length] as number)
    used += counts[length] as number
    if (left < 0) throw new Fault('deflate-broken', 'a Huffman code has more words than fit')
  }
  if (left > 0 && used > 1) throw new Fault('deflate-broken', 'a Huffman code is incomplete')
}

/** The table of the code whose symbols have these lengths. @throws Fault `deflate-broken` */
export function buildTable(lengths: Uint8Array): HuffmanTable {
  const counts = new Uint16Array(LONGEST + 1)
  for (const length of lengths) counts[length] = (counts[length] as number) + 1
  counts[0] = 0
  checkComplete(counts)
  const longest = Math.max(
    1,
    counts.findLastIndex((count) => count > 0),
  )
  const next = new Uint16Array(LONGEST + 2)
  for (let length = 1; length <= LONGEST; length++)
    next[length + 1] = ((next[length] as number) + (counts[length] as number)) << 1
  const entries = new Uint16Array(1 << longest)
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue
    const code = next[length] as number
    next[length] = code + 1
    const entry = (symbol << 4) | length
    for (let at = reverse(code, length); at < entries.length; at += 1 << length) entries[at] = entry
  }
  return { entries, mask: entries.length - 1 }
}
