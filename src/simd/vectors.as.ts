/**
 * Sums of products over f32; the order of the sums as in `reference/vectors.ts`.
 */

import { BELOW_PRODUCT, lanes, MAGNITUDE_32, SUBNORMAL_32 } from './constants.as'

/** Zeroes the lanes that are subnormal, whose arithmetic is slow. */
export function flushSubnormal(values: v128): v128 {
  const magnitude = v128.and(values, lanes(MAGNITUDE_32))
  return v128.and(values, i32x4.gt_s(magnitude, lanes(SUBNORMAL_32)))
}

/** The two upper lanes of four. */
export function upper(values: v128): v128 {
  return i64x2.shuffle(values, values, 1, 1)
}

/** The last one to three of `count` elements, the rest zero. */
export function loadTail(at: usize, count: usize): v128 {
  if (count === 1) return v128.load32_zero(at)
  const two = v128.load64_zero(at)
  return count === 2 ? two : v128.load32_lane(at, two, 2, 8)
}

function multiplyLow(a: v128, b: v128): v128 {
  return f64x2.mul(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b))
}

/** The inner product of two rows of `count` f32 in f64. */
export function dotF64(a: usize, b: usize, count: usize): f64 {
  let s0 = f64x2.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  let i: usize = 0
  for (const wide = count & ~7; i < wide; i += 8, a += 32, b += 32) {
    const a0 = flushSubnormal(v128.load(a))
    const b0 = flushSubnormal(v128.load(b))
    const a1 = flushSubnormal(v128.load(a, 16))
    const b1 = flushSubnormal(v128.load(b, 16))
    s0 = f64x2.add(s0, multiplyLow(a0, b0))
    s1 = f64x2.add(s1, multiplyLow(upper(a0), upper(b0)))
    s2 = f64x2.add(s2, multiplyLow(a1, b1))
    s3 = f64x2.add(s3, multiplyLow(upper(a1), upper(b1)))
  }
  if (count - i >= 4) {
    const a0 = flushSubnormal(v128.load(a))
    const b0 = flushSubnormal(v128.load(b))
    s0 = f64x2.add(s0, multiplyLow(a0, b0))
    s1 = f64x2.add(s1, multiplyLow(upper(a0), upper(b0)))
  }
  const rest = count & 3
  if (rest > 0) {
    const at: usize = (count & 4) * 4
    const a0 = flushSubnormal(loadTail(a + at, rest))
    const b0 = flushSubnormal(loadTail(b + at, rest))
    if (at === 0) {
      s0 = f64x2.add(s0, multiplyLow(a0, b0))
      s1 = f64x2.add(s1, multiplyLow(upper(a0), upper(b0)))
    } else {
      s2 = f64x2.add(s2, multiplyLow(a0, b0))
      s3 = f64x2.add(s3, multiplyLow(upper(a0), upper(b0)))
    }
  }
  const sum = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3))
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** Zeroes magnitudes below 2^-50, whose products could be subnormal. */
export function flushSmall(values: v128): v128 {
  const magnitude = v128.and(values, lanes(MAGNITUDE_32))
  return v128.and(values, i32x4.gt_s(magnitude, lanes(BELOW_PRODUCT)))
}

function multiplyFour(a: usize, b: usize): v128 {
  return f32x4.mul(flushSmall(v128.load(a)), flushSmall(v128.load(b)))
}

/** The inner product of two rows of `count` f32 in f32; both are followed by zeroes up to a multiple of 16. */
export function dotF32(a: usize, b: usize, count: usize): f32 {
  let s0 = f32x4.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  for (let i: usize = 0; i < count; i += 16, a += 64, b += 64) {
    s0 = f32x4.add(s0, multiplyFour(a, b))
    s1 = f32x4.add(s1, multiplyFour(a + 16, b + 16))
    s2 = f32x4.add(s2, multiplyFour(a + 32, b + 32))
    s3 = f32x4.add(s3, multiplyFour(a + 48, b + 48))
  }
  const sum = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3))
  return (
    f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
  )
}

/** The sum of the squares of `count` f32, as `dotF64` of a row with itself. */
function sumOfSquares(a: usize, count: usize): f64 {
  const magnitudes = lanes(MAGNITUDE_32)
  const subnormal = lanes(SUBNORMAL_32)
  let s0 = f64x2.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  for (const end = a + 4 * count; a < end; a += 32) {
    const a0 = v128.and(v128.load(a), magnitudes)
    const a1 = v128.and(v128.load(a, 16), magnitudes)
    const b0 = v128.and(a0, i32x4.gt_s(a0, subnormal))
    const b1 = v128.and(a1, i32x4.gt_s(a1, subnormal))
    s0 = f64x2.add(s0, multiplyLow(b0, b0))
    s1 = f64x2.add(s1, multiplyLow(upper(b0), upper(b0)))
    s2 = f64x2.add(s2, multiplyLow(b1, b1))
    s3 = f64x2.add(s3, multiplyLow(upper(b1), upper(b1)))
  }
  const sum = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3))
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** Squared norms of `rows` rows, as f64. */
export function squaredNorms(src: usize, rows: usize, dimension: usize, dst: usize): void {
  for (let row: usize = 0; row < rows; row++, src += 4 * dimension, dst += 8) {
    const sum = (dimension & 7) === 0 ? sumOfSquares(src, dimension) : dotF64(src, src, dimension)
    store<f64>(dst, sum)
  }
}
