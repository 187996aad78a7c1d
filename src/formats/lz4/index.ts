/**
 * LZ4: frames of blocks, and the frames of the first version.
 *
 * Source: LZ4 frame format description 1.6.4.
 */
import { Fault } from '../../base/index.ts'
import { makeStreamReader, type NoteStream } from '../compressed/stream-reader.ts'
import { Xxh32 } from '../compressed/xxh32.ts'
import type { FormatReader } from '../reader.ts'
import type { PackedInput, Unpacker } from '../unpacking/index.ts'
import { unpackBlock } from './block.ts'

const FRAME = 0x184d2204
const LEGACY = 0x184c2102
const SKIPPABLE = 0x184d2a50
const LEGACY_BLOCK = 8 * 1024 * 1024
const HISTORY = 64 * 1024
const STORED = 0x80000000

/** What the header of a frame says. */
interface Frame {
  readonly legacy: boolean
  readonly linked: boolean
  readonly blockSums: boolean
  readonly contentSum: boolean
  readonly blockSize: number
  readonly contentSize: number | undefined
}

const LEGACY_FRAME: Frame = {
  legacy: true,
  linked: false,
  blockSums: false,
  contentSum: false,
  blockSize: LEGACY_BLOCK,
  contentSize: undefined,
}

class Lz4Unpacker implements Unpacker {
  readonly #input: PackedInput
  readonly #note: NoteStream
  #frame: Frame | undefined
  #frames = 0
  #out = new Uint8Array(0)
  #history = 0
  #sum = new Xxh32()
  #size = 0

  constructor(input: PackedInput, note: NoteStream) {
    this.#input = input
    this.#note = note
  }

  next(): Uint8Array | undefined {
    for (;;) {
      this.#frame ??= this.#begin()
      if (this.#frame === undefined) return undefined
      const piece = this.#nextBlock(this.#frame)
      if (piece !== undefined && piece.length > 0) return piece
    }
  }

  #take(length: number): Buffer {
    const bytes = this.#input.exactly(length)
    if (bytes === undefined) throw new Fault('stream-truncated', 'the file ends inside a frame')
    return bytes
  }

  #peek(): number | undefined {
    const input = this.#input
    input.fill(4)
    if (input.end - input.at < 4) return undefined
    return Buffer.from(input.bytes.buffer, input.at, 4).readUInt32LE(0)
  }

  #begin(): Frame | undefined {
    let magic = this.#peek()
    while (magic !== undefined && (magic & ~15) >>> 0 === SKIPPABLE) {
      this.#take(4)
      for (let left = this.#take(4).readUInt32LE(0); left > 0;) {
        const { length } = this.#input.take(left)
        if (length === 0) throw new Fault('stream-truncated', 'the file ends inside a frame')
        left -= length
      }
      this.#note('stream-comment', 'a frame that readers pass over')
      magic = this.#peek()
    }
    if (magic !== FRAME && magic !== LEGACY) {
      if (this.#frames > 0) return undefined
      throw new Fault('stream-broken', 'no LZ4 header')
    }
    this.#frames += 1
    this.#take(4)
    const frame = magic === LEGACY ? LEGACY_FRAME : this.#readHeader()
    if (this.#out.length < HISTORY + frame.blockSize) this.#out = new Uint8Array(HISTORY + frame.blockSize)
    this.#history = 0
    this.#sum = new Xxh32()
    this.#size = 0
    return frame
  }

  #readHeader(): Frame {
    const fixed = this.#take(2)
    const [flags = 0, size = 0] = fixed
    if (flags >> 6 !== 1) throw new Fault('stream-unsupported', `version ${flags >> 6} of the frame`)
    if ((flags & 1) !== 0) throw new Fault('stream-unsupported', 'it needs a dictionary that is not in it')
    const sizeBits = (size >> 4) & 7
    if (sizeBits < 4) throw new Fault('stream-broken', 'a block size that is not defined')
    const content = (flags & 8) === 0 ? Buffer.alloc(0) : this.#take(8)
    const sum = new Xxh32().update(fixed).update(content).digest()
    if (this.#take(1)[0] !== ((sum >>> 8) & 0xff) || (flags & 2) !== 0 || (size & 0x8f) !== 0)
      this.#note('stream-header', 'the check sum of the header is wrong or reserved bits are set')
    return {
      legacy: false,
      linked: (flags & 0x20) === 0,
      blockSums: (flags & 0x10) !== 0,
      contentSum: (flags & 4) !== 0,
      blockSize: 1 << (8 + 2 * sizeBits),
      contentSize: content.length === 0 ? undefined : Number(content.readBigUInt64LE(0)),
    }
  }

  /** The next block, or undefined at the end of the frame. */
  #nextBlock(frame: Frame): Uint8Array | undefined {
    const isOver = frame.legacy && (this.#input.remaining === 0 || [FRAME, LEGACY].includes(this.#peek() ?? 0))
    const word = isOver ? 0 : this.#take(4).readUInt32LE(0)
    if (word === 0) return this.#end(frame)
    const isStored = !frame.legacy && word >= STORED
    const length = isStored ? word - STORED : word
    if (length > frame.blockSize + (frame.legacy ? frame.blockSize / 128 : 0))
      throw new Fault('stream-broken', `a block of ${length} bytes in a frame with blocks of ${frame.blockSize}`)
    const packed = this.#take(length)
    if (frame.blockSums && this.#take(4).readUInt32LE(0) !== new Xxh32().update(packed).digest())
      this.#note('stream-check', 'the check sum of a block is wrong')
    return this.#unpack(frame, { packed, isStored })
  }

  #unpack(frame: Frame, { packed, isStored }: { readonly packed: Buffer; readonly isStored: boolean }): Uint8Array {
    const out = this.#out
    const room = { out, from: HISTORY, history: frame.linked ? this.#history : 0, most: frame.blockSize }
    if (isStored) out.set(packed, HISTORY)
    const end = isStored ? HISTORY + packed.length : unpackBlock(packed, room)
    const piece = Uint8Array.from(out.subarray(HISTORY, end))
    out.copyWithin(0, end - HISTORY, end)
    this.#history = Math.min(HISTORY, this.#history + piece.length)
    this.#size += piece.length
    if (frame.contentSum) this.#sum.update(piece)
    return piece
  }

  #end({ contentSum, contentSize }: Frame): undefined {
    this.#frame = undefined
    if (contentSum && this.#take(4).readUInt32LE(0) !== this.#sum.digest())
      this.#note('stream-check', 'the check sum of the content is wrong')
    if (contentSize !== undefined && contentSize !== this.#size)
      this.#note('stream-check', `${this.#size} bytes come out; ${contentSize} are declared`)
  }
}

/** See the module. */
export const lz4Reader: FormatReader = makeStreamReader({
  format: 'lz4',
  title: 'LZ4',
  extensions: ['.lz4', '.joblib'],
  sniff: ({ head }) => {
    if (head.length < 7) return null
    const magic = Buffer.from(head.subarray(0, 4)).readUInt32LE(0)
    return magic === FRAME || magic === LEGACY ? 'magic' : null
  },
  open: (input, note) => new Lz4Unpacker(input, note),
})
