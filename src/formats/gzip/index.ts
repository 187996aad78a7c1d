/**
 * gzip: one or more members, each a header, deflate, a check sum and a size.
 *
 * Source: RFC 1952; the BGZF field of SAM 4.1.
 */
import { crc32 } from 'node:zlib'
import { Fault } from '../../base/index.ts'
import { describeName, makeStreamReader, type NoteStream } from '../compressed/stream-reader.ts'
import { escapeOf } from '../member-names.ts'
import type { FormatReader } from '../reader.ts'
import { Inflater, type PackedInput, type Unpacker } from '../unpacking/index.ts'

const MAGIC = 0x8b1f
const DEFLATE = 8
const HEADER_SUM = 0x02
const EXTRA = 0x04
const NAME = 0x08
const COMMENT = 0x10
const RESERVED = 0xe0
const LONGEST_TEXT = 64 * 1024
/** Marks the members of a file that is cut into blocks so that it can be read at any place. */
const BLOCKED = 'BC'

class GzipUnpacker implements Unpacker {
  readonly #input: PackedInput
  readonly #note: NoteStream
  #inflater: Inflater | undefined
  #sum = 0
  #size = 0
  #members = 0

  constructor(input: PackedInput, note: NoteStream) {
    this.#input = input
    this.#note = note
  }

  next(): Uint8Array | undefined {
    for (;;) {
      if (this.#inflater === undefined && !this.#begin()) return undefined
      const piece = this.#inflater?.next()
      if (piece !== undefined) {
        this.#sum = crc32(piece, this.#sum)
        this.#size = (this.#size + piece.length) >>> 0
        return piece
      }
      this.#finish()
    }
  }

  #isMember(): boolean {
    const input = this.#input
    input.fill(3)
    const [first, second, third] = input.bytes.subarray(input.at, Math.min(input.end, input.at + 3))
    return first === (MAGIC & 0xff) && second === MAGIC >> 8 && third === DEFLATE
  }

  #begin(): boolean {
    if (!this.#isMember()) {
      if (this.#members > 0) return false
      throw new Fault('stream-broken', 'no gzip header')
    }
    const header = this.#take(10)
    const sum = this.#readFields(header[3] as number, crc32(header))
    if ((header[3] as number) & HEADER_SUM && this.#take(2).readUInt16LE(0) !== (sum & 0xffff))
      this.#note('stream-header', 'the check sum of the header is wrong')
    if ((header[3] as number) & RESERVED) this.#note('stream-header', 'the header sets reserved flags')
    this.#inflater = new Inflater(this.#input)
    this.#sum = 0
    this.#size = 0
    this.#members += 1
    return true
  }

  #readFields(flags: number, before: number): number {
    let sum = before
    let blocked = false
    if (flags & EXTRA) {
      const length = this.#take(2)
      const extra = this.#take(length.readUInt16LE(0))
      sum = crc32(extra, crc32(length, sum))
      blocked = extra.subarray(0, 2).toString('latin1') === BLOCKED
      if (!blocked) this.#note('stream-comment', `the header has ${extra.length} bytes of extra fields`)
    }
    if (this.#members === 1 && !blocked) this.#note('stream-several', 'a second member follows the first')
    const name = flags & NAME ? this.#takeText() : undefined
    if (name !== undefined) sum = crc32(Buffer.from(`${name}\0`, 'latin1'), sum)
    if (name !== undefined && escapeOf(name) !== undefined) this.#note('stream-comment', describeName(name))
    const comment = flags & COMMENT ? this.#takeText() : undefined
    if (comment === undefined) return sum
    this.#note('stream-comment', `a comment of ${comment.length} bytes`)
    return crc32(Buffer.from(`${comment}\0`, 'latin1'), sum)
  }

  #finish(): void {
    this.#inflater = undefined
    const trailer = this.#take(8)
    const sum = trailer.readUInt32LE(0)
    if (sum !== this.#sum)
      this.#note('stream-check', `the check sum is ${this.#sum.toString(16)}; ${sum.toString(16)} is stored`)
    if (trailer.readUInt32LE(4) !== this.#size)
      this.#note('stream-check', `${this.#size} bytes come out; ${trailer.readUInt32LE(4)} are declared`)
  }

  #take(length: number): Buffer {
    return this.#input.exactly(length) ?? this.#cut()
  }

  #takeText(): string {
    const bytes: number[] = []
    for (let byte = this.#input.byte(); byte !== 0; byte = this.#input.byte()) {
      if (byte === undefined) this.#cut()
      if (bytes.length >= LONGEST_TEXT) throw new Fault('stream-broken', 'a text in the header does not end')
      bytes.push(byte)
    }
    return Buffer.from(bytes).toString('latin1')
  }

  #cut(): never {
    throw new Fault('stream-truncated', 'the file ends inside a header or trailer')
  }
}

/** See the module. */
export const gzipReader: FormatReader = makeStreamReader({
  format: 'gzip',
  title: 'gzip',
  extensions: ['.gz', '.tgz', '.rds', '.rdata', '.rda', '.joblib', '.nemo'],
  sniff: ({ head }) => (head[0] === (MAGIC & 0xff) && head[1] === MAGIC >> 8 && head[2] === DEFLATE ? 'magic' : null),
  open: (input, note) => new GzipUnpacker(input, note),
})
