/**
 * The kernels, in AssemblyScript with explicit SIMD: the entry that `build.ts` compiles to `kernels.wasm`.
 *
 * Only instructions whose result the WebAssembly specification fixes are used (no relaxed SIMD, no fused multiply-add),
 * so every machine computes the same bits; the sign and payload of a NaN excepted, which no result carries on. A kernel
 * takes addresses and counts, keeps no state, allocates nothing and checks nothing: the wrappers beside it do.
 */
export { canonicalOfBf16, canonicalOfF16, canonicalOfF32, differences } from './canonical.as'
export { decodeBf16, decodeE4m3, decodeE5m2, decodeF16 } from './floats.as'
export {
  decodeQ4_0,
  decodeQ4_1,
  decodeQ5_0,
  decodeQ5_1,
  decodeQ8_0,
  decodeQ8_1,
  decodeQ1_0,
  decodeQ2_0,
  decodeIq4Nl,
  decodeMxfp4,
  decodeNvfp4,
} from './small-blocks.as'
export {
  decodeQ2K,
  decodeQ3K,
  decodeQ4K,
  decodeQ5K,
  decodeQ6K,
  decodeQ8K,
  decodeTq1_0,
  decodeTq2_0,
  decodeIq4Xs,
} from './super-blocks.as'
export {
  decodeIq2Xxs,
  decodeIq2Xs,
  decodeIq2S,
  decodeIq3Xxs,
  decodeIq3S,
  decodeIq1S,
  decodeIq1M,
} from './codebook-blocks.as'
export { sketchBf16, sketchF32 } from './sketch.as'
export { histogram16 } from './histogram.as'
export { dotF32, dotF64, squaredNorms } from './vectors.as'
export { hammingDistance, hammingDistances, nearestByHamming, signBits } from './bits.as'
export { inverseNorms, keepNearest, packUnitRows } from './nearest.as'
export { multiplyPacked, packColumns, packRows } from './panels.as'
