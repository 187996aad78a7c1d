/**
 * Compressed bytes for an unpacker: a buffer over a range of a source, filled as it is used up.
 *
 * Guarantee: nothing outside the range is read. Behind the end stand zeros in the buffer, so that a decoder may look a
 * few bytes ahead; whoever uses them is told by {@link PackedInput.overrun}.
 */
import { readContent, type ByteSource } from '../byte-source.ts'

const BUFFER = 64 * 1024
/** Zero bytes behind the end of what was read. */
const MARGIN = 16

/** See the module. The fields are for decoders, which hold them in variables while they work. */
export class PackedInput {
  readonly bytes = new Uint8Array(BUFFER + MARGIN)
  /** Next byte in `bytes`. */
  at = 0
  /** End of what was read, in `bytes`. */
  end = 0
  readonly #source: ByteSource
  readonly #to: number
  #read: number

  constructor(source: ByteSource, from: number, to: number) {
    this.#source = source
    this.#read = from
    this.#to = to
  }

  /** Offset in the source of the next byte. */
  get offset(): number {
    return this.#read - this.end + this.at
  }

  /** Bytes of the range that were not used yet. */
  get remaining(): number {
    return this.#to - this.offset
  }

  /** True when more was used than there is. */
  get overrun(): boolean {
    return this.at > this.end
  }

  /** Makes at least `wanted` bytes (at most {@link MARGIN}) resident, or all that are left. */
  fill(wanted: number): void {
    if (this.end - this.at >= wanted || this.#read >= this.#to || this.overrun) return
    this.bytes.copyWithin(0, this.at, this.end)
    this.end -= this.at
    this.at = 0
    const length = Math.min(BUFFER - this.end, this.#to - this.#read)
    this.bytes.set(readContent(this.#source, this.#read, length), this.end)
    this.#read += length
    this.end += length
    this.bytes.fill(0, this.end, this.end + MARGIN)
  }

  /** The next byte, or undefined at the end. */
  byte(): number | undefined {
    this.fill(1)
    return this.at < this.end ? this.bytes[this.at++] : undefined
  }

  /** Up to `most` bytes that are resident, at least one unless the end is reached; they are used up. */
  take(most: number): Uint8Array {
    this.fill(1)
    const piece = this.bytes.subarray(this.at, Math.min(this.end, this.at + most))
    this.at += piece.length
    return piece
  }

  /** Exactly `length` bytes as a copy, or undefined when there are not so many. */
  exactly(length: number): Buffer | undefined {
    if (this.remaining < length) return undefined
    const bytes = Buffer.allocUnsafe(length)
    for (let filled = 0; filled < length;) {
      const piece = this.take(length - filled)
      bytes.set(piece, filled)
      filled += piece.length
    }
    return bytes
  }
}
