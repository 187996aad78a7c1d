/**
 * UUIDv7: identifiers that sort by the time they were made.
 *
 * Source: RFC 9562 section 5.7. The 12 bits after the version are random, not a counter.
 */
import type { Clock, Randomness } from './clock.ts'

/** Makes identifiers. */
export type MakeId = () => string

/**
 * An id factory over the given clock and randomness.
 *
 * @example
 * uuidv7({ now: () => 1 }, (length) => new Uint8Array(length))() // '00000000-0001-7000-8000-000000000000'
 */
export function uuidv7(clock: Clock, randomness: Randomness): MakeId {
  return () => {
    const bytes = Buffer.from(randomness(16))
    bytes.writeUIntBE(clock.now(), 0, 6)
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
    const hex = bytes.toString('hex')
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  }
}
