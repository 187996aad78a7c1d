/**
 * What canonicalising a bf16 tensor loses, so that its bytes need not be hashed twice.
 *
 * The canonical codes of a bf16 tensor are its own codes but for the few that were flushed to zero or were NaN. Codes
 * and this list of exceptions (place and stored code) determine the stored bytes, so a digest over the digests of both
 * commits to them as well as one over the bytes, and costs half of what hashing bytes and codes costs.
 *
 * Where a quarter of the codes or more are exceptions (subnormals everywhere), all codes of the stretch are listed
 * instead, behind a place that no tensor has: so the list is never longer than the tensor and a few bytes.
 *
 * Guarantee: one to one: two tensors with the same codes and the same list are the same bytes.
 */
import { createHash, type Hash } from 'node:crypto'
import { findDifferences } from '../../simd/index.ts'

/** Numbers of 16 bits of one exception: 48 bits of its place, lowest first, and its code. */
const ENTRY = 4
/** Exceptions that are hashed together. */
const BATCH = 16_384

/** From this share of exceptions a stretch is listed whole. */
const MANY = 1 / ENTRY
/** What stands where the place of an exception would stand. */
const WHOLE_STRETCH = 2 ** 48 - 1

/** Collects exceptions in the order of their places and hashes them. */
export class ExceptionDigest {
  readonly #hash: Hash = createHash('sha256')
  readonly #entries = new Uint16Array(BATCH * ENTRY)
  #place = 0

  #putEntry(n: number, at: number, code: number): void {
    const entries = this.#entries
    entries[ENTRY * n] = at & 0xffff
    entries[ENTRY * n + 1] = Math.floor(at / 2 ** 16) & 0xffff
    entries[ENTRY * n + 2] = Math.floor(at / 2 ** 32) & 0xffff
    entries[ENTRY * n + 3] = code
  }

  #hashEntries(count: number): void {
    this.#hash.update(new Uint8Array(this.#entries.buffer, 0, 2 * ENTRY * count))
  }

  #hashBatch(stored: Uint16Array, places: Uint32Array): void {
    for (const [n, place] of places.entries()) this.#putEntry(n, this.#place + place, stored[place] ?? 0)
    this.#hashEntries(places.length)
  }

  /** The marker, where the stretch begins, how long it is, its codes. */
  #hashWhole(stored: Uint16Array): void {
    this.#putEntry(0, WHOLE_STRETCH, 0)
    this.#putEntry(1, this.#place, 0)
    this.#putEntry(2, stored.length, 0)
    this.#hashEntries(3)
    this.#hash.update(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength))
  }

  /** Takes the next codes as stored and as canonicalised, as many of one as of the other. */
  update(stored: Uint16Array, codes: Uint16Array): void {
    const places = findDifferences(stored, codes)
    if (places.length >= MANY * stored.length && stored.length > 0) this.#hashWhole(stored)
    else
      for (let from = 0; from < places.length; from += BATCH)
        this.#hashBatch(stored, places.subarray(from, from + BATCH))
    this.#place += codes.length
  }

  /** SHA-256 of the list. */
  digest(): Buffer {
    return this.#hash.digest()
  }
}
