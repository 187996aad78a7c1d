/**
 * xz, and the bare LZMA that came before it.
 *
 * Guarantee: what is between the streams, in the index and in the paddings is checked, so that nothing hides there.
 * Source: the .xz file format 1.2.1; the LZMA specification of the LZMA SDK.
 */
import { crc32 } from 'node:zlib'
import { Fault } from '../../base/index.ts'
import { makeStreamReader, unpacksAtHead, type NoteStream } from '../compressed/stream-reader.ts'
import type { FormatReader } from '../reader.ts'
import type { PackedInput, Unpacker } from '../unpacking/index.ts'
import { readBlockHeader, readVariable } from './block-header.ts'
import { makeCheck, type Check } from './checks.ts'
import { AloneUnpacker, isLikelyHeader } from './alone.ts'
import { Lzma2Unpacker } from './lzma2.ts'

const MAGIC = 'fd377a585a00'
const FOOTER_MAGIC = 'YZ'

/** Unpacks streams of xz. */
export class XzUnpacker implements Unpacker {
  readonly #input: PackedInput
  readonly #note: NoteStream
  #kind = 0
  #streams = 0
  #inStream = false
  #block: Lzma2Unpacker | undefined
  #blockFrom = 0
  #headerLength = 0
  #declared: { readonly packed?: number; readonly size?: number } = {}
  #size = 0
  #check: Check = makeCheck(0)
  /** Sizes of the blocks of the stream, as the index must repeat them. */
  #records: (readonly [unpadded: number, size: number])[] = []

  constructor(input: PackedInput, note: NoteStream) {
    this.#input = input
    this.#note = note
  }

  next(): Uint8Array | undefined {
    for (;;) {
      if (this.#block === undefined && !this.#begin()) return undefined
      const piece = this.#block?.next()
      if (piece !== undefined) {
        this.#check.update(piece)
        this.#size += piece.length
        return piece
      }
      if (this.#block !== undefined) this.#endBlock()
    }
  }

  #take(length: number): Buffer {
    const bytes = this.#input.exactly(length)
    if (bytes === undefined) throw new Fault('stream-truncated', 'the file ends inside a stream')
    return bytes
  }

  /** Begins the next block, or ends the stream; false when no stream follows. */
  #begin(): boolean {
    if (!this.#inStream && !this.#beginStream()) return false
    const [length = 0] = this.#take(1)
    if (length === 0) this.#endStream()
    else this.#beginBlock((length + 1) * 4)
    return true
  }

  #beginStream(): boolean {
    const input = this.#input
    input.fill(12)
    const head = Buffer.from(input.bytes.subarray(input.at, Math.min(input.end, input.at + 6)))
    if (head.toString('hex') !== MAGIC) {
      if (this.#streams > 0) return false
      throw new Fault('stream-broken', 'no xz header')
    }
    const header = this.#take(12)
    if (header[6] !== 0 || (header[7] as number) > 15)
      throw new Fault('stream-unsupported', 'flags that are not defined')
    if (header.readUInt32LE(8) !== crc32(header.subarray(6, 8)))
      this.#note('stream-header', 'the check sum of the stream header is wrong')
    this.#kind = header[7] as number
    this.#streams += 1
    this.#inStream = true
    this.#records = []
    return true
  }

  #beginBlock(length: number): void {
    this.#blockFrom = this.#input.offset - 1
    const header = Buffer.concat([Buffer.of(length / 4 - 1), this.#take(length - 1)])
    const { windowSize, ...declared } = readBlockHeader(header, this.#note)
    this.#headerLength = length
    this.#declared = declared
    this.#check = makeCheck(this.#kind)
    this.#size = 0
    this.#block = new Lzma2Unpacker(this.#input, windowSize)
  }

  #endBlock(): void {
    this.#block = undefined
    const packed = this.#input.offset - this.#blockFrom - this.#headerLength
    const { packed: packedSaid = packed, size = this.#size } = this.#declared
    if (packedSaid !== packed || size !== this.#size)
      this.#note('stream-check', 'a block has not the sizes that it declares')
    this.#takeZeros((4 - (packed % 4)) % 4)
    const stored = this.#take(this.#check.length)
    const sum = this.#check.digest()
    if (sum !== undefined && !sum.equals(stored)) this.#note('stream-check', 'the check sum of a block is wrong')
    this.#records.push([this.#headerLength + packed + this.#check.length, this.#size])
  }

  #takeZeros(length: number): void {
    if (this.#take(length).some((byte) => byte !== 0)) throw new Fault('stream-broken', 'padding that is not zero')
  }

  #endStream(): void {
    const from = this.#input.offset - 1
    let sum = crc32(Buffer.of(0))
    const next = (): number => {
      const byte = this.#take(1)
      sum = crc32(byte, sum)
      return byte[0] as number
    }
    const count = readVariable(next)
    const said = this.#records.map(() => [readVariable(next), readVariable(next)] as const)
    if (
      count !== said.length ||
      said.some(([unpadded, size], i) => unpadded !== this.#records[i]?.[0] || size !== this.#records[i][1])
    )
      throw new Fault('stream-broken', 'the index contradicts the blocks')
    while ((this.#input.offset - from) % 4 !== 0)
      if (next() !== 0) throw new Fault('stream-broken', 'padding that is not zero')
    if (this.#take(4).readUInt32LE(0) !== sum) this.#note('stream-check', 'the check sum of the index is wrong')
    this.#checkFooter(this.#input.offset - from)
    this.#inStream = false
    this.#passPadding()
  }

  #checkFooter(indexLength: number): void {
    const footer = this.#take(12)
    const isRight =
      footer.readUInt32LE(0) === crc32(footer.subarray(4, 10)) &&
      (footer.readUInt32LE(4) + 1) * 4 === indexLength &&
      footer[8] === 0 &&
      footer[9] === this.#kind &&
      footer.subarray(10).toString('latin1') === FOOTER_MAGIC
    if (!isRight) throw new Fault('stream-broken', 'the footer contradicts the stream')
  }

  /** Zeros in fours may follow a stream. */
  #passPadding(): void {
    const input = this.#input
    for (;;) {
      input.fill(4)
      if (input.end - input.at < 4 || input.bytes.subarray(input.at, input.at + 4).some((byte) => byte !== 0)) return
      input.at += 4
    }
  }
}

/** Reads xz. */
export const xzReader: FormatReader = makeStreamReader({
  format: 'xz',
  title: 'xz',
  extensions: ['.xz', '.txz', '.joblib', '.rds', '.rdata', '.rda'],
  sniff: ({ head }) => (Buffer.from(head.subarray(0, 6)).toString('hex') === MAGIC ? 'magic' : null),
  open: (input, note) => new XzUnpacker(input, note),
})

/** Reads LZMA without a container. Its signature is nothing but likely values, so the head must unpack too. */
export const lzmaReader: FormatReader = makeStreamReader({
  format: 'lzma',
  title: 'LZMA (alone)',
  extensions: ['.lzma', '.joblib'],
  sniff: (glimpse) => {
    const { head, path } = glimpse
    if (isLikelyHeader(head) && unpacksAtHead(glimpse, (input) => new AloneUnpacker(input))) return 'structure'
    return path.toLowerCase().endsWith('.lzma') ? 'name' : null
  },
  open: (input) => new AloneUnpacker(input),
})
