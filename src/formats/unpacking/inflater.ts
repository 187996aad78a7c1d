/**
 * Deflate, taken apart piece by piece.
 *
 * The inflater of the runtime works on whole buffers or asynchronously; readers are synchronous and a member may be
 * larger than memory. It also does not say for sure where the stream ended, and what stands behind it matters here.
 *
 * Guarantee: 32 KiB of window and a piece of 64 KiB, whatever the stream says; `end` is exact.
 * Source: RFC 1951.
 */
import { Fault, isFault } from '../../base/index.ts'
import { buildTable, type HuffmanTable } from './huffman.ts'
import type { PackedInput } from './packed-input.ts'
import type { Unpacker } from './unpacker.ts'

const WINDOW = 32 * 1024
const PIECE = 64 * 1024
const LONGEST_MATCH = 258
const END_OF_BLOCK = 256
/** Bytes that the inner loop may take in ahead of what it uses. */
const MOST_AHEAD = 8

const LENGTH_BASE = Uint16Array.of(
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
) // prettier-ignore
const LENGTH_EXTRA = Uint8Array.of(
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  1,
  1,
  1,
  1,
  2,
  2,
  2,
  2,
  3,
  3,
  3,
  3,
  4,
  4,
  4,
  4,
  5,
  5,
  5,
  5,
  0,
)
const DISTANCE_BASE = Uint16Array.of(
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12_289, 16_385, 24_577,
) // prettier-ignore
const DISTANCE_EXTRA = Uint8Array.of(
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
) // prettier-ignore
const LENGTH_ORDER: readonly number[] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

function broken(what: string): never {
  throw new Fault('deflate-broken', what)
}

function cut(): never {
  throw new Fault('deflate-truncated', 'the compressed data end before the stream does')
}

function fixedLengths(): Uint8Array {
  const lengths = new Uint8Array(288)
  lengths.fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280)
  return lengths
}

const FIXED_LITERALS = buildTable(fixedLengths())
const FIXED_DISTANCES = buildTable(new Uint8Array(32).fill(5))

/** See the module. */
export class Inflater implements Unpacker {
  readonly #input: PackedInput
  readonly #out = new Uint8Array(WINDOW + PIECE + LONGEST_MATCH)
  /** End of what was written; the first {@link WINDOW} bytes are what came before. */
  #at = WINDOW
  /** Bytes that came out so far, as far as a distance can reach. */
  #reach = 0
  #hold = 0
  #bits = 0
  #last = false
  /** What broke the stream, once it is broken. */
  #fault: Fault | undefined
  /** Bytes left in a stored block; -1 in a compressed one, which has tables. */
  #stored = 0
  #literals: HuffmanTable | undefined
  #distances: HuffmanTable = FIXED_DISTANCES

  constructor(input: PackedInput) {
    this.#input = input
  }

