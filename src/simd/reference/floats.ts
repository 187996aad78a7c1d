/**
 * Reference of the small float formats, by their bits.
 *
 * A result is the bit pattern of the f32 with the same value; every format here is a subset of f32, so nothing is
 * rounded on the way up. NaN stays NaN, its payload is carried where the format has one.
 *
 * Source: IEEE 754-2019 (binary16); OCP 8-bit Floating Point 1.0 (E4M3 has no infinity, S.1111.111 is NaN);
 * OCP Microscaling 1.0 (E8M0: 2^(x-127), 0xff is NaN).
 */
const words = new Uint32Array(1)
const floats = new Float32Array(words.buffer)

/** The f32 with these bits. @example floatOfBits(0x3f800000) // 1 */
export function floatOfBits(bits: number): number {
  words[0] = bits
  return floats[0] as number
}

/** The bits of a number rounded to f32. @example bitsOfFloat(1) // 0x3f800000 */
export function bitsOfFloat(value: number): number {
  floats[0] = value
  return words[0] as number
}

/** Bits of the f32 that an f16 stands for. @example halfToBits(0x3c00) // 0x3f800000 */
export function halfToBits(half: number): number {
  const sign = (half & 0x8000) << 16
  const exponent = (half >> 10) & 31
  const fraction = half & 1023
  if (exponent === 0) return (sign | bitsOfFloat(fraction * 2 ** -24)) >>> 0
  const biased = exponent === 31 ? 255 : exponent + 112
  return (sign | (biased << 23) | (fraction << 13)) >>> 0
}

/** The value of an f16. @example halfToFloat(0xc000) // -2 */
export function halfToFloat(half: number): number {
  return floatOfBits(halfToBits(half))
}

/** Bits of the f32 that an F8_E4M3 stands for. @example floatOfBits(e4m3ToBits(0x7e)) // 448 */
export function e4m3ToBits(code: number): number {
  const sign = (code & 0x80) << 24
  const exponent = (code >> 3) & 15
  const fraction = code & 7
  if ((code & 0x7f) === 0x7f) return (sign | 0x7fc00000) >>> 0
  if (exponent === 0) return (sign | bitsOfFloat(fraction * 2 ** -9)) >>> 0
  return (sign | ((exponent + 120) << 23) | (fraction << 20)) >>> 0
}

/** Bits of the f32 that an F8_E5M2 stands for: the upper half of an f16. @example e5m2ToBits(0x3c) // 0x3f800000 */
export function e5m2ToBits(code: number): number {
  return halfToBits(code << 8)
}

/** Bits of the f32 that an F8_E8M0 stands for, a power of two. @example e8m0ToBits(127) // 0x3f800000 */
export function e8m0ToBits(code: number): number {
  if (code === 255) return 0x7fc00000
  return code === 0 ? 0x00400000 : code << 23
}
