/**
 * ggml's super-blocks of 256 elements; layouts as in `reference/super-blocks.ts`.
 */
import { BYTES_1, BYTES_16, BYTES_3, BYTES_32, BYTES_4, BYTES_48, LOW_BYTE_16, lanes } from './constants.as'
import { half } from './floats.as'
import { highNibbles, iq4Steps, lowNibbles, put16, put16Plus } from './small-blocks.as'

/** The 2-bit codes that begin at bit `shift` of sixteen bytes. */
function twoBits(bytes: v128, shift: i32): v128 {
  return v128.and(i16x8.shr_u(bytes, shift), lanes(BYTES_3))
}

/** The 4-bit codes that begin at bit `shift`, 0 or 4, of sixteen bytes. */
function nibbles(at: usize, shift: i32): v128 {
  return lowNibbles(i16x8.shr_u(v128.load(at), shift))
}

/** Decodes `blocks` of q2_k. */
export function decodeQ2K(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 84 * blocks; src < end; src += 84) {
    const scale = half(src + 80)
    const minimum = half(src + 82)
    for (let group: usize = 0; group < 16; group++, dst += 64) {
      const packed = <u32>load<u8>(src + group)
      const bytes = v128.load(src + 16 + 32 * (group >> 3) + 16 * (group & 1))
      const codes = twoBits(bytes, <i32>(group & 6))
      const offset = f32x4.splat(-(minimum * <f32>(packed >> 4)))
      put16Plus(dst, codes, f32x4.splat(scale * <f32>(packed & 15)), offset)
    }
  }
}

/** Decodes `blocks` of q3_k. */
export function decodeQ3K(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 110 * blocks; src < end; src += 110) {
    const scale = half(src + 108)
    for (let group: usize = 0; group < 16; group++, dst += 64) {
      const lowScale = (<i32>load<u8>(src + 96 + (group & 7)) >> (4 * <i32>(group >> 3))) & 15
      const highScale = (<i32>load<u8>(src + 104 + (group & 3)) >> (2 * <i32>(group >> 2))) & 3
      const bytes = v128.load(src + 32 + 32 * (group >> 3) + 16 * (group & 1))
      const low = twoBits(bytes, <i32>(group & 6))
      const bits = i16x8.shr_u(v128.load(src + 16 * (group & 1)), <i32>(group >> 1))
      const high = v128.and(i16x8.shl(bits, 2), lanes(BYTES_4))
      const codes = i8x16.sub(v128.or(low, high), lanes(BYTES_4))
      put16(dst, codes, f32x4.splat(scale * <f32>((lowScale | (highScale << 4)) - 32)))
    }
  }
}

/** The 6-bit scale of group `j` of q4_k and q5_k, in the low half; its minimum in the high half. */
function scaleAndMinimum(at: usize, j: usize): u32 {
  if (j < 4) return (<u32>load<u8>(at + j) & 63) | ((<u32>load<u8>(at + j, 4) & 63) << 16)
  const packed = <u32>load<u8>(at + j, 4)
  const scale = (packed & 15) | ((<u32>load<u8>(at + j - 4) >> 6) << 4)
  return scale | (((packed >> 4) | ((<u32>load<u8>(at + j) >> 6) << 4)) << 16)
}

/** Decodes `blocks` of q4_k. */
export function decodeQ4K(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 144 * blocks; src < end; src += 144) {
    const d = half(src)
    const m = half(src + 2)
    for (let group: usize = 0; group < 8; group++, dst += 128) {
      const packed = scaleAndMinimum(src + 4, group)
      const scale = f32x4.splat(d * <f32>(packed & 63))
      const offset = f32x4.splat(-(m * <f32>(packed >> 16)))
      const at = src + 16 + 32 * (group >> 1)
      const shift = <i32>(group & 1) * 4
      put16Plus(dst, nibbles(at, shift), scale, offset)
      put16Plus(dst + 64, nibbles(at + 16, shift), scale, offset)
    }
  }
}

/** Sixteen 5-bit codes: nibbles at `low` with bit `group` of the bytes at `high` above them. */
function q5Codes(low: usize, high: usize, group: usize): v128 {
  const bits = i16x8.shl(i16x8.shr_u(v128.load(high), <i32>group), 4)
  return v128.or(nibbles(low, <i32>(group & 1) * 4), v128.and(bits, lanes(BYTES_16)))
}

/** Decodes `blocks` of q5_k. */
export function decodeQ5K(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 176 * blocks; src < end; src += 176) {
    const d = half(src)
    const m = half(src + 2)
    for (let group: usize = 0; group < 8; group++, dst += 128) {
      const packed = scaleAndMinimum(src + 4, group)
      const scale = f32x4.splat(d * <f32>(packed & 63))
      const offset = f32x4.splat(-(m * <f32>(packed >> 16)))
      const at = src + 48 + 32 * (group >> 1)
      put16Plus(dst, q5Codes(at, src + 16, group), scale, offset)
      put16Plus(dst + 64, q5Codes(at + 16, src + 32, group), scale, offset)
    }
  }
}

