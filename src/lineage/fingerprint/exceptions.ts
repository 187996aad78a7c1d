/**
 * What canonicalising a bf16 tensor loses, so that its bytes need not be hashed twice.
 *
 * The canonical codes of a bf16 tensor are its own codes but for the few that were flushed to zero or were NaN. Codes
 * and this list of exceptions (place and stored code) determine the stored bytes, so a digest over the digests of both
 * commits to them as well as one over the bytes, and costs half of what hashing bytes and codes costs.
 *
 * Guarantee: one to one: two tensors with the same codes and the same list are the same bytes.
 */
import { createHash, type Hash } from 'node:crypto'
import { findDifferences } from '../../simd/index.ts'

/** Numbers of 16 bits of one exception: 48 bits of its place, lowest first, and its code. */
const ENTRY = 4
/** Exceptions that are hashed together. */
const BATCH = 16_384

/** Collects exceptions in the order of their places and hashes them. */
export class ExceptionDigest {
  readonly #hash: Hash = createHash('sha256')
  readonly #entries = new Uint16Array(BATCH * ENTRY)
  #place = 0

  #hashBatch(stored: Uint16Array, places: Uint32Array): void {
    const entries = this.#entries
    for (const [n, place] of places.entries()) {
      const at = this.#place + place
      entries[ENTRY * n] = at & 0xffff
      entries[ENTRY * n + 1] = Math.floor(at / 2 ** 16) & 0xffff
      entries[ENTRY * n + 2] = Math.floor(at / 2 ** 32) & 0xffff
      entries[ENTRY * n + 3] = stored[place] ?? 0
    }
    this.#hash.update(new Uint8Array(entries.buffer, 0, 2 * ENTRY * places.length))
  }

  /** Takes the next codes as stored and as canonicalised, as many of one as of the other. */
  update(stored: Uint16Array, codes: Uint16Array): void {
    const places = findDifferences(stored, codes)
    for (let from = 0; from < places.length; from += BATCH) this.#hashBatch(stored, places.subarray(from, from + BATCH))
    this.#place += codes.length
  }

  /** SHA-256 of the list. */
  digest(): Buffer {
    return this.#hash.digest()
  }
}
