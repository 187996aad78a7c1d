/**
 * Constants of the kernels, kept in memory; each is an address.
 *
 * V8 builds a v128 constant anew from two 64-bit immediates wherever it is used, also inside a loop; reading it from
 * memory is one instruction and makes tight loops two to three times as fast. So no kernel has a v128 constant in
 * a loop, and the hottest loops read theirs once before they begin.
 */

/** The 32 bits at a constant's address, four times. */
export function lanes(at: usize): v128 {
  return v128.load32_splat(at)
}

/** In 16-bit lanes: all but the sign; bf16 codes just below 2^-16, of infinity, of the first and the canonical NaN. */
export const MAGNITUDE_16 = memory.data<u32>([0x7fff7fff])
export const BELOW_KEPT_16 = memory.data<u32>([0x377f377f])
export const INFINITY_16 = memory.data<u32>([0x7f807f80])
export const FIRST_NAN_16 = memory.data<u32>([0x7f817f81])
export const NAN_16 = memory.data<u32>([0x7fc07fc0])
export const LOW_BYTE_16 = memory.data<u32>([0x00ff00ff])

/** In 16-bit lanes: 1, 3; exponents of bf16; f16 below 2^-15 and 2^-14, the largest, infinity. */
export const ONE_16 = memory.data<u32>([0x00010001])
export const THREE_16 = memory.data<u32>([0x00030003])
export const BIAS_110_16 = memory.data<u32>([0x37003700])
export const BIAS_111_16 = memory.data<u32>([0x37803780])
export const BIAS_112_16 = memory.data<u32>([0x38003800])
export const BELOW_512_16 = memory.data<u32>([0x01ff01ff])
export const BELOW_1024_16 = memory.data<u32>([0x03ff03ff])
export const F16_LARGEST_16 = memory.data<u32>([0x7bff7bff])
export const F16_INFINITY_16 = memory.data<u32>([0x7c007c00])

/** In 32-bit lanes: all but the sign, the sign; f32 infinity, first NaN, canonical NaN; the canonical bf16 NaN. */
export const MAGNITUDE_32 = memory.data<u32>([0x7fffffff])
export const SIGN_32 = memory.data<u32>([0x80000000])
export const INFINITY_32 = memory.data<u32>([0x7f800000])
export const FIRST_NAN_32 = memory.data<u32>([0x7f800001])
export const NAN_32 = memory.data<u32>([0x7fc00000])
export const NAN_CODE_32 = memory.data<u32>([0x00007fc0])
/** 1; what is added to round at bit 16, also the magnitude of an f16; the magnitude of an F8. */
export const ONE_32 = memory.data<u32>([1])
export const LOW_15_32 = memory.data<u32>([0x7fff])
export const LOW_7_32 = memory.data<u32>([0x7f])
/** The largest subnormal f32; the smallest normal one. */
export const SUBNORMAL_32 = memory.data<u32>([0x007fffff])
export const NORMAL_32 = memory.data<u32>([0x00800000])

/** Of a shifted f16: where its infinity begins, the difference of the biases, the implicit one of a subnormal. */
export const F16_SPECIAL = memory.data<u32>([31 << 23])
export const F16_BIAS = memory.data<u32>([112 << 23])
export const F16_ONE = memory.data<u32>([113 << 23])
/** Of a shifted E4M3: its NaN, the difference of the biases, the implicit one of a subnormal. */
export const E4M3_NAN = memory.data<u32>([0x7f << 20])
export const E4M3_BIAS = memory.data<u32>([120 << 23])
export const E4M3_ONE = memory.data<u32>([121 << 23])

/** f32: ±2^20, the clamp of a sketch; 1.5 · 2^23, which rounds what is added to it; just below 2^-50 and 2^-40. */
export const CLAMP = memory.data<u32>([0x49800000])
export const MINUS_CLAMP = memory.data<u32>([0xc9800000])
export const ROUNDING = memory.data<u32>([0x4b400000])
export const BELOW_PRODUCT = memory.data<u32>([0x267fffff])
export const BELOW_UNIT = memory.data<u32>([0x2b7fffff])

/** Small integers in bytes. */
export const BYTES_1 = memory.data<u32>([0x01010101])
export const BYTES_2 = memory.data<u32>([0x02020202])
export const BYTES_3 = memory.data<u32>([0x03030303])
export const BYTES_4 = memory.data<u32>([0x04040404])
export const BYTES_8 = memory.data<u32>([0x08080808])
export const BYTES_15 = memory.data<u32>([0x0f0f0f0f])
export const BYTES_16 = memory.data<u32>([0x10101010])
export const BYTES_32 = memory.data<u32>([0x20202020])
export const BYTES_48 = memory.data<u32>([0x30303030])

/** Sixteen bytes: the bit of each of eight places, twice. */
export const PLACES = memory.data<u8>([1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128])
/** Sixteen signed bytes: the steps of iq4_nl and iq4_xs. */
export const IQ4_STEPS = memory.data<i8>([-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113])
/** Sixteen signed bytes: the doubled values of E2M1. */
export const E2M1_DOUBLED = memory.data<i8>([0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12])
