/**
 * ggml's blocks of 32, 64 and 128 elements; layouts as in `reference/small-blocks.ts`.
 *
 * Every decoder turns codes into sixteen signed bytes and hands them to `put16`, which scales and stores them.
 */
import { BYTES_1, BYTES_15, BYTES_16, BYTES_2, BYTES_8, E2M1_DOUBLED, IQ4_STEPS, lanes, PLACES } from './constants.as'
import { half } from './floats.as'

/** Stores sixteen signed bytes times `scale`. */
export function put16(dst: usize, codes: v128, scale: v128): void {
  const low = i16x8.extend_low_i8x16_s(codes)
  const high = i16x8.extend_high_i8x16_s(codes)
  v128.store(dst, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(low)), scale))
  v128.store(dst, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(low)), scale), 16)
  v128.store(dst, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(high)), scale), 32)
  v128.store(dst, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(high)), scale), 48)
}

/** Stores sixteen signed bytes times `scale` plus `offset`. */
export function put16Plus(dst: usize, codes: v128, scale: v128, offset: v128): void {
  const low = i16x8.extend_low_i8x16_s(codes)
  const high = i16x8.extend_high_i8x16_s(codes)
  v128.store(dst, f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(low)), scale), offset))
  v128.store(dst, f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(low)), scale), offset), 16)
  v128.store(dst, f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(high)), scale), offset), 32)
  v128.store(dst, f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(high)), scale), offset), 48)
}

/** Byte i is 0xff where bit i of the sixteen is set. */
export function spreadBits(bits: u32): v128 {
  const low = i64x2.splat(<u64>(bits & 255) * 0x0101010101010101)
  const both = i64x2.replace_lane(low, 1, <u64>((bits >> 8) & 255) * 0x0101010101010101)
  const places = v128.load(PLACES)
  return i8x16.eq(v128.and(both, places), places)
}

/** The low 4-bit codes of sixteen bytes. */
export function lowNibbles(bytes: v128): v128 {
  return v128.and(bytes, lanes(BYTES_15))
}

/** The high 4-bit codes of sixteen bytes. */
export function highNibbles(bytes: v128): v128 {
  return v128.and(i16x8.shr_u(bytes, 4), lanes(BYTES_15))
}

/** Decodes `blocks` of q4_0. */
export function decodeQ4_0(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 18 * blocks; src < end; src += 18, dst += 128) {
    const scale = f32x4.splat(half(src))
    const bytes = v128.load(src, 2)
    put16(dst, i8x16.sub(lowNibbles(bytes), lanes(BYTES_8)), scale)
    put16(dst + 64, i8x16.sub(highNibbles(bytes), lanes(BYTES_8)), scale)
  }
}

/** Decodes `blocks` of q4_1. */
export function decodeQ4_1(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 20 * blocks; src < end; src += 20, dst += 128) {
    const scale = f32x4.splat(half(src))
    const minimum = f32x4.splat(half(src + 2))
    const bytes = v128.load(src, 4)
    put16Plus(dst, lowNibbles(bytes), scale, minimum)
    put16Plus(dst + 64, highNibbles(bytes), scale, minimum)
  }
}

/** Decodes `blocks` of q5_0. */
export function decodeQ5_0(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 22 * blocks; src < end; src += 22, dst += 128) {
    const scale = f32x4.splat(half(src))
    const bytes = v128.load(src, 6)
    const sixteen = lanes(BYTES_16)
    const low = v128.or(lowNibbles(bytes), v128.and(spreadBits(load<u16>(src, 2)), sixteen))
    const high = v128.or(highNibbles(bytes), v128.and(spreadBits(load<u16>(src, 4)), sixteen))
    put16(dst, i8x16.sub(low, sixteen), scale)
    put16(dst + 64, i8x16.sub(high, sixteen), scale)
  }
}

/** Decodes `blocks` of q5_1. */
export function decodeQ5_1(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 24 * blocks; src < end; src += 24, dst += 128) {
    const scale = f32x4.splat(half(src))
    const minimum = f32x4.splat(half(src + 2))
    const bytes = v128.load(src, 8)
    const sixteen = lanes(BYTES_16)
    const low = v128.or(lowNibbles(bytes), v128.and(spreadBits(load<u16>(src, 4)), sixteen))
    const high = v128.or(highNibbles(bytes), v128.and(spreadBits(load<u16>(src, 6)), sixteen))
    put16Plus(dst, low, scale, minimum)
    put16Plus(dst + 64, high, scale, minimum)
  }
}

