/**
 * Bits of a bzip2 stream, the highest of each byte first.
 */
import { Fault } from '../../base/index.ts'
import type { PackedInput } from '../unpacking/index.ts'

/** See the module. */
export class Bits {
  readonly #input: PackedInput
  #hold = 0
  #count = 0

  constructor(input: PackedInput) {
    this.#input = input
  }

  /** Makes at least `count` bits (at most 24) resident; behind the end they are zeros. */
  #load(count: number): void {
    const input = this.#input
    while (this.#count < count) {
      if (input.at >= input.end) input.fill(8)
      const byte = input.at < input.end + 4 ? (input.bytes[input.at++] as number) : 0
      this.#hold = ((this.#hold << 8) | byte) >>> 0
      this.#count += 8
    }
  }

  /** The next bits without using them up; `count` at most 24. */
  peek(count: number): number {
    this.#load(count)
    return (this.#hold >>> (this.#count - count)) & ((1 << count) - 1)
  }

  /** Uses up bits that were looked at. @throws Fault `stream-truncated` when they lie behind the end */
  skip(count: number): void {
    this.#count -= count
    if (this.#input.at - (this.#count >> 3) > this.#input.end)
      throw new Fault('stream-truncated', 'the file ends inside a block')
  }

  /** The next bits; `count` at most 24. @throws Fault `stream-truncated` */
  take(count: number): number {
    const value = this.peek(count)
    this.skip(count)
    return value
  }

  /** The next 32 bits. @throws Fault `stream-truncated` */
  take32(): number {
    return this.take(16) * 65_536 + this.take(16)
  }

  /** Passes over the rest of the byte and gives back what was taken in ahead. */
  align(): void {
    this.#input.at -= this.#count >> 3
    this.#count = 0
    this.#hold = 0
  }
}