  next(): Uint8Array | undefined {
    this.#out.copyWithin(0, this.#at - WINDOW, this.#at)
    this.#at = WINDOW
    if (this.#fault !== undefined) throw this.#fault
    try {
      this.#inflatePiece()
    } catch (thrown) {
      // What came out before the break is given first.
      if (!isFault(thrown) || this.#at === WINDOW) throw thrown
      this.#fault = thrown
    }
    this.#reach = Math.min(WINDOW, this.#reach + this.#at - WINDOW)
    if (this.#at > WINDOW) return this.#out.subarray(WINDOW, this.#at)
    this.#giveBack()
    return undefined
  }

  #inflatePiece(): void {
    while (this.#at < WINDOW + PIECE) {
      if (this.#stored > 0) this.#copyStored()
      else if (this.#literals !== undefined) this.#inflateBlock(this.#literals, this.#distances)
      else if (this.#last) break
      else this.#beginBlock()
    }
  }

  /** Whole bytes that were taken in ahead go back, so that the input stands behind the stream. */
  #giveBack(): void {
    this.#input.at -= this.#bits >> 3
    this.#bits = 0
    this.#hold = 0
    if (this.#input.overrun) cut()
  }

  #need(count: number): number {
    const input = this.#input
    while (this.#bits < count) {
      if (input.at >= input.end) input.fill(8)
      if (input.at >= input.end) cut()
      this.#hold |= (input.bytes[input.at++] as number) << this.#bits
      this.#bits += 8
    }
    const value = this.#hold & ((1 << count) - 1)
    this.#hold >>>= count
    this.#bits -= count
    return value
  }

  #beginBlock(): void {
    this.#last = this.#need(1) === 1
    const kind = this.#need(2)
    if (kind === 0) this.#beginStored()
    else if (kind === 1) {
      this.#literals = FIXED_LITERALS
      this.#distances = FIXED_DISTANCES
    } else if (kind === 2) this.#readTables()
    else broken('a block of the reserved kind')
  }

  #beginStored(): void {
    this.#need(this.#bits & 7)
    const length = this.#need(16)
    if ((this.#need(16) ^ 0xffff) !== length) broken('the length of a stored block contradicts itself')
    this.#stored = length
  }

  #copyStored(): void {
    const room = Math.min(this.#stored, WINDOW + PIECE - this.#at)
    let left = room
    while (left > 0 && this.#bits > 0) {
      this.#out[this.#at++] = this.#need(8)
      left -= 1
    }
    while (left > 0) {
      const piece = this.#input.take(left)
      if (piece.length === 0) cut()
      this.#out.set(piece, this.#at)
      this.#at += piece.length
      left -= piece.length
    }
    this.#stored -= room
  }

  #readTables(): void {
    const literals = this.#need(5) + 257
    const distances = this.#need(5) + 1
    const count = this.#need(4) + 4
    if (literals > 286 || distances > 30) broken('a block has more symbols than there are')
    const order = new Uint8Array(19)
    for (const symbol of LENGTH_ORDER.slice(0, count)) order[symbol] = this.#need(3)
    const lengths = this.#readLengths(buildTable(order), literals + distances)
    if (lengths[END_OF_BLOCK] === 0) broken('a block has no end')
    this.#literals = buildTable(lengths.subarray(0, literals))
    this.#distances = buildTable(lengths.subarray(literals))
  }

  #symbol({ entries, mask }: HuffmanTable): number {
    const input = this.#input
    input.fill(4)
    while (this.#bits < 15) {
      this.#hold |= (input.bytes[input.at++] as number) << this.#bits
      this.#bits += 8
    }
    const entry = entries[this.#hold & mask] as number
    if (entry === 0) broken('bits that are no word of their code')
    this.#hold >>>= entry & 15
    this.#bits -= entry & 15
    if (input.at - (this.#bits >> 3) > input.end) cut()
    return entry >> 4
  }

  #readLengths(table: HuffmanTable, count: number): Uint8Array {
    const lengths = new Uint8Array(count)
    for (let at = 0; at < count;) {
      const symbol = this.#symbol(table)
      if (symbol < 16) {
        lengths[at++] = symbol
        continue
      }
      if (symbol === 16 && at === 0) broken('a length is repeated before there is one')
      const value = symbol === 16 ? (lengths[at - 1] as number) : 0
      const times = symbol === 16 ? 3 + this.#need(2) : symbol === 17 ? 3 + this.#need(3) : 11 + this.#need(7)
      if (at + times > count) broken('lengths are repeated beyond their number')
      lengths.fill(value, at, at + times)
      at += times
    }
    return lengths
  }

  /** Literals, which are most symbols, are handled in variables; what is copied goes by {@link #copyMatch}. */
  #inflateBlock({ entries, mask }: HuffmanTable, distances: HuffmanTable): void {
    const input = this.#input
    const { bytes } = input
    const out = this.#out
    while (this.#at < WINDOW + PIECE) {
      input.fill(MOST_AHEAD)
      let { at: from } = input
      let hold = this.#hold
      let bits = this.#bits
      let symbol = 0
      let at = this.#at
      const stop = Math.max(from + 1, input.end - MOST_AHEAD)
      do {
        while (bits < 15) {
          hold |= (bytes[from++] as number) << bits
          bits += 8
        }
        const entry = entries[hold & mask] as number
        if (entry === 0) {
          this.#at = at
          broken('bits that are no word of their code')
        }
        hold >>>= entry & 15
        bits -= entry & 15
        symbol = entry >> 4
        if (symbol < END_OF_BLOCK) out[at++] = symbol
      } while (symbol < END_OF_BLOCK && from < stop && at < WINDOW + PIECE)
      input.at = from
      this.#at = at
      this.#hold = hold
      this.#bits = bits
      if (from - (bits >> 3) > input.end) cut()
      if (symbol === END_OF_BLOCK) {
        this.#literals = undefined
        return
      }
      if (symbol > END_OF_BLOCK) this.#copyMatch(symbol - END_OF_BLOCK - 1, distances)
    }
  }

  #copyMatch(index: number, distances: HuffmanTable): void {
    if (index > 28) broken('a length symbol that is not defined')
    const length = (LENGTH_BASE[index] as number) + this.#need(LENGTH_EXTRA[index] as number)
    const place = this.#symbol(distances)
    if (place > 29) broken('a distance symbol that is not defined')
    const distance = (DISTANCE_BASE[place] as number) + this.#need(DISTANCE_EXTRA[place] as number)
    const out = this.#out
    let at = this.#at
    if (at - distance < WINDOW - this.#reach) broken('a distance reaches before the beginning')
    this.#at = at + length
    if (distance >= length && length > 32) out.copyWithin(at, at - distance, at - distance + length)
    else for (; at < this.#at; at++) out[at] = out[at - distance] as number
  }
}
