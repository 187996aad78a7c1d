/**
 * The clock and the source of randomness, as arguments.
 *
 * Pure code never asks the machine for the time or for random bytes; whoever wires the program hands both in,
 * so that a test can hold them still and a verdict never depends on when it was reached.
 */
import { randomBytes } from 'node:crypto'

/** Tells the time, in milliseconds since 1970-01-01T00:00:00Z. */
export interface Clock {
  now(): number
}

/** Gives random bytes. */
export type Randomness = (length: number) => Uint8Array

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Date.now() }

/** The randomness of the machine (a CSPRNG). */
export const systemRandomness: Randomness = (length) => randomBytes(length)

/** A clock that stands at `start` and is moved by `advance`. For tests and for replays. */
export function fixedClock(start: string | number): Clock & { advance(ms: number): void } {
  let now = typeof start === 'number' ? start : Date.parse(start)
  return {
    now: () => now,
    advance: (ms) => {
      now += ms
    },
  }
}

/** A time as RFC 3339 in UTC, to the second: `2026-11-23T19:29:24Z`. */
export function formatTime(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z')
}
