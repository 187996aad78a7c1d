/**
 * The Mersenne Twister mt19937, as PyTorch's generator for the CPU uses it.
 *
 * Source: M. Matsumoto, T. Nishimura, ACM TOMACS 8 (1998); seeding by the 2002 version of its authors.
 */

const SIZE = 624
const SHIFT = 397

/** A generator of 32-bit numbers. */
export interface Mt19937 {
  next(): number
  /** Passes over numbers. */
  skip(count: number): void
}

function seedState(seed: number): Uint32Array {
  const state = new Uint32Array(SIZE)
  state[0] = seed >>> 0
  for (let i = 1; i < SIZE; i++) {
    const last = state[i - 1] ?? 0
    state[i] = Math.imul(1812433253, last ^ (last >>> 30)) + i
  }
  return state
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < SIZE; i++) {
    const mixed = ((state[i] ?? 0) & 0x80000000) | ((state[(i + 1) % SIZE] ?? 0) & 0x7fffffff)
    state[i] = (state[(i + SHIFT) % SIZE] ?? 0) ^ (mixed >>> 1) ^ ((mixed & 1) === 0 ? 0 : 0x9908b0df)
  }
}

function temper(value: number): number {
  let y = value ^ (value >>> 11)
  y ^= (y << 7) & 0x9d2c5680
  y ^= (y << 15) & 0xefc60000
  return (y ^ (y >>> 18)) >>> 0
}

/** Starts from a 32-bit seed. */
export function createMt19937(seed: number): Mt19937 {
  const state = seedState(seed)
  let at = SIZE
  const refill = (): void => {
    twist(state)
    at = 0
  }
  return {
    next() {
      if (at === SIZE) refill()
      return temper(state[at++] ?? 0)
    },
    skip(count) {
      for (let left = count; left > 0;) {
        if (at === SIZE) refill()
        const step = Math.min(left, SIZE - at)
        at += step
        left -= step
      }
    },
  }
}