/** Decodes `blocks` of q8_0. */
export function decodeQ8_0(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 34 * blocks; src < end; src += 34, dst += 128) {
    const scale = f32x4.splat(half(src))
    put16(dst, v128.load(src, 2), scale)
    put16(dst + 64, v128.load(src, 18), scale)
  }
}

/** Decodes `blocks` of q8_1. */
export function decodeQ8_1(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 36 * blocks; src < end; src += 36, dst += 128) {
    const scale = f32x4.splat(half(src))
    put16(dst, v128.load(src, 4), scale)
    put16(dst + 64, v128.load(src, 20), scale)
  }
}

/** Decodes `blocks` of q1_0. */
export function decodeQ1_0(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 18 * blocks; src < end; src += 18) {
    const scale = f32x4.splat(half(src))
    for (let i: usize = 2; i < 18; i += 2, dst += 64) {
      const signs = v128.and(spreadBits(load<u16>(src + i)), lanes(BYTES_2))
      put16(dst, i8x16.sub(signs, lanes(BYTES_1)), scale)
    }
  }
}

/** Decodes `blocks` of q2_0. */
export function decodeQ2_0(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 18 * blocks; src < end; src += 18) {
    const scale = half(src)
    for (let i: usize = 2; i < 18; i++) {
      const byte = <i32>load<u8>(src + i)
      for (let shift = 0; shift < 8; shift += 2, dst += 4) store<f32>(dst, scale * <f32>(((byte >> shift) & 3) - 1))
    }
  }
}

/** The sixteen steps of iq4_nl and iq4_xs. */
export function iq4Steps(codes: v128): v128 {
  return i8x16.swizzle(v128.load(IQ4_STEPS), codes)
}

/** Decodes `blocks` of iq4_nl. */
export function decodeIq4Nl(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 18 * blocks; src < end; src += 18, dst += 128) {
    const scale = f32x4.splat(half(src))
    const bytes = v128.load(src, 2)
    put16(dst, iq4Steps(lowNibbles(bytes)), scale)
    put16(dst + 64, iq4Steps(highNibbles(bytes)), scale)
  }
}

/** Doubled values of the sixteen E2M1 codes. */
function doubledE2m1(codes: v128): v128 {
  return i8x16.swizzle(v128.load(E2M1_DOUBLED), codes)
}

/**
 * Bits of k · 2^(exponent − 128) for the doubled E2M1 magnitude k, exponent 0 or 1; made of integers, since arithmetic
 * on subnormals is slow.
 */
function tinyMxfp4(code: u32, exponent: u32): u32 {
  const k = <u32>load<u8>(E2M1_DOUBLED + (code & 7))
  const doubled = k << exponent
  const leading = 31 - clz<u32>(doubled | 1)
  const bits = leading < 2 ? doubled << 21 : ((leading - 1) << 23) | ((doubled << (23 - leading)) & 0x7fffff)
  return k === 0 ? 0 : bits | ((code & 8) << 28)
}

/** Decodes `blocks` of mxfp4. */
export function decodeMxfp4(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 17 * blocks; src < end; src += 17, dst += 128) {
    const exponent = <u32>load<u8>(src)
    const bytes = v128.load(src, 1)
    if (exponent < 2) {
      for (let i: usize = 0; i < 16; i++) {
        const byte = <u32>load<u8>(src + 1 + i)
        store<u32>(dst + 4 * i, tinyMxfp4(byte & 15, exponent))
        store<u32>(dst + 4 * i, tinyMxfp4(byte >> 4, exponent), 64)
      }
    } else {
      const scale = i32x4.splat((exponent - 1) << 23)
      put16(dst, doubledE2m1(lowNibbles(bytes)), scale)
      put16(dst + 64, doubledE2m1(highNibbles(bytes)), scale)
    }
  }
}

/** Half the value of an unsigned E4M3. */
function halfUe4m3(code: u32): f32 {
  if (code === 0x7f) return 0
  const exponent = (code >> 3) & 15
  const fraction = code & 7
  if (exponent === 0) return <f32>fraction * <f32>0.0009765625
  return reinterpret<f32>(((exponent + 119) << 23) | (fraction << 20))
}

/** Decodes `blocks` of nvfp4. */
export function decodeNvfp4(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 36 * blocks; src < end; src += 36) {
    for (let group: usize = 0; group < 4; group++, dst += 64) {
      const bytes = v128.load64_zero(src + 8 * group, 4)
      const low = lowNibbles(bytes)
      const high = highNibbles(bytes)
      const codes = i64x2.shuffle(low, high, 0, 2)
      put16(dst, doubledE2m1(codes), f32x4.splat(halfUe4m3(load<u8>(src + group))))
    }
  }
}
