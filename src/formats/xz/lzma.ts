/**
 * LZMA: literals and copies, each bit of which is coded by how likely it is.
 *
 * Guarantee: no more memory than the window; every byte that is copied was there.
 * Source: the LZMA specification of the LZMA SDK, 2015.
 */
import { Fault } from '../../base/index.ts'
import type { PackedInput } from '../unpacking/index.ts'
import { makeModel, RangeCoder } from './range-coder.ts'
import type { Window } from './window.ts'

const STATES = 12
const AFTER_LITERALS = 7
const LEAST_MATCH = 2
const END_DISTANCE = 0xffffffff
const ALIGN_BITS = 4
/** Distance slots from which on only some of the bits have probabilities. */
const FIRST_DIRECT_SLOT = 14

/** Models of the length of a match. */
class Lengths {
  readonly #choice = makeModel(2)
  readonly #low = makeModel(16 * 8)
  readonly #middle = makeModel(16 * 8)
  readonly #high = makeModel(256)

  decode(coder: RangeCoder, position: number): number {
    if (coder.bit(this.#choice, 0) === 0) return coder.tree(this.#low, 3, position * 8)
    if (coder.bit(this.#choice, 1) === 0) return 8 + coder.tree(this.#middle, 3, position * 8)
    return 16 + coder.tree(this.#high, 8)
  }
}

/** All probabilities; made anew when the state is reset. */
class Models {
  readonly isMatch = makeModel(STATES * 16)
  readonly isRepeat = makeModel(STATES)
  readonly isRepeat0 = makeModel(STATES)
  readonly isRepeat1 = makeModel(STATES)
  readonly isRepeat2 = makeModel(STATES)
  readonly isRepeat0Long = makeModel(STATES * 16)
  readonly slots = makeModel(4 * 64)
  readonly special = makeModel(128)
  readonly align = makeModel(1 << ALIGN_BITS)
  readonly lengths = new Lengths()
  readonly repeatLengths = new Lengths()
  readonly literals: Uint16Array

  constructor(literalBits: number) {
    this.literals = makeModel(0x300 << literalBits)
  }
}

/** The properties of a stream: how many bits of position and of the byte before decide over models. */
export interface LzmaProperties {
  readonly lc: number
  readonly lp: number
  readonly pb: number
}

/** The properties as they stand in one byte. @throws Fault `stream-broken` */
export function parseProperties(byte: number): LzmaProperties {
  if (byte >= 225) throw new Fault('stream-broken', `properties of ${byte}`)
  return { lc: byte % 9, lp: Math.floor(byte / 9) % 5, pb: Math.floor(byte / 45) }
}

/** See the module. */
export class LzmaDecoder {
  readonly coder: RangeCoder
  readonly #window: Window
  #properties: LzmaProperties = { lc: 3, lp: 0, pb: 2 }
  #models = new Models(0)
  #state = 0
  #repeats: [number, number, number, number] = [0, 0, 0, 0]
  /** Bytes of a match that are still to be copied, for want of room. */
  #left = 0
  /** Bytes since the window was last forgotten. */
  #position = 0
  /** Set when the end was marked. */
  ended = false

  constructor(input: PackedInput, window: Window) {
    this.coder = new RangeCoder(input)
    this.#window = window
  }

  /** Forgets what was learned, under these properties or the ones before. */
  reset(properties: LzmaProperties = this.#properties): void {
    this.#properties = properties
    this.#models = new Models(properties.lc + properties.lp)
    this.#state = 0
    this.#repeats = [0, 0, 0, 0]
    this.#left = 0
  }

  /** Forgets what came out before, too. */
  restart(): void {
    this.#window.reset()
    this.#position = 0
  }

  /** Counts bytes that came into the window uncompressed. */
  pass(length: number): void {
    this.#position += length
  }

  /** True when a match goes on beyond what was asked for. */
  get isInsideMatch(): boolean {
    return this.#left > 0
  }

  /** Decodes up to `most` bytes into the window; gives their number, less only at the end. @throws Fault */
  decode(most: number): number {
    let made = 0
    while (made < most && !this.ended) {
      if (this.#left > 0) {
        const length = Math.min(this.#left, most - made)
        this.#window.copy(this.#repeats[0] + 1, length)
        this.#left -= length
        this.#position += length
        made += length
      } else if (this.#isLiteral()) {
        this.#literal()
        this.#position += 1
        made += 1
      } else this.#match()
    }
    return made
  }

  get #positionBits(): number {
    return this.#position & ((1 << this.#properties.pb) - 1)
  }

  #isLiteral(): boolean {
    return this.coder.bit(this.#models.isMatch, this.#state * 16 + this.#positionBits) === 0
  }

  #literal(): void {
    const { lc, lp } = this.#properties
    const window = this.#window
    const { literals } = this.#models
    const before = window.isEmpty ? 0 : window.back(1)
    const from = 0x300 * (((this.#position & ((1 << lp) - 1)) << lc) + (before >> (8 - lc)))
    let node = 1
    if (this.#state >= AFTER_LITERALS) {
      let match = window.back(this.#repeats[0] + 1)
      while (node < 0x100) {
        const expected = (match >> 7) & 1
        match <<= 1
        const bit = this.coder.bit(literals, from + ((1 + expected) << 8) + node)
        node = (node << 1) | bit
        if (bit !== expected) break
      }
    }
    while (node < 0x100) node = (node << 1) | this.coder.bit(literals, from + node)
    window.put(node & 0xff)
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6
  }

  #match(): void {
    const { coder } = this
    const { isRepeat, isRepeat0, isRepeat0Long } = this.#models
    const state = this.#state
    if (coder.bit(isRepeat, state) === 0) this.#newMatch()
    else if (coder.bit(isRepeat0, state) === 1) {
      this.#chooseRepeat()
      this.#repeatMatch()
    } else if (coder.bit(isRepeat0Long, state * 16 + this.#positionBits) === 1) this.#repeatMatch()
    else {
      this.#state = state < AFTER_LITERALS ? 9 : 11
      this.#left = 1
    }
    if (!this.ended && !this.#window.has(this.#repeats[0] + 1))
      throw new Fault('stream-broken', 'a distance reaches before the beginning')
  }

  #newMatch(): void {
    const [a, b, c] = this.#repeats
    const length = this.#models.lengths.decode(this.coder, this.#positionBits)
    this.#state = this.#state < AFTER_LITERALS ? 7 : 10
    const distance = this.#distance(length)
    this.ended = distance === END_DISTANCE
    this.#repeats = [distance, a, b, c]
    if (!this.ended) this.#left = length + LEAST_MATCH
  }

  /** Brings the second, third or fourth of the last distances to the front. */
  #chooseRepeat(): void {
    const [a, b, c, d] = this.#repeats
    const { isRepeat1, isRepeat2 } = this.#models
    if (this.coder.bit(isRepeat1, this.#state) === 0) this.#repeats = [b, a, c, d]
    else if (this.coder.bit(isRepeat2, this.#state) === 0) this.#repeats = [c, a, b, d]
    else this.#repeats = [d, a, b, c]
  }

  #repeatMatch(): void {
    this.#left = this.#models.repeatLengths.decode(this.coder, this.#positionBits) + LEAST_MATCH
    this.#state = this.#state < AFTER_LITERALS ? 8 : 11
  }

  #distance(length: number): number {
    const { coder } = this
    const models = this.#models
    const slot = coder.tree(models.slots, 6, Math.min(length, 3) * 64)
    if (slot < 4) return slot
    const bits = (slot >> 1) - 1
    const base = (2 | (slot & 1)) * 2 ** bits
    if (slot < FIRST_DIRECT_SLOT) return base + coder.reverseTree(models.special, bits, base - slot)
    return base + coder.direct(bits - ALIGN_BITS) * (1 << ALIGN_BITS) + coder.reverseTree(models.align, ALIGN_BITS)
  }
}
