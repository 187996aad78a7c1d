/**
 * ggml's codebook types; layouts as in `reference/codebook-blocks.ts`.
 *
 * `book` is the address of the unpacked points of the type, one signed byte a coordinate.
 */
import { half, halfOf } from './floats.as'
import { put16, spreadBits } from './small-blocks.as'

/** Eight signs from seven bits: the last one makes the number of minus signs even. */
function evenSigns(seven: u32): u32 {
  return seven | ((popcnt<u32>(seven) & 1) << 7)
}

/** Stores sixteen coordinates times `scale`; bit i of `signs` turns the sign of coordinate i. */
function putSigned(dst: usize, points: v128, signs: u32, scale: v128): void {
  const mask = spreadBits(signs)
  put16(dst, i8x16.sub(v128.xor(points, mask), mask), scale)
}

/** Two points of eight coordinates. */
function pair8(book: usize, first: usize, second: usize): v128 {
  return v128.load64_lane(book + 8 * second, v128.load64_zero(book + 8 * first), 1)
}

/** Four points of four coordinates, their numbers in the bytes or halves of the arguments. */
function four4(book: usize, a: usize, b: usize, c: usize, d: usize): v128 {
  const low = v128.load32_lane(book + 4 * b, v128.load32_zero(book + 4 * a), 1)
  return v128.load32_lane(book + 4 * d, v128.load32_lane(book + 4 * c, low, 2), 3)
}

/** Decodes `blocks` of iq2_xxs. */
export function decodeIq2Xxs(src: usize, blocks: usize, dst: usize, book: usize): void {
  for (const end = src + 66 * blocks; src < end; src += 66) {
    const d = half(src)
    for (let at = src + 2; at < src + 66; at += 8, dst += 128) {
      const word = load<u32>(at, 4)
      const scale = f32x4.splat(d * (<f32>0.5 + <f32>(word >> 28)) * <f32>0.25)
      const first = evenSigns(word & 127) | (evenSigns((word >> 7) & 127) << 8)
      const second = evenSigns((word >> 14) & 127) | (evenSigns((word >> 21) & 127) << 8)
      putSigned(dst, pair8(book, load<u8>(at), load<u8>(at, 1)), first, scale)
      putSigned(dst + 64, pair8(book, load<u8>(at, 2), load<u8>(at, 3)), second, scale)
    }
  }
}

/** The scale that 4-bit code number `i` from `at` gives. */
function quarterScale(d: f32, at: usize, i: usize): v128 {
  const code = (<u32>load<u8>(at + (i >> 1)) >> (4 * <u32>(i & 1))) & 15
  return f32x4.splat(d * (<f32>0.5 + <f32>code) * <f32>0.25)
}

/** Decodes `blocks` of iq2_xs. */
export function decodeIq2Xs(src: usize, blocks: usize, dst: usize, book: usize): void {
  for (const end = src + 74 * blocks; src < end; src += 74) {
    const d = half(src)
    for (let i: usize = 0; i < 16; i++, dst += 64) {
      const first = <u32>load<u16>(src + 4 * i, 2)
      const second = <u32>load<u16>(src + 4 * i, 4)
      const signs = evenSigns(first >> 9) | (evenSigns(second >> 9) << 8)
      putSigned(dst, pair8(book, first & 511, second & 511), signs, quarterScale(d, src + 66, i))
    }
  }
}

/** Decodes `blocks` of iq2_s. */
export function decodeIq2S(src: usize, blocks: usize, dst: usize, book: usize): void {
  for (const end = src + 82 * blocks; src < end; src += 82) {
    const d = half(src)
    for (let i: usize = 0; i < 16; i++, dst += 64) {
      const high = <u32>load<u8>(src + (i >> 1), 66) >> (4 * <u32>(i & 1))
      const first = <u32>load<u8>(src + 2 * i, 2) | ((high & 3) << 8)
      const second = <u32>load<u8>(src + 2 * i, 3) | (((high >> 2) & 3) << 8)
      const signs = <u32>load<u16>(src + 2 * i, 34)
      putSigned(dst, pair8(book, first, second), signs, quarterScale(d, src + 74, i))
    }
  }
}

/** Decodes `blocks` of iq3_xxs. */
export function decodeIq3Xxs(src: usize, blocks: usize, dst: usize, book: usize): void {
  for (const end = src + 98 * blocks; src < end; src += 98) {
    const d = half(src)
    for (let i: usize = 0; i < 8; i++, dst += 128) {
      const word = load<u32>(src + 4 * i, 66)
      const scale = f32x4.splat(d * (<f32>0.5 + <f32>(word >> 28)) * <f32>0.5)
      const first = evenSigns(word & 127) | (evenSigns((word >> 7) & 127) << 8)
      const second = evenSigns((word >> 14) & 127) | (evenSigns((word >> 21) & 127) << 8)
      const at = src + 2 + 8 * i
      putSigned(dst, four4(book, load<u8>(at), load<u8>(at, 1), load<u8>(at, 2), load<u8>(at, 3)), first, scale)
      putSigned(
        dst + 64,
        four4(book, load<u8>(at, 4), load<u8>(at, 5), load<u8>(at, 6), load<u8>(at, 7)),
        second,
        scale,
      )
    }
  }
}

