/**
 * Could two stored numbers be roundings of one?
 *
 * A release in bf16 and one in f16 of the same f32 original are not casts of each other: where the original lies near
 * the middle between two bf16 numbers, rounding twice gives another result. Yet each number is within half a step of
 * the original, so the two are within half a step of each plus half a step of the other.
 */

/** Fraction bits and smallest normal exponent of the plain types. */
const FORMATS: Readonly<Record<string, { readonly bits: number; readonly least: number }>> = {
  bf16: { bits: 7, least: -126 },
  f16: { bits: 10, least: -14 },
  f32: { bits: 23, least: -126 },
}

const FLOAT = new Float32Array(1)
const BITS = new Uint32Array(FLOAT.buffer)

/** Exponent of an f32: ⌊log2 |x|⌋; −127 for zero and subnormal numbers. */
function exponent(value: number): number {
  FLOAT[0] = value
  return (((BITS[0] ?? 0) >>> 23) & 0xff) - 127
}

/** A test for values of two types; null for types that are no plain floats. */
export function roundingTest(typeA: string, typeB: string): ((x: number, y: number) => boolean) | null {
  const a = FORMATS[typeA.toLowerCase()]
  const b = FORMATS[typeB.toLowerCase()]
  if (a === undefined || b === undefined) return null
  return (x, y) => {
    if (x === y) return true
    const halfA = 2 ** (Math.max(exponent(x), a.least) - a.bits - 1)
    const halfB = 2 ** (Math.max(exponent(y), b.least) - b.bits - 1)
    return Math.abs(x - y) <= halfA + halfB
  }
}
