/**
 * LZMA2: chunks of LZMA, or of bytes as they are, each with its sizes.
 *
 * Source: the .xz file format 1.2.1, 5.3.1; `lzma2_decoder.c` of XZ Utils describes the control bytes.
 */
import { Fault } from '../../base/index.ts'
import type { PackedInput, Unpacker } from '../unpacking/index.ts'
import { LzmaDecoder, parseProperties } from './lzma.ts'
import { Window } from './window.ts'

const END = 0
const STORED_RESET = 1
const STORED = 2
const COMPRESSED = 0x80
const LEAST_RESET_ALL = 3
/** Sum of the bits of position and of the byte before that LZMA2 allows. */
const MOST_LITERAL_BITS = 4

/** See the module. */
export class Lzma2Unpacker implements Unpacker {
  readonly #input: PackedInput
  readonly #window: Window
  readonly #decoder: LzmaDecoder
  /** Bytes of the chunk that are still to come out. */
  #left = 0
  #stored = false
  /** Where the compressed bytes of the chunk end. */
  #chunkEnd = 0
  #needsWindow = true
  #needsProperties = true
  #done = false

  constructor(input: PackedInput, windowSize: number) {
    this.#input = input
    this.#window = new Window(windowSize)
    this.#decoder = new LzmaDecoder(input, this.#window)
  }

  next(): Uint8Array | undefined {
    const window = this.#window
    window.makeRoom()
    while (window.pending === 0) {
      if (this.#left === 0 && !this.#beginChunk()) return undefined
      this.#fill(Math.min(this.#left, window.room))
    }
    return window.take()
  }

  #fill(most: number): void {
    if (this.#stored) {
      const piece = this.#input.take(most)
      if (piece.length === 0) throw new Fault('stream-truncated', 'the file ends inside a chunk')
      this.#window.append(piece)
      this.#decoder.pass(piece.length)
      this.#left -= piece.length
      return
    }
    this.#left -= this.#decoder.decode(most)
    if (this.#decoder.ended) throw new Fault('stream-broken', 'a chunk with a mark of the end')
    if (this.#left > 0) return
    const isWhole =
      !this.#decoder.isInsideMatch && this.#decoder.coder.finish() && this.#input.offset === this.#chunkEnd
    if (!isWhole) throw new Fault('stream-broken', 'a chunk that has not the size that it declares')
  }

  #take(length: number): Buffer {
    const bytes = this.#input.exactly(length)
    if (bytes === undefined) throw new Fault('stream-truncated', 'the file ends before the last chunk')
    return bytes
  }

  #beginChunk(): boolean {
    if (this.#done) return false
    const [control = 0] = this.#take(1)
    if (control === END) {
      this.#done = true
      return false
    }
    if (control > STORED && control < COMPRESSED) throw new Fault('stream-broken', `a chunk of kind ${control}`)
    const reset = control >= COMPRESSED ? (control >> 5) & 3 : control === STORED_RESET ? LEAST_RESET_ALL : 0
    if (reset === LEAST_RESET_ALL) {
      this.#decoder.restart()
      this.#needsWindow = false
    } else if (this.#needsWindow) throw new Fault('stream-broken', 'the first chunk goes on from one before it')
    this.#stored = control < COMPRESSED
    if (this.#stored) this.#left = this.#take(2).readUInt16BE(0) + 1
    else this.#beginCompressed(control, reset)
    return true
  }

  #beginCompressed(control: number, reset: number): void {
    const sizes = this.#take(4)
    this.#left = ((control & 0x1f) << 16) + sizes.readUInt16BE(0) + 1
    const packed = sizes.readUInt16BE(2) + 1
    if (reset >= 2) {
      const properties = parseProperties(this.#take(1)[0] as number)
      if (properties.lc + properties.lp > MOST_LITERAL_BITS) throw new Fault('stream-broken', 'properties out of range')
      this.#decoder.reset(properties)
      this.#needsProperties = false
    } else if (this.#needsProperties) throw new Fault('stream-broken', 'a chunk without properties')
    else if (reset === 1) this.#decoder.reset()
    this.#chunkEnd = this.#input.offset + packed
    this.#decoder.coder.begin()
  }
}
