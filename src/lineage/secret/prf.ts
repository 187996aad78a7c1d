/**
 * Keyed draws: whoever holds the key draws the same numbers, to everybody else they are uniform.
 *
 * A label and a key of 32 bytes give a key of their own by HMAC-SHA-256, and that a stream by AES-256 in counter mode.
 * Numbers below a bound are taken from 32-bit words by rejection, so that no value is more likely than another.
 *
 * Guarantee: the same key and label give the same stream on every machine; streams of different labels are independent
 * to whoever cannot tell HMAC-SHA-256 and AES-256 from random functions.
 * Source: FIPS 198-1; NIST SP 800-38A; R. Durstenfeld, Comm. ACM 7 (1964) for permutations.
 */
import { createCipheriv, createHmac } from 'node:crypto'
import { Fault } from '../../base/index.ts'
import type { Draw } from '../weights/sampling.ts'

/** A secret of 32 bytes. */
export type SecretKey = Uint8Array

/** Bytes of a secret. */
export const KEY_BYTES = 32

/** HMAC-SHA-256 of a text or of bytes. */
export function hmac(key: SecretKey, message: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(message).digest()
}

/** What may be published of a key: names it and tells nothing of it. Hex. */
export function keyCommitment(key: SecretKey): string {
  return hmac(key, 'tidewaiter key commitment').toString('hex')
}

/** Reads a key from 64 hex digits, with or without a line end. @throws Fault `bad-key` */
export function parseKey(text: string): SecretKey {
  const digits = text.trim()
  if (!/^[0-9a-f]{64}$/.test(digits)) throw new Fault('bad-key', 'a key is 64 lower-case hex digits')
  return Buffer.from(digits, 'hex')
}

const ZEROS = new Uint8Array(16 * 1024)
const FIRST_CHUNK = 512
const NO_VECTOR = new Uint8Array(16)
const WORDS = 2 ** 32

/** See the module. */
export class PrfStream {
  readonly #cipher: ReturnType<typeof createCipheriv>
  #chunk: Uint8Array = new Uint8Array(0)
  #at = 0

  /** @throws Fault `bad-key` when the key has not 32 bytes */
  constructor(key: SecretKey, label: string) {
    if (key.length !== KEY_BYTES) throw new Fault('bad-key', `${key.length} bytes; a key has ${KEY_BYTES}`)
    this.#cipher = createCipheriv('aes-256-ctr', hmac(key, label), NO_VECTOR)
  }

  #refill(): void {
    const size = this.#chunk.length === 0 ? FIRST_CHUNK : ZEROS.length
    this.#chunk = this.#cipher.update(ZEROS.subarray(0, size))
    this.#at = 0
  }

  /** The next byte. */
  byte(): number {
    if (this.#at === this.#chunk.length) this.#refill()
    return this.#chunk[this.#at++] ?? 0
  }

  /** The next 32 bits as an unsigned number. */
  word(): number {
    return (this.byte() | (this.byte() << 8) | (this.byte() << 16) | (this.byte() << 24)) >>> 0
  }

  /** A uniform number from 0 to `bound` − 1, 1 ≤ bound ≤ 2^32. */
  below(bound: number): number {
    const limit = WORDS - (WORDS % bound)
    for (;;) {
      const word = this.word()
      if (word < limit) return word % bound
    }
  }
}

/**
 * A uniform permutation of 0 … size − 1.
 *
 * @example
 * keyedPermutation(new Uint8Array(32), 'any', 1) // Uint32Array.of(0)
 */
export function keyedPermutation(key: SecretKey, label: string, size: number): Uint32Array {
  const stream = new PrfStream(key, label)
  const order = Uint32Array.from({ length: size }, (_, index) => index)
  for (let i = size - 1; i > 0; i--) {
    const j = stream.below(i + 1)
    const kept = order[i] ?? 0
    order[i] = order[j] ?? 0
    order[j] = kept
  }
  return order
}

/** A draw under a key: each set of `count` numbers is as likely as any other. */
export function keyedDraw(key: SecretKey): Draw {
  return (purpose, { size, count }) =>
    keyedPermutation(key, `draw ${purpose} ${size}`, size).subarray(0, Math.min(size, count)).sort()
}
