/**
 * The range coder of LZMA: bits whose probability is learned as they come.
 *
 * Source: the LZMA specification of the LZMA SDK, 2015.
 */
import { Fault } from '../../base/index.ts'
import type { PackedInput } from '../unpacking/index.ts'

const TOP = 0x1000000
const MODEL_BITS = 11
const MODEL_HALF = 1 << (MODEL_BITS - 1)
const MOVE = 5

/** Probabilities, all even. */
export function makeModel(length: number): Uint16Array {
  return new Uint16Array(length).fill(MODEL_HALF)
}

/** Decodes bits from compressed bytes. */
export class RangeCoder {
  readonly #input: PackedInput
  #range = 0xffffffff
  #code = 0

  constructor(input: PackedInput) {
    this.#input = input
  }

  /** Begins anew with the next five bytes. @throws Fault `stream-broken`, `stream-truncated` */
  begin(): void {
    const bytes = this.#input.exactly(5)
    if (bytes === undefined) throw new Fault('stream-truncated', 'the file ends inside a chunk')
    if (bytes[0] !== 0) throw new Fault('stream-broken', 'a chunk that does not begin as one')
    this.#range = 0xffffffff
    this.#code = bytes.readUInt32BE(1)
  }

  /** Takes in the byte that the last bit may have left over; true when nothing else is, as at the end of a chunk. */
  finish(): boolean {
    this.#normalise()
    return this.#code === 0
  }

  #normalise(): void {
    if (this.#range >= TOP) return
    const input = this.#input
    if (input.at >= input.end) {
      input.fill(1)
      if (input.at >= input.end) throw new Fault('stream-truncated', 'the file ends inside a chunk')
    }
    this.#range = (this.#range << 8) >>> 0
    this.#code = ((this.#code << 8) | (input.bytes[input.at++] as number)) >>> 0
  }

  /** One bit of the model's probability `index`. */
  bit(model: Uint16Array, index: number): number {
    this.#normalise()
    const probability = model[index] as number
    const bound = (this.#range >>> MODEL_BITS) * probability
    if (this.#code < bound) {
      this.#range = bound
      model[index] = probability + (((1 << MODEL_BITS) - probability) >> MOVE)
      return 0
    }
    this.#range -= bound
    this.#code -= bound
    model[index] = probability - (probability >> MOVE)
    return 1
  }

  /** Bits of even probability. */
  direct(count: number): number {
    let value = 0
    for (let i = 0; i < count; i++) {
      this.#normalise()
      this.#range >>>= 1
      const bit = this.#code >= this.#range ? 1 : 0
      if (bit === 1) this.#code -= this.#range
      value = value * 2 + bit
    }
    return value
  }

  /** A tree of bits, the highest first. */
  tree(model: Uint16Array, bits: number, from = 0): number {
    let node = 1
    for (let i = 0; i < bits; i++) node = (node << 1) | this.bit(model, from + node)
    return node - (1 << bits)
  }

  /** A tree of bits, the lowest first; the model may lie one place before `from`. */
  reverseTree(model: Uint16Array, bits: number, from = 0): number {
    let node = 1
    let value = 0
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(model, from + node)
      node = (node << 1) | bit
      value |= bit << i
    }
    return value
  }
}
