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

/** Numbers of 16 bits of one exception: 48 bits of its place, lowest first, and its code. */
const ENTRY = 4
/** Codes that are looked at together. */
const STRIDE = 16
/** Strides whose exceptions are written together. */
const BATCH = 1024

/**
 * Lists the strides that may hold an exception, as numbers of their first double.
 *
 * Sixteen codes are compared as four doubles: unequal doubles have unequal bits, and equal ones have equal bits unless
 * they are zeros, which have to be looked at again. The loop does nothing else, so that it runs at the speed of memory.
 */
function findStrides(x: Float64Array, y: Float64Array, strides: Uint32Array): number {
  let found = 0
  for (let i = 0; i < x.length; i += 4) {
    const areEqual = x[i] === y[i] && x[i + 1] === y[i + 1] && x[i + 2] === y[i + 2] && x[i + 3] === y[i + 3]
    if (areEqual && y[i] !== 0 && y[i + 1] !== 0 && y[i + 2] !== 0 && y[i + 3] !== 0) continue
    strides[found] = i
    found += 1
  }
  return found
}

/** A run of codes as stored and as canonicalised, and the number within the tensor of the first. */
interface Codes {
  readonly stored: Uint16Array
  readonly codes: Uint16Array
  readonly place: number
}

/** Writes the exceptions of a stride into `entries` from `filled` on; returns how far it is filled then. */
function writeStride(
  { stored, codes, place }: Codes,
  from: number,
  target: { entries: Uint16Array; filled: number },
): number {
  const { entries } = target
  let { filled } = target
  const to = Math.min(from + STRIDE, codes.length)
  for (let i = from; i < to; i++) {
    const code = stored[i] ?? 0
    if (code === codes[i]) continue
    const at = place + i
    entries[filled] = at & 0xffff
    entries[filled + 1] = Math.floor(at / 2 ** 16) & 0xffff
    entries[filled + 2] = Math.floor(at / 2 ** 32) & 0xffff
    entries[filled + 3] = code
    filled += ENTRY
  }
  return filled
}

/** Collects exceptions in the order of their places and hashes them. */
export class ExceptionDigest {
  readonly #hash: Hash = createHash('sha256')
  readonly #entries = new Uint16Array(BATCH * STRIDE * ENTRY)
  #strides = new Uint32Array(0)
  #place = 0

  #hashStrides(run: Codes, starts: Uint32Array): void {
    const target = { entries: this.#entries, filled: 0 }
    for (const start of starts) target.filled = writeStride(run, 4 * start, target)
    this.#hash.update(new Uint8Array(this.#entries.buffer, 0, 2 * target.filled))
  }

  /**
   * Takes the next codes as stored and as canonicalised.
   *
   * @param stored as many as `codes`; both begin at a multiple of eight bytes in their memory
   */
  update(stored: Uint16Array, codes: Uint16Array): void {
    const wide = 4 * Math.floor(codes.length / STRIDE)
    if (this.#strides.length <= wide / 4) this.#strides = new Uint32Array(wide / 4 + 1)
    const x = new Float64Array(stored.buffer, stored.byteOffset, wide)
    const y = new Float64Array(codes.buffer, codes.byteOffset, wide)
    const found = findStrides(x, y, this.#strides)
    this.#strides[found] = wide
    const run = { stored, codes, place: this.#place }
    for (let at = 0; at <= found; at += BATCH)
      this.#hashStrides(run, this.#strides.subarray(at, Math.min(at + BATCH, found + 1)))
    this.#place += codes.length
  }

  /** SHA-256 of the list. */
  digest(): Buffer {
    return this.#hash.digest()
  }
}
