/**
 * Reference of the block-rotated CountSketch; what it computes is told in `../count-sketch.ts`.
 */
import type { CountSketchInput } from '../count-sketch.ts'

/** Elements that share one rotation, and buckets in a segment. */
export const BLOCK = 1024
/** Fixed-point values are clamped to ± this, so that 2,048 of them cannot overflow an i32. */
export const CLAMP = 2 ** 20

/** Murmur3's 32-bit finaliser: every bit of the result depends on every bit of the number. */
export function mix32(value: number): number {
  let mixed = value | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

const GOLDEN = 0x9e3779b9

/** The key of a block, from which its signs, rotation and segment come. */
export function blockKey(seed: number, block: number): number {
  return mix32(mix32(seed) + Math.imul(block + 1, GOLDEN))
}

/** Word `index` of the random words of a block: 0 to 31 are signs, 32 places it. */
export function blockWord(key: number, index: number): number {
  return mix32(key + Math.imul(index + 1, GOLDEN))
}

/** To the nearest integer, ties to even; NaN is 0; clamped. */
export function toFixed(value: number, scale: number): number {
  const scaled = Math.fround(value * scale)
  if (Number.isNaN(scaled)) return 0
  const floor = Math.floor(scaled)
  const rest = scaled - floor
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0)
  return Math.max(-CLAMP, Math.min(CLAMP, up ? floor + 1 : floor))
}

/** See `../count-sketch.ts`. */
export function countSketchReference(values: Float32Array, input: CountSketchInput): void {
  const { buckets, scale, seed, start = 0 } = input
  const segments = buckets.length / BLOCK
  values.forEach((value, i) => {
    const block = Math.floor((start + i) / BLOCK)
    const j = (start + i) % BLOCK
    const key = blockKey(seed, block)
    const place = blockWord(key, 32)
    const segment = Math.floor(((place >>> 10) * segments) / 2 ** 22)
    const signs = blockWord(key, 4 * (j >> 7) + (j & 3))
    const fixed = toFixed(value, Math.fround(scale))
    const bucket = BLOCK * segment + ((j + place) & (BLOCK - 1))
    buckets[bucket] = (buckets[bucket] as number) + (signs << ((j >> 2) & 31) < 0 ? -fixed : fixed)
  })
}
