/**
 * The block-rotated CountSketch; what it computes as in `reference/count-sketch.ts`.
 *
 * `sums` are 32-bit buckets, 1,028 a segment: the last four take what a rotation carries over the end and are added
 * to the first four by the wrapper, so that four buckets can always be touched at once. The wrapper empties them
 * before an i32 can overflow.
 */

import {
  CLAMP,
  FIRST_NAN_16,
  FIRST_NAN_32,
  lanes,
  MAGNITUDE_16,
  MAGNITUDE_32,
  MINUS_CLAMP,
  ROUNDING,
  SIGN_32,
} from './constants.as'

const GOLDEN: u32 = 0x9e3779b9

function mix32(value: u32): u32 {
  let mixed = (value ^ (value >> 16)) * 0x85ebca6b
  mixed = (mixed ^ (mixed >> 13)) * 0xc2b2ae35
  return mixed ^ (mixed >> 16)
}

/** Words `index` … `index + 3` of a block. */
function fourWords(key: u32, index: u32): v128 {
  const first = i32x4.splat(key + (index + 1) * GOLDEN)
  let mixed = i32x4.add(first, i32x4(0, GOLDEN, 2 * GOLDEN, 3 * GOLDEN))
  mixed = i32x4.mul(v128.xor(mixed, i32x4.shr_u(mixed, 16)), i32x4.splat(0x85ebca6b))
  mixed = i32x4.mul(v128.xor(mixed, i32x4.shr_u(mixed, 13)), i32x4.splat(0xc2b2ae35))
  return v128.xor(mixed, i32x4.shr_u(mixed, 16))
}

/** Address of the bucket of element 0 of a block. */
function bucketOf(key: u32, segments: u32, sums: usize): usize {
  const place = mix32(key + 33 * GOLDEN)
  return sums + 4112 * (((place >> 10) * segments) >> 22) + 4 * (place & 1023)
}

/**
 * Adds four values that are not NaN and not so small that they could make a subnormal.
 *
 * Adding 1.5 · 2^23 to a number below 2^22 rounds it to an integer in its low bits, ties to even.
 */
function addFour(bucket: usize, values: v128, scale: v128, high: v128, low: v128, rounding: v128): void {
  const clamped = f32x4.pmax(low, f32x4.pmin(high, f32x4.mul(values, scale)))
  const fixed = i32x4.sub(f32x4.add(clamped, rounding), rounding)
  v128.store(bucket, i32x4.add(v128.load(bucket), fixed))
}

/**
 * Adds blocks of 1,024 f32.
 *
 * @param first number of the first block
 * @param seed already mixed
 * @param smallest bits of a magnitude below which value × scale rounds to zero
 */
export function sketchF32(
  src: usize,
  blocks: u32,
  first: u32,
  seed: u32,
  segments: u32,
  sums: usize,
  scale: f32,
  smallest: i32,
): void {
  const scales = f32x4.splat(scale)
  const least = i32x4.splat(smallest - 1)
  const magnitudes = lanes(MAGNITUDE_32)
  const nan = lanes(FIRST_NAN_32)
  const sign = lanes(SIGN_32)
  const high = lanes(CLAMP)
  const low = lanes(MINUS_CLAMP)
  const rounding = lanes(ROUNDING)
  for (let block = first; block < first + blocks; block++) {
    const key = mix32(seed + (block + 1) * GOLDEN)
    const origin = bucketOf(key, segments, sums)
    const segment = origin - ((origin - sums) % 4112)
    let offset = origin - segment
    for (let group: u32 = 0; group < 32; group += 4) {
      let words = fourWords(key, group)
      for (const end = src + 512; src < end; src += 16) {
        const values = v128.load(src)
        const magnitude = v128.and(values, magnitudes)
        const kept = v128.and(i32x4.gt_s(magnitude, least), i32x4.gt_s(nan, magnitude))
        const signed = v128.xor(v128.and(values, kept), v128.and(words, sign))
        addFour(segment + offset, signed, scales, high, low, rounding)
        words = i32x4.shl(words, 1)
        offset = (offset + 16) & 4095
      }
    }
  }
}

/** Adds blocks of 1,024 bf16 codes; see `sketchF32`. */
export function sketchBf16(
  src: usize,
  blocks: u32,
  first: u32,
  seed: u32,
  segments: u32,
  sums: usize,
  scale: f32,
  smallest: i32,
): void {
  const scales = f32x4.splat(scale)
  const least = i16x8.splat(<i16>((smallest >> 16) - 1))
  const magnitudes = lanes(MAGNITUDE_16)
  const nan = lanes(FIRST_NAN_16)
  const sign = lanes(SIGN_32)
  const high = lanes(CLAMP)
  const low = lanes(MINUS_CLAMP)
  const rounding = lanes(ROUNDING)
  const zero = i32x4.splat(0)
  for (let block = first; block < first + blocks; block++) {
    const key = mix32(seed + (block + 1) * GOLDEN)
    const origin = bucketOf(key, segments, sums)
    const segment = origin - ((origin - sums) % 4112)
    let offset = origin - segment
    for (let group: u32 = 0; group < 32; group += 4) {
      let words = fourWords(key, group)
      for (const end = src + 256; src < end; src += 16) {
        const codes = v128.load(src)
        const magnitude = v128.and(codes, magnitudes)
        const kept = v128.and(i16x8.gt_s(magnitude, least), i16x8.gt_s(nan, magnitude))
        const values = v128.and(codes, kept)
        const even = v128.xor(i16x8.shuffle(zero, values, 0, 8, 1, 9, 2, 10, 3, 11), v128.and(words, sign))
        addFour(segment + offset, even, scales, high, low, rounding)
        offset = (offset + 16) & 4095
        words = i32x4.shl(words, 1)
        const odd = v128.xor(i16x8.shuffle(zero, values, 4, 12, 5, 13, 6, 14, 7, 15), v128.and(words, sign))
        addFour(segment + offset, odd, scales, high, low, rounding)
        offset = (offset + 16) & 4095
        words = i32x4.shl(words, 1)
      }
    }
  }
}