/** The odd number that a scale code stands for. */
function oddStep(code: u32): f32 {
  const step = code * 2 + 1
  return <f32>step
}

/** Decodes `blocks` of iq3_s. */
export function decodeIq3S(src: usize, blocks: usize, dst: usize, book: usize): void {
  for (const end = src + 110 * blocks; src < end; src += 110) {
    const d = half(src)
    for (let i: usize = 0; i < 16; i++, dst += 64) {
      const at = src + 2 + 4 * i
      const high = <usize>load<u8>(src + (i >> 1), 66) >> (4 * (i & 1))
      const a = <usize>load<u8>(at) | ((high & 1) << 8)
      const b = <usize>load<u8>(at, 1) | ((high & 2) << 7)
      const c = <usize>load<u8>(at, 2) | ((high & 4) << 6)
      const e = <usize>load<u8>(at, 3) | ((high & 8) << 5)
      const code = (<u32>load<u8>(src + (i >> 2), 106) >> (4 * <u32>((i >> 1) & 1))) & 15
      const signs = <u32>load<u16>(src + 2 * i, 74)
      putSigned(dst, four4(book, a, b, c, e), signs, f32x4.splat(d * oddStep(code)))
    }
  }
}

/** Stores sixteen coordinates of iq1, each shifted by +1/8 or −1/8; `scale` is an eighth of the block's. */
function putShifted(dst: usize, points: v128, shifts: v128, scale: v128): void {
  const doubled = i8x16.add(points, points)
  const fourfold = i8x16.add(doubled, doubled)
  put16(dst, i8x16.add(i8x16.add(fourfold, fourfold), shifts), scale)
}

/** Decodes `blocks` of iq1_s. */
export function decodeIq1S(src: usize, blocks: usize, dst: usize, book: usize): void {
  for (const end = src + 50 * blocks; src < end; src += 50) {
    const d = half(src)
    for (let i: usize = 0; i < 8; i++, dst += 128) {
      const word = <usize>load<u16>(src + 2 * i, 34)
      const scale = f32x4.splat(d * oddStep((<u32>word >> 12) & 7) * <f32>0.125)
      const shifts = i8x16.splat((word & 0x8000) !== 0 ? -1 : 1)
      const at = src + 2 + 4 * i
      const first = <usize>load<u8>(at) | ((word & 7) << 8)
      const second = <usize>load<u8>(at, 1) | ((word & 0x38) << 5)
      const third = <usize>load<u8>(at, 2) | ((word & 0x1c0) << 2)
      const fourth = <usize>load<u8>(at, 3) | ((word & 0xe00) >> 1)
      putShifted(dst, pair8(book, first, second), shifts, scale)
      putShifted(dst + 64, pair8(book, third, fourth), shifts, scale)
    }
  }
}

/** The scale of an iq1_m block, whose f16 is cut in four. */
function scaleOfIq1M(at: usize): f32 {
  const low = (<u32>load<u16>(at) >> 12) | ((<u32>load<u16>(at, 2) >> 8) & 0xf0)
  const high = ((<u32>load<u16>(at, 4) >> 4) & 0xf00) | (<u32>load<u16>(at, 6) & 0xf000)
  return halfOf(low | high)
}

/** Decodes `blocks` of iq1_m. */
export function decodeIq1M(src: usize, blocks: usize, dst: usize, book: usize): void {
  for (const end = src + 56 * blocks; src < end; src += 56) {
    const d = scaleOfIq1M(src + 48)
    for (let i: usize = 0; i < 16; i++, dst += 64) {
      const code = (<u32>load<u16>(src + 2 * (i >> 2), 48) >> (3 * <u32>(i & 3))) & 7
      const high = <usize>load<u8>(src + i, 32)
      const first = <usize>load<u8>(src + 2 * i) | ((high & 7) << 8)
      const second = <usize>load<u8>(src + 2 * i, 1) | ((high & 0x70) << 4)
      const one = i8x16.splat((high & 8) !== 0 ? -1 : 1)
      const shifts = i64x2.replace_lane(one, 1, (high & 0x80) !== 0 ? -1 : 0x0101010101010101)
      const scale = f32x4.splat(d * oddStep(code) * <f32>0.125)
      putShifted(dst, pair8(book, first, second), shifts, scale)
    }
  }
}
