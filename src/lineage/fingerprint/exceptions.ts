/**
 * What canonicalising a bf16 tensor loses, so that its bytes need not be hashed twice.
 *
 * The canonical codes of a bf16 tensor are its own codes but for the few that were flushed to zero or were NaN. Codes
 * and this list of exceptions (place and stored code) determine the stored bytes, so a digest over the digests of both commits to them
 * as well as one over the bytes, and costs half of what hashing bytes and codes costs.
 *
 * Guarantee: one to one: two tensors with the same codes and the same list are the same bytes.
 */
import { createHash, type Hash } from 'node:crypto'

/** Numbers of 16 bits of one exception: 48 bits of its place, lowest first, and its code. */
const ENTRY = 4
const ENTRIES = 4096

/** Codes that are looked at together. */
const STRIDE = 16

/**
 * Sixteen codes as four doubles: unequal doubles have unequal bits, and equal ones have equal bits unless they are
 * zeros, which have to be looked at again.
 */
function mayDiffer(x: Float64Array, y: Float64Array, i: number): boolean {
  const areEqual = x[i] === y[i] && x[i + 1] === y[i + 1] && x[i + 2] === y[i + 2] && x[i + 3] === y[i + 3]
  return !areEqual || y[i] === 0 || y[i + 1] === 0 || y[i + 2] === 0 || y[i + 3] === 0
}

/** Collects exceptions in the order of their places and hashes them. */
export class ExceptionDigest {
  readonly #hash: Hash = createHash('sha256')
  readonly #entries = new Uint16Array(ENTRY * ENTRIES)
  #filled = 0
  /** Number within the tensor of the next code. */
  #place = 0

  #flush(): void {
    this.#hash.update(new Uint8Array(this.#entries.buffer, 0, 2 * this.#filled))
    this.#filled = 0
  }

  #add(place: number, code: number): void {
    if (this.#filled === this.#entries.length) this.#flush()
    const at = this.#filled
    this.#entries[at] = place & 0xffff
    this.#entries[at + 1] = Math.floor(place / 2 ** 16) & 0xffff
    this.#entries[at + 2] = Math.floor(place / 2 ** 32) & 0xffff
    this.#entries[at + 3] = code
    this.#filled = at + ENTRY
  }

  /** Looks at up to sixteen codes from `from` on. */
  #compare(stored: Uint16Array, codes: Uint16Array, from: number): void {
    const to = Math.min(from + STRIDE, codes.length)
    for (let i = from; i < to; i++) if (stored[i] !== codes[i]) this.#add(this.#place + i, stored[i] ?? 0)
  }

  /**
   * Takes the next codes as stored and as canonicalised.
   *
   * @param stored as many as `codes`; both begin at a multiple of eight bytes in their memory
   */
  update(stored: Uint16Array, codes: Uint16Array): void {
    const wide = Math.floor(codes.length / STRIDE)
    const x = new Float64Array(stored.buffer, stored.byteOffset, 4 * wide)
    const y = new Float64Array(codes.buffer, codes.byteOffset, 4 * wide)
    for (let i = 0; i < x.length; i += 4) if (mayDiffer(x, y, i)) this.#compare(stored, codes, 4 * i)
    this.#compare(stored, codes, wide * STRIDE)
    this.#place += codes.length
  }

  /** SHA-256 of the list. */
  digest(): Buffer {
    if (this.#filled > 0) this.#flush()
    return this.#hash.digest()
  }
}
