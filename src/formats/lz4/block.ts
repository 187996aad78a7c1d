/**
 * One block of LZ4: literals, and copies of what came before.
 *
 * Source: LZ4 block format description.
 */
import { Fault } from '../../base/index.ts'

const LEAST_MATCH = 4
const MORE = 15

function broken(what: string): never {
  throw new Fault('stream-broken', what)
}

interface Cursor {
  at: number
}

function readLength(packed: Uint8Array, cursor: Cursor, nibble: number): number {
  let length = nibble
  if (nibble < MORE) return length
  for (;;) {
    const byte = packed[cursor.at++] ?? broken('a block ends inside a length')
    length += byte
    if (byte < 255) return length
  }
}

/** Where a block is unpacked to. */
export interface BlockRoom {
  readonly out: Uint8Array
  /** First byte of the block in `out`; what stands before it may be copied. */
  readonly from: number
  /** Number of bytes before `from` that came out of blocks before. */
  readonly history: number
  /** Most bytes that the block may have. */
  readonly most: number
}

/** Unpacks a block and gives where it ends in `out`. @throws Fault `stream-broken` */
export function unpackBlock(packed: Uint8Array, { out, from, history, most }: BlockRoom): number {
  const cursor: Cursor = { at: 0 }
  const end = from + most
  let at = from
  while (cursor.at < packed.length) {
    const token = packed[cursor.at++] as number
    const literals = readLength(packed, cursor, token >> 4)
    if (cursor.at + literals > packed.length) broken('literals reach beyond their block')
    if (at + literals > end) broken('a block is larger than its frame allows')
    out.set(packed.subarray(cursor.at, cursor.at + literals), at)
    at += literals
    cursor.at += literals
    if (cursor.at === packed.length) return at
    const distance =
      (packed[cursor.at] as number) | ((packed[cursor.at + 1] ?? broken('a block ends inside a distance')) << 8)
    cursor.at += 2
    const length = LEAST_MATCH + readLength(packed, cursor, token & MORE)
    if (distance === 0 || distance > at - from + history) broken('a distance reaches before the beginning')
    if (at + length > end) broken('a block is larger than its frame allows')
    if (distance >= length) out.copyWithin(at, at - distance, at - distance + length)
    else for (let i = 0; i < length; i++) out[at + i] = out[at + i - distance] as number
    at += length
  }
  return broken('a block does not end with literals')
}
