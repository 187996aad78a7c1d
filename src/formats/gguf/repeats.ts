/**
 * How many strings of a list repeat an earlier one?
 *
 * A vocabulary may have a million strings, so they are not kept: each becomes a number of 53 bits, the numbers are
 * sorted and equal neighbours counted. Equal strings have equal numbers, so no repetition is missed; of a million
 * different ones two collide by chance once in eighteen thousand files.
 *
 * Source: FNV-1a (Fowler, Noll, Vo), in two lanes with different primes.
 */
import type { GgufContext } from './context.ts'
import { readLength } from './text.ts'

/** Reads `count` strings at the cursor; `count` must have been checked against the bytes present. */
export function countRepeats(context: GgufContext, count: number): number {
  const numbers = new Float64Array(count)
  for (let i = 0; i < count; i++) numbers[i] = readNumber(context)
  numbers.sort()
  return numbers.reduce((repeats, number, i) => repeats + Number(i > 0 && numbers[i - 1] === number), 0)
}

function readNumber(context: GgufContext): number {
  let low = 0x811c9dc5
  let high = 0x9e3779b9
  for (const bytes of context.cursor.chunks(readLength(context))) {
    for (const byte of bytes) {
      low = Math.imul(low ^ byte, 0x01000193)
      high = Math.imul(high ^ byte, 0x85ebca6b)
      high ^= high >>> 15
    }
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0)
}
