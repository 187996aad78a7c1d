/**
 * Zstandard: frames, each unpacked by the runtime, which unpacks whole frames only.
 *
 * The frames are walked here block by block, so that what stands behind the last one is seen.
 *
 * Guarantee: no frame of more than 48 MiB of content is unpacked, which is then inconclusive.
 * Source: RFC 8878.
 */
import { zstdDecompressSync } from 'node:zlib'
import { Fault } from '../../base/index.ts'
import { makeStreamReader, type NoteStream } from '../compressed/stream-reader.ts'
import type { FormatReader } from '../reader.ts'
import type { PackedInput, Unpacker } from '../unpacking/index.ts'

const FRAME = 0xfd2fb528
const SKIPPABLE = 0x184d2a50
const MOST_HELD = 48 * 1024 * 1024
const PIECE = 256 * 1024
const RUN = 1
const RESERVED = 3

/** Unpacks frames of Zstandard. */
export class ZstandardUnpacker implements Unpacker {
  readonly #input: PackedInput
  readonly #note: NoteStream
  #frames = 0
  #content: Uint8Array = new Uint8Array(0)
  #packed: Buffer[] = []
  #held = 0

  constructor(input: PackedInput, note: NoteStream) {
    this.#input = input
    this.#note = note
  }

  next(): Uint8Array | undefined {
    while (this.#content.length === 0) if (!this.#nextFrame()) return undefined
    const piece = this.#content.subarray(0, PIECE)
    this.#content = this.#content.subarray(piece.length)
    return piece
  }

  #take(length: number): Buffer {
    const bytes = this.#input.exactly(length)
    if (bytes === undefined) throw new Fault('stream-truncated', 'the file ends inside a frame')
    return bytes
  }

  /** Takes bytes that belong to the frame. */
  #keep(length: number): Buffer {
    this.#held += length
    if (this.#held > MOST_HELD) throw new Fault('budget-unpacked', `a frame of more than ${MOST_HELD} bytes`)
    const bytes = this.#take(length)
    this.#packed.push(bytes)
    return bytes
  }

  #nextFrame(): boolean {
    const input = this.#input
    input.fill(4)
    const magic = input.end - input.at < 4 ? 0 : Buffer.from(input.bytes.buffer, input.at, 4).readUInt32LE(0)
    if ((magic & ~15) >>> 0 === SKIPPABLE) return this.#skip()
    if (magic !== FRAME) {
      if (this.#frames > 0) return false
      throw new Fault('stream-broken', 'no Zstandard header')
    }
    this.#frames += 1
    this.#packed = []
    this.#held = 0
    this.#walk()
    this.#content = this.#unpack()
    return true
  }

  #skip(): boolean {
    this.#take(4)
    for (let left = this.#take(4).readUInt32LE(0); left > 0;) {
      const { length } = this.#input.take(left)
      if (length === 0) throw new Fault('stream-truncated', 'the file ends inside a frame')
      left -= length
    }
    this.#note('stream-comment', 'a frame that readers pass over')
    return this.#input.remaining > 0 || this.#frames > 0
  }

  #walk(): void {
    this.#keep(4)
    const [descriptor = 0] = this.#keep(1)
    const single = (descriptor & 0x20) !== 0
    if ((descriptor & 0x08) !== 0) this.#note('stream-header', 'the header sets a reserved bit')
    if ((descriptor & 3) !== 0) throw new Fault('stream-unsupported', 'it needs a dictionary that is not in it')
    if (!single) this.#keep(1)
    const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
    this.#keep(sizeBytes)
    for (let last = false; !last;) {
      const header = this.#keep(3).readUIntLE(0, 3)
      last = (header & 1) !== 0
      const kind = (header >> 1) & 3
      if (kind === RESERVED) throw new Fault('stream-broken', 'a block of the reserved kind')
      this.#keep(kind === RUN ? 1 : header >> 3)
    }
    if ((descriptor & 4) !== 0) this.#keep(4)
  }

  #unpack(): Uint8Array {
    try {
      return zstdDecompressSync(Buffer.concat(this.#packed), { maxOutputLength: MOST_HELD })
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException
      if (code === 'ERR_BUFFER_TOO_LARGE') throw this.#tooLarge()
      if (code === 'ZSTD_error_checksum_wrong') this.#note('stream-check', 'the check sum of a frame is wrong')
      throw new Fault('stream-broken', message, { cause })
    }
  }

  #tooLarge(): Fault {
    const isOdd = MOST_HELD > this.#held * 1000
    return new Fault(isOdd ? 'expansion-bomb' : 'budget-unpacked', `more than ${MOST_HELD} bytes come out of a frame`)
  }
}

/** See the module. */
export const zstandardReader: FormatReader = makeStreamReader({
  format: 'zstandard',
  title: 'Zstandard',
  extensions: ['.zst', '.zstd', '.tzst', '.joblib'],
  sniff: ({ head }) =>
    head.length >= 5 && Buffer.from(head.subarray(0, 4)).readUInt32LE(0) === FRAME ? 'magic' : null,
  open: (input, note) => new ZstandardUnpacker(input, note),
})
