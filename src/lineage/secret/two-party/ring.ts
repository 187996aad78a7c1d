/**
 * Arithmetic modulo 2^64, in which secrets are shared: each share alone is uniform, their sum is the secret.
 */
import { Fault, type Randomness } from '../../../base/index.ts'

/** Numbers modulo 2^64. */
export type Ring = BigUint64Array

/** Reduces modulo 2^64. @example wrap(-1n) // 18446744073709551615n */
export function wrap(value: bigint): bigint {
  return BigInt.asUintN(64, value)
}

/** Uniform numbers. */
export function randomRing(randomness: Randomness, length: number): Ring {
  const bytes = Uint8Array.from(randomness(8 * length))
  if (bytes.length !== 8 * length) throw new Fault('bad-randomness', `${bytes.length} of ${8 * length} bytes`)
  return new BigUint64Array(bytes.buffer)
}

/** Sums element by element. */
export function add(a: Ring, b: Ring): Ring {
  return a.map((value, i) => wrap(value + (b[i] ?? 0n)))
}

/** Differences element by element. */
export function subtract(a: Ring, b: Ring): Ring {
  return a.map((value, i) => wrap(value - (b[i] ?? 0n)))
}

/** Dot product. */
export function dotRing(a: Ring, b: Ring): bigint {
  let sum = 0n
  for (const [i, value] of a.entries()) sum += value * (b[i] ?? 0n)
  return wrap(sum)
}

/** Signed bytes as numbers modulo 2^64. */
export function toRing(values: Int8Array): Ring {
  return BigUint64Array.from(values, (value) => wrap(BigInt(value)))
}

/** Little-endian bytes of numbers; the platform is little-endian, as everywhere in Tidewaiter. */
export function ringBytes(values: Ring): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** Numbers from bytes. */
export function ringOf(bytes: Uint8Array): Ring {
  return new BigUint64Array(Uint8Array.from(bytes).buffer)
}
