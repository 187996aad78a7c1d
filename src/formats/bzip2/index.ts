/**
 * bzip2: streams of blocks that are sorted, with a check sum for each block and for the stream.
 *
 * Source: as in `block.ts`.
 */
import { Fault } from '../../base/index.ts'
import { makeStreamReader, type NoteStream } from '../compressed/stream-reader.ts'
import type { FormatReader } from '../reader.ts'
import type { PackedInput, Unpacker } from '../unpacking/index.ts'
import { Bits } from './bits.ts'
import { readBlock, type Block } from './block.ts'

const LEVEL_BYTES = 100_000
const PIECE = 64 * 1024
const BLOCK_MAGIC = '314159265359'
const END_MAGIC = '177245385090'
/** After so many equal bytes stands a count of further ones. */
const REPEATED = 4

const SUMS = Uint32Array.from({ length: 256 }, (_one, byte) => {
  let sum = byte << 24
  for (let bit = 0; bit < 8; bit++) sum = sum < 0 ? (sum << 1) ^ 0x04c11db7 : sum << 1
  return sum
})

/** Unpacks streams of bzip2. */
export class Bzip2Unpacker implements Unpacker {
  readonly #input: PackedInput
  readonly #note: NoteStream
  readonly #out = new Uint8Array(PIECE + 256)
  #bits: Bits
  #chain = new Uint32Array(0)
  #block: Block | undefined
  /** Bytes of the block that were given, and the entry of the next one. */
  #given = 0
  #entry = 0
  #repeats = 0
  #last = -1
  #sum = 0
  #expected = 0
  #streamSum = 0
  #streams = 0

  constructor(input: PackedInput, note: NoteStream) {
    this.#input = input
    this.#note = note
    this.#bits = new Bits(input)
  }

  next(): Uint8Array | undefined {
    for (;;) {
      if (this.#block === undefined && !this.#begin()) return undefined
      const length = this.#block === undefined ? 0 : this.#give(this.#block)
      if (length > 0) return this.#out.subarray(0, length)
    }
  }

  /** Begins the next block, or the next stream, if there is one. */
  #begin(): boolean {
    if (this.#chain.length === 0 && !this.#beginStream()) return false
    const bits = this.#bits
    const magic = [bits.take(24), bits.take(24)].map((part) => part.toString(16).padStart(6, '0')).join('')
    this.#expected = bits.take32()
    if (magic === BLOCK_MAGIC) {
      this.#block = readBlock(bits, this.#chain)
      this.#given = 0
      this.#entry = (this.#block.chain[this.#block.origin] as number) >>> 8
      this.#repeats = 0
      this.#last = -1
      this.#sum = -1
    } else if (magic === END_MAGIC) this.#endStream()
    else throw new Fault('stream-broken', 'neither a block nor the end of the stream')
    return true
  }

  #beginStream(): boolean {
    const input = this.#input
    input.fill(4)
    const head = Buffer.from(input.bytes.subarray(input.at, Math.min(input.end, input.at + 4))).toString('latin1')
    if (!/^BZh[1-9]$/.test(head)) {
      if (this.#streams > 0) return false
      throw new Fault('stream-broken', 'no bzip2 header')
    }
    input.at += 4
    this.#bits = new Bits(input)
    this.#chain = new Uint32Array(Number(head[3]) * LEVEL_BYTES)
    this.#streamSum = 0
    this.#streams += 1
    return true
  }

  #endStream(): void {
    if (this.#expected !== this.#streamSum >>> 0) this.#note('stream-check', 'the check sum of the stream is wrong')
    this.#bits.align()
    this.#chain = new Uint32Array(0)
  }

  /** Writes bytes of the block until the piece is full or the block ends; gives their number. */
  #give({ chain, length }: Block): number {
    const out = this.#out
    let at = 0
    let sum = this.#sum
    while (at < PIECE && this.#given < length) {
      const entry = chain[this.#entry] as number
      this.#entry = entry >>> 8
      this.#given += 1
      const byte = entry & 0xff
      if (this.#repeats === REPEATED) {
        for (let i = 0; i < byte; i++) {
          out[at++] = this.#last
          sum = (sum << 8) ^ (SUMS[(sum >>> 24) ^ this.#last] as number)
        }
        this.#repeats = 0
        this.#last = -1
        continue
      }
      this.#repeats = byte === this.#last ? this.#repeats + 1 : 1
      this.#last = byte
      out[at++] = byte
      sum = (sum << 8) ^ (SUMS[(sum >>> 24) ^ byte] as number)
    }
    this.#sum = sum
    if (this.#given === length) this.#endBlock()
    return at
  }

  #endBlock(): void {
    const sum = ~this.#sum >>> 0
    if (sum !== this.#expected) this.#note('stream-check', 'the check sum of a block is wrong')
    this.#streamSum = ((this.#streamSum << 1) | (this.#streamSum >>> 31)) ^ sum
    this.#block = undefined
  }
}

/** See the module. */
export const bzip2Reader: FormatReader = makeStreamReader({
  format: 'bzip2',
  title: 'bzip2',
  extensions: ['.bz2', '.tbz2', '.tbz', '.joblib', '.rds', '.rdata', '.rda'],
  sniff: ({ head }) =>
    /^BZh[1-9](1AY&SY|\x17rE8P\x90)/.test(Buffer.from(head.subarray(0, 10)).toString('latin1')) ? 'magic' : null,
  open: (input, note) => new Bzip2Unpacker(input, note),
})
