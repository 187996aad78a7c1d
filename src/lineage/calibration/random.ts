/**
 * Reproducible random numbers for the calibration: every draw follows from a text.
 *
 * A stream is named by what it is for (`zoo 1/base-07/initial weights`), so adding a model changes no other.
 *
 * Guarantee: the same numbers on every machine; no call to the clock or to the system's randomness.
 * Source: sfc32 of PractRand (C. Doty-Humphrey, public domain), seeded by SHA-256.
 */
import { sha256 } from '../../base/index.ts'

/** Uniform numbers in [0, 1), multiples of 2⁻³². */
export type RandomStream = () => number

/** The stream of this name. */
export function randomStream(name: string): RandomStream {
  const seed = sha256(name)
  let [a = 0, b = 0, c = 0, counter = 1] = [0, 8, 16, 24].map((at) => Number.parseInt(seed.slice(at, at + 8), 16) | 0)
  return () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4294967296
  }
}

/** A bell-shaped number of mean 0 and variance 1: the sum of six uniforms, which needs no logarithm. */
export function bell(random: RandomStream): number {
  return (random() + random() + random() + random() + random() + random() - 3) * Math.SQRT2
}

/** A whole number in [0, below). */
export function wholeNumber(random: RandomStream, below: number): number {
  return Math.floor(random() * below)
}

/** A uniform permutation of 0 … size−1 (Fisher-Yates). */
export function shuffled(random: RandomStream, size: number): Uint32Array {
  const order = Uint32Array.from({ length: size }, (_, index) => index)
  for (let i = size - 1; i > 0; i--) {
    const j = wholeNumber(random, i + 1)
    const kept = order[i] ?? 0
    order[i] = order[j] ?? 0
    order[j] = kept
  }
  return order
}
