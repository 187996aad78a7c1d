/**
 * Canonical bf16 codes; meaning and order of the steps as in `reference/canonical.ts`.
 */
import {
  BELOW_1024_16,
  BELOW_512_16,
  BELOW_KEPT_16,
  BIAS_110_16,
  BIAS_111_16,
  BIAS_112_16,
  F16_INFINITY_16,
  F16_LARGEST_16,
  INFINITY_16,
  INFINITY_32,
  lanes,
  LOW_15_32,
  LOW_BYTE_16,
  MAGNITUDE_16,
  MAGNITUDE_32,
  NAN_16,
  NAN_CODE_32,
  ONE_16,
  ONE_32,
  THREE_16,
} from './constants.as'

/** Flushes and unifies eight bf16 codes. */
function canonical8(codes: v128, sign: v128, below: v128, infinity: v128, nan: v128): v128 {
  const magnitude = v128.and(codes, sign)
  const kept = v128.and(codes, i16x8.gt_s(magnitude, below))
  return v128.bitselect(nan, kept, i16x8.gt_s(magnitude, infinity))
}

/** Rounds four f32 to bf16 codes in 32-bit lanes. */
function round4(bits: v128): v128 {
  const odd = v128.and(i32x4.shr_u(bits, 16), lanes(ONE_32))
  const rounded = i32x4.shr_u(i32x4.add(bits, i32x4.add(odd, lanes(LOW_15_32))), 16)
  const magnitude = v128.and(bits, lanes(MAGNITUDE_32))
  return v128.bitselect(lanes(NAN_CODE_32), rounded, i32x4.gt_s(magnitude, lanes(INFINITY_32)))
}

function canonicalOfFloats(low: v128, high: v128): v128 {
  const codes = i16x8.narrow_i32x4_u(round4(low), round4(high))
  return canonical8(codes, lanes(MAGNITUDE_16), lanes(BELOW_KEPT_16), lanes(INFINITY_16), lanes(NAN_16))
}

/** Of `count` bf16 codes; `dst` may be `src`. */
export function canonicalOfBf16(src: usize, count: usize, dst: usize): void {
  const sign = lanes(MAGNITUDE_16)
  const below = lanes(BELOW_KEPT_16)
  const infinity = lanes(INFINITY_16)
  const nan = lanes(NAN_16)
  const end = src + 2 * count
  const wide = src + ((2 * count) & ~63)
  for (; src < wide; src += 64, dst += 64) {
    v128.store(dst, canonical8(v128.load(src), sign, below, infinity, nan))
    v128.store(dst, canonical8(v128.load(src, 16), sign, below, infinity, nan), 16)
    v128.store(dst, canonical8(v128.load(src, 32), sign, below, infinity, nan), 32)
    v128.store(dst, canonical8(v128.load(src, 48), sign, below, infinity, nan), 48)
  }
  for (; src < end; src += 2, dst += 2)
    v128.store16_lane(dst, canonical8(v128.load16_splat(src), sign, below, infinity, nan), 0)
}

/** Of `count` f32. */
export function canonicalOfF32(src: usize, count: usize, dst: usize): void {
  const end = src + 4 * count
  const wide = src + 4 * (count & ~7)
  for (; src < wide; src += 32, dst += 16) v128.store(dst, canonicalOfFloats(v128.load(src), v128.load(src, 16)))
  for (; src < end; src += 4, dst += 2) {
    const bits = v128.load32_splat(src)
    v128.store16_lane(dst, canonicalOfFloats(bits, bits), 0)
  }
}

/**
 * The bf16 codes of eight f16.
 *
 * Three, two or one bits are rounded away, for a normal number, one from 2^-15 and one from 2^-16; smaller ones
 * become zero.
 */
function codesOfF16(halves: v128): v128 {
  const magnitude = v128.and(halves, lanes(MAGNITUDE_16))
  const one = lanes(ONE_16)
  const third = v128.and(i16x8.shr_u(magnitude, 3), one)
  const second = v128.and(i16x8.shr_u(magnitude, 2), one)
  const first = v128.and(i16x8.shr_u(magnitude, 1), one)
  const normal = i16x8.add(i16x8.shr_u(i16x8.add(magnitude, i16x8.add(third, lanes(THREE_16))), 3), lanes(BIAS_112_16))
  const upper = i16x8.add(i16x8.shr_u(i16x8.add(magnitude, i16x8.add(second, one)), 2), lanes(BIAS_111_16))
  const least = i16x8.add(i16x8.shr_u(i16x8.add(magnitude, first), 1), lanes(BIAS_110_16))
  const lower = v128.and(least, i16x8.gt_s(magnitude, lanes(LOW_BYTE_16)))
  const subnormal = v128.bitselect(upper, lower, i16x8.gt_s(magnitude, lanes(BELOW_512_16)))
  const finite = v128.bitselect(normal, subnormal, i16x8.gt_s(magnitude, lanes(BELOW_1024_16)))
  const infinite = v128.or(lanes(INFINITY_16), i16x8.gt_s(magnitude, lanes(F16_INFINITY_16)))
  const code = v128.bitselect(infinite, finite, i16x8.gt_s(magnitude, lanes(F16_LARGEST_16)))
  return v128.or(code, v128.xor(halves, magnitude))
}

/** Of `count` f16. */
export function canonicalOfF16(src: usize, count: usize, dst: usize): void {
  const end = src + 2 * count
  const wide = src + 2 * (count & ~7)
  const sign = lanes(MAGNITUDE_16)
  const below = lanes(BELOW_KEPT_16)
  const infinity = lanes(INFINITY_16)
  const nan = lanes(NAN_16)
  for (; src < wide; src += 16, dst += 16)
    v128.store(dst, canonical8(codesOfF16(v128.load(src)), sign, below, infinity, nan))
  for (; src < end; src += 2, dst += 2)
    v128.store16_lane(dst, canonical8(codesOfF16(v128.load16_splat(src)), sign, below, infinity, nan), 0)
}

/** Writes the numbers of the places at which two lists of `count` codes differ to `dst`; returns how many there are. */
export function differences(a: usize, b: usize, count: usize, dst: usize): usize {
  const first = dst
  for (let i: usize = 0; i < count; i += 8) {
    const end = min<usize>(i + 8, count)
    const whole = end - i === 8
    if (whole && !v128.any_true(v128.xor(v128.load(a + 2 * i), v128.load(b + 2 * i)))) continue
    for (let j = i; j < end; j++) {
      if (load<u16>(a + 2 * j) === load<u16>(b + 2 * j)) continue
      store<u32>(dst, <u32>j)
      dst += 4
    }
  }
  return (dst - first) / 4
}
