/**
 * Small float formats to f32, four lanes at a time, without branches and without subnormal arithmetic.
 *
 * A format with fewer exponent bits is shifted into place and its bias corrected by adding to the exponent; where its
 * exponent is zero, the number is made with an implicit one and that one is subtracted again, which is exact.
 */

import {
  E4M3_BIAS,
  E4M3_NAN,
  E4M3_ONE,
  F16_BIAS,
  F16_ONE,
  F16_SPECIAL,
  lanes,
  LOW_15_32,
  LOW_7_32,
  NAN_32,
  NORMAL_32,
  SIGN_32,
} from './constants.as'

/** The bits of four f32 from the bits of four f16 in the low halves of 32-bit lanes; the high halves are ignored. */
export function f16Lanes(halves: v128): v128 {
  const magnitude = i32x4.shl(v128.and(halves, lanes(LOW_15_32)), 13)
  const sign = v128.and(i32x4.shl(halves, 16), lanes(SIGN_32))
  const bias = lanes(F16_BIAS)
  const special = v128.andnot(bias, i32x4.gt_s(lanes(F16_SPECIAL), magnitude))
  const normal = i32x4.add(i32x4.add(magnitude, bias), special)
  const one = lanes(F16_ONE)
  const subnormal = f32x4.sub(i32x4.add(magnitude, one), one)
  return v128.or(sign, v128.bitselect(subnormal, normal, i32x4.gt_s(lanes(NORMAL_32), magnitude)))
}

/** The bits of four f32 from four F8_E4M3 in 32-bit lanes. */
function e4m3Lanes(codes: v128): v128 {
  const magnitude = i32x4.shl(v128.and(codes, lanes(LOW_7_32)), 20)
  const sign = v128.and(i32x4.shl(codes, 24), lanes(SIGN_32))
  const normal = i32x4.add(magnitude, lanes(E4M3_BIAS))
  const one = lanes(E4M3_ONE)
  const subnormal = f32x4.sub(i32x4.add(magnitude, one), one)
  const finite = v128.bitselect(subnormal, normal, i32x4.gt_s(lanes(NORMAL_32), magnitude))
  return v128.or(sign, v128.bitselect(lanes(NAN_32), finite, i32x4.eq(magnitude, lanes(E4M3_NAN))))
}

/** The value of an f16. */
export function halfOf(bits: u32): f32 {
  return f32x4.extract_lane(f16Lanes(i32x4.splat(bits)), 0)
}

/** The value of the f16 at an address. */
export function half(at: usize): f32 {
  return halfOf(load<u16>(at))
}

/** Decodes `count` bf16. */
export function decodeBf16(src: usize, count: usize, dst: usize): void {
  const end = src + 2 * count
  const wide = src + 2 * (count & ~7)
  for (; src < wide; src += 16, dst += 32) {
    const codes = v128.load(src)
    v128.store(dst, i32x4.shl(i32x4.extend_low_i16x8_u(codes), 16))
    v128.store(dst, i32x4.shl(i32x4.extend_high_i16x8_u(codes), 16), 16)
  }
  for (; src < end; src += 2, dst += 4) store<u32>(dst, (<u32>load<u16>(src)) << 16)
}

/** Decodes `count` f16. */
export function decodeF16(src: usize, count: usize, dst: usize): void {
  const end = src + 2 * count
  const wide = src + 2 * (count & ~7)
  for (; src < wide; src += 16, dst += 32) {
    const codes = v128.load(src)
    v128.store(dst, f16Lanes(i32x4.extend_low_i16x8_u(codes)))
    v128.store(dst, f16Lanes(i32x4.extend_high_i16x8_u(codes)), 16)
  }
  for (; src < end; src += 2, dst += 4) {
    store<i32>(dst, i32x4.extract_lane(f16Lanes(i32x4.splat(load<u16>(src))), 0))
  }
}

/** Decodes `count` F8_E4M3. */
export function decodeE4m3(src: usize, count: usize, dst: usize): void {
  const end = src + count
  const wide = src + (count & ~7)
  for (; src < wide; src += 8, dst += 32) {
    const codes = i16x8.extend_low_i8x16_u(v128.load64_zero(src))
    v128.store(dst, e4m3Lanes(i32x4.extend_low_i16x8_u(codes)))
    v128.store(dst, e4m3Lanes(i32x4.extend_high_i16x8_u(codes)), 16)
  }
  for (; src < end; src++, dst += 4) {
    store<i32>(dst, i32x4.extract_lane(e4m3Lanes(i32x4.splat(load<u8>(src))), 0))
  }
}

/** Decodes `count` F8_E5M2, which is the upper byte of an f16. */
export function decodeE5m2(src: usize, count: usize, dst: usize): void {
  const end = src + count
  const wide = src + (count & ~7)
  for (; src < wide; src += 8, dst += 32) {
    const codes = i16x8.shl(i16x8.extend_low_i8x16_u(v128.load64_zero(src)), 8)
    v128.store(dst, f16Lanes(i32x4.extend_low_i16x8_u(codes)))
    v128.store(dst, f16Lanes(i32x4.extend_high_i16x8_u(codes)), 16)
  }
  for (; src < end; src++, dst += 4) {
    store<i32>(dst, i32x4.extract_lane(f16Lanes(i32x4.splat((<i32>load<u8>(src)) << 8)), 0))
  }
}
