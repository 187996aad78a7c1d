/**
 * Adler-32, the check sum of zlib streams.
 *
 * Source: RFC 1950, 8.2.
 */
const BASE = 65_521
/** Bytes that can be summed up before a sum must be reduced to stay exact. */
const RUN = 3800

/** The check sum of `bytes` after those that gave `before`. @example adler32(Buffer.from('abc')) // 38600999 */
export function adler32(bytes: Uint8Array, before = 1): number {
  let low = before & 0xffff
  let high = before >>> 16
  for (let from = 0; from < bytes.length; from += RUN) {
    const to = Math.min(bytes.length, from + RUN)
    for (let at = from; at < to; at++) {
      low += bytes[at] as number
      high += low
    }
    low %= BASE
    high %= BASE
  }
  return ((high << 16) | low) >>> 0
}
