/**
 * Reference of the canonical bf16 code: what the digest of a tensor's values is taken over.
 *
 * A model is handed on as f32, f16 or bf16; the digest should say that these are the same weights. So every value is
 * rounded to bf16 (to nearest, ties to even), then magnitudes below 2^-16, where f16 has too few bits, become +0,
 * and every NaN becomes 0x7fc0. The flush comes after the rounding, so that a tensor and its bf16 copy agree.
 *
 * Source: lineage-weights design, section 4 (canonical digest).
 */

/** Code of 2^-16, the smallest magnitude that is kept. */
export const SMALLEST_CODE = 0x3780
/** The code of every NaN. */
export const NAN_CODE = 0x7fc0

/** The canonical code of a bf16 code. @example canonicalCode(0x8000) // 0 */
export function canonicalCode(code: number): number {
  const magnitude = code & 0x7fff
  if (magnitude > 0x7f80) return NAN_CODE
  return magnitude < SMALLEST_CODE ? 0 : code
}

/** The canonical code of an f32, given by its bits. @example canonicalOfBits(0x3f808000) // 0x3f80 */
export function canonicalOfBits(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return NAN_CODE
  const rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16
  return canonicalCode(rounded & 0xffff)
}
