/**
 * Which units, coordinates and tokens are looked at: a public draw that both sides can repeat.
 *
 * Drawn are the numbers whose hash under the seed is smallest. So the draw from a wider layer holds those of the draw
 * from a narrower one that are small enough, and two fingerprints of models of different width still have units in
 * common. The seed is made known beforehand or is the digest of both models' identities, so nobody can choose which
 * of his units are looked at.
 *
 * Guarantee: the same numbers on every machine.
 * Source: bottom-k sampling; hash finaliser of MurmurHash3 (A. Appleby, public domain).
 */
import { sha256 } from '../../base/index.ts'

/** The seed of all fingerprints: nothing up the sleeve. */
export const PUBLIC_SEED = sha256('tidewaiter public seed 1')

function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Seed of one comparison: the digest of both identities in code-point order, so that A and B may change places. */
export function pairSeed(idA: string, idB: string): string {
  return sha256(idA < idB ? `${idA}\n${idB}` : `${idB}\n${idA}`)
}

/** A 32-bit key for one purpose. */
export function seedKey(seed: string, purpose: string): number {
  return Number.parseInt(sha256(`${seed}\n${purpose}`).slice(0, 8), 16)
}

/**
 * Draws numbers below `size`, ascending.
 *
 * @param seed hex digest
 * @param purpose what is drawn, so that units and coordinates are drawn apart
 * @returns all numbers when `count` ≥ `size`
 * @example
 * draw(PUBLIC_SEED, 'units', { size: 3, count: 9 }) // Uint32Array.of(0, 1, 2)
 */
export function draw(
  seed: string,
  purpose: string,
  range: { readonly size: number; readonly count: number },
): Uint32Array {
  const { size, count } = range
  if (count >= size) return Uint32Array.from({ length: size }, (_, i) => i)
  const key = seedKey(seed, purpose)
  const keyed = new Float64Array(size)
  for (let i = 0; i < size; i++) keyed[i] = mix(mix(i + 0x9e3779b9) ^ key) * 2 ** 21 + i
  return Uint32Array.from(keyed.sort().subarray(0, count), (value) => value % 2 ** 21).sort()
}

/** A draw of numbers below `size`, ascending; all of them when `count` ≥ `size`. */
export type Draw = (purpose: string, range: { readonly size: number; readonly count: number }) => Uint32Array

/** The draw of all fingerprints. */
export function publicDraw(purpose: string, range: { readonly size: number; readonly count: number }): Uint32Array {
  return draw(PUBLIC_SEED, purpose, range)
}
