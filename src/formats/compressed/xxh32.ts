/**
 * xxHash with 32 bits, the check sum of LZ4 frames.
 *
 * Source: xxHash fast digest algorithm, version 0.1.1.
 */
const PRIME_1 = 0x9e3779b1
const PRIME_2 = 0x85ebca77
const PRIME_3 = 0xc2b2ae3d
const PRIME_4 = 0x27d4eb2f
const PRIME_5 = 0x165667b1
const STRIPE = 16

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by))
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  )
}

/** Sums up bytes that come in pieces. */
export class Xxh32 {
  readonly #lanes = Int32Array.of(PRIME_1 + PRIME_2, PRIME_2, 0, -PRIME_1)
  readonly #rest = new Uint8Array(STRIPE)
  #kept = 0
  #length = 0

  /** Adds a piece. */
  update(bytes: Uint8Array): this {
    this.#length += bytes.length
    let at = 0
    if (this.#kept > 0) {
      at = Math.min(bytes.length, STRIPE - this.#kept)
      this.#rest.set(bytes.subarray(0, at), this.#kept)
      this.#kept += at
      if (this.#kept < STRIPE) return this
      this.#stripe(this.#rest, 0)
    }
    for (; at + STRIPE <= bytes.length; at += STRIPE) this.#stripe(bytes, at)
    this.#kept = bytes.length - at
    this.#rest.set(bytes.subarray(at))
    return this
  }

  #stripe(bytes: Uint8Array, at: number): void {
    for (let lane = 0; lane < 4; lane++) {
      const sum = (this.#lanes[lane] as number) + Math.imul(word(bytes, at + lane * 4), PRIME_2)
      this.#lanes[lane] = Math.imul(rotate(sum | 0, 13), PRIME_1)
    }
  }

  /** The check sum of all that was added. @example new Xxh32().digest() // 0x02cc5d05 */
  digest(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#lanes
    const lanes = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)
    let hash = ((this.#length >= STRIPE ? lanes : PRIME_5) + this.#length) | 0
    let at = 0
    for (; at + 4 <= this.#kept; at += 4)
      hash = Math.imul(rotate((hash + Math.imul(word(this.#rest, at), PRIME_3)) | 0, 17), PRIME_4)
    for (; at < this.#kept; at++)
      hash = Math.imul(rotate((hash + Math.imul(this.#rest[at] as number, PRIME_5)) | 0, 11), PRIME_1)
    hash = Math.imul(hash ^ (hash >>> 15), PRIME_2)
    hash = Math.imul(hash ^ (hash >>> 13), PRIME_3)
    return (hash ^ (hash >>> 16)) >>> 0
  }
}
