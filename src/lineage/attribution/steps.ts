/**
 * The step of the lattice on which each stored number stands.
 *
 * Whoever writes bf16 rounds to one of 128 numbers between two powers of two; a number that was computed and then
 * stored is off by up to half a step, and by step²/12 in the mean square. For types whose blocks choose their own grid
 * the step is the smallest gap between two levels of the block.
 *
 * Guarantee: bit arithmetic and exact powers of two only, the same on every machine.
 */
import { isQuantised } from '../weights/part-sample.ts'

const FRACTION_BITS: Readonly<Record<string, number>> = { bf16: 7, f16: 10, f32: 23, f64: 23 }
/** Elements of a block over which a grid is found; a multiple of no block of a known type is larger than its row. */
const GRID_BLOCK = 32

const FLOAT = new Float32Array(1)
const BITS = new Uint32Array(FLOAT.buffer)

function plainStep(value: number, bits: number): number {
  FLOAT[0] = value
  const exponent = ((BITS[0] ?? 0) >>> 23) & 0xff
  return exponent === 0 || exponent === 255 ? 0 : 2 ** (exponent - 127 - bits)
}

function gridStep(block: Float32Array): number {
  const levels = Float32Array.from(new Set(block)).sort()
  let least = Infinity
  for (let i = 1; i < levels.length; i++) least = Math.min(least, (levels[i] ?? 0) - (levels[i - 1] ?? 0))
  return Number.isFinite(least) ? least : 0
}

/** Steps of the numbers of some rows. @param type the stored type */
export function stepsOf(values: Float32Array, type: string): Float32Array {
  const out = new Float32Array(values.length)
  if (!isQuantised(type)) {
    const bits = FRACTION_BITS[type.toLowerCase()] ?? 23
    for (const [i, value] of values.entries()) out[i] = plainStep(value, bits)
    return out
  }
  for (let from = 0; from < values.length; from += GRID_BLOCK) {
    const block = values.subarray(from, from + GRID_BLOCK)
    out.fill(gridStep(block), from, from + block.length)
  }
  return out
}