/** Decodes `blocks` of q6_k. */
export function decodeQ6K(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 210 * blocks; src < end; src += 210) {
    const d = half(src + 208)
    for (let group: usize = 0; group < 16; group++, dst += 64) {
      const part = (group >> 1) & 3
      const low = nibbles(src + 64 * (group >> 3) + 32 * (part & 1) + 16 * (group & 1), <i32>(part >> 1) * 4)
      const upper = i16x8.shr_u(v128.load(src + 128 + 32 * (group >> 3) + 16 * (group & 1)), <i32>part * 2)
      const high = v128.and(i16x8.shl(upper, 4), lanes(BYTES_48))
      const scale = f32x4.splat(d * <f32>load<i8>(src + 192 + group))
      put16(dst, i8x16.sub(v128.or(low, high), lanes(BYTES_32)), scale)
    }
  }
}

/** Bits of code · bits-of-a-subnormal, made of integers, since arithmetic on subnormals is slow. */
function timesSubnormal(code: i32, scale: u32): u32 {
  const product = code * <i32>(scale & 0x7fffff)
  const magnitude = <u32>abs<i32>(product)
  const sign = (scale & 0x80000000) ^ (<u32>(code >> 31) & 0x80000000)
  if (magnitude < 1 << 24) return sign | magnitude
  return sign | (reinterpret<u32>(<f32>magnitude) - (149 << 23))
}

/** Decodes `blocks` of q8_k. */
export function decodeQ8K(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 292 * blocks; src < end; src += 292) {
    const bits = load<u32>(src)
    if ((bits & 0x7f800000) === 0) {
      for (let i: usize = 0; i < 256; i++, dst += 4) store<u32>(dst, timesSubnormal(load<i8>(src + i, 4), bits))
    } else {
      for (let i: usize = 4; i < 260; i += 16, dst += 64) put16(dst, v128.load(src + i), i32x4.splat(bits))
    }
  }
}

/** The trits at one power of three of eight bytes in 16-bit lanes. */
function trits(bytes: v128, power: i16): v128 {
  const shifted = v128.and(i16x8.mul(bytes, i16x8.splat(power)), lanes(LOW_BYTE_16))
  return i16x8.shr_u(i16x8.add(shifted, i16x8.add(shifted, shifted)), 8)
}

/** Stores sixteen trits, minus one, times `scale`. */
function putTrits(dst: usize, bytes: v128, power: i16, scale: v128): void {
  const low = trits(i16x8.extend_low_i8x16_u(bytes), power)
  const high = trits(i16x8.extend_high_i8x16_u(bytes), power)
  put16(dst, i8x16.sub(i8x16.narrow_i16x8_u(low, high), lanes(BYTES_1)), scale)
}

/** Decodes `blocks` of tq1_0. */
export function decodeTq1_0(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 54 * blocks; src < end; src += 54, dst += 1024) {
    const d = half(src + 52)
    const scale = f32x4.splat(d)
    let power = 1
    for (let i: usize = 0; i < 5; i++, power *= 3) {
      putTrits(dst + 128 * i, v128.load(src), <i16>power, scale)
      putTrits(dst + 128 * i + 64, v128.load(src, 16), <i16>power, scale)
      putTrits(dst + 640 + 64 * i, v128.load(src, 32), <i16>power, scale)
    }
    power = 1
    for (let i: usize = 0; i < 4; i++, power *= 3)
      for (let j: usize = 0; j < 4; j++) {
        const shifted = (<i32>load<u8>(src + j, 48) * power) & 255
        store<f32>(dst + 960 + 16 * i + 4 * j, d * <f32>(((shifted * 3) >> 8) - 1))
      }
  }
}

/** Decodes `blocks` of tq2_0. */
export function decodeTq2_0(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 66 * blocks; src < end; src += 66) {
    const scale = f32x4.splat(half(src + 64))
    for (let group: usize = 0; group < 16; group++, dst += 64) {
      const bytes = v128.load(src + 32 * (group >> 3) + 16 * (group & 1))
      const codes = twoBits(bytes, <i32>(group & 6))
      put16(dst, i8x16.sub(codes, lanes(BYTES_1)), scale)
    }
  }
}

/** Decodes `blocks` of iq4_xs. */
export function decodeIq4Xs(src: usize, blocks: usize, dst: usize): void {
  for (const end = src + 136 * blocks; src < end; src += 136) {
    const d = half(src)
    const high = <i32>load<u16>(src, 2)
    for (let group: usize = 0; group < 8; group++, dst += 128) {
      const low = (<i32>load<u8>(src + (group >> 1), 4) >> (4 * <i32>(group & 1))) & 15
      const code = low | (((high >> (2 * <i32>group)) & 3) << 4)
      const scale = f32x4.splat(d * <f32>(code - 32))
      const bytes = v128.load(src + 16 * group, 8)
      put16(dst, iq4Steps(lowNibbles(bytes)), scale)
      put16(dst + 64, iq4Steps(highNibbles(bytes)), scale)
    }
  }
}
