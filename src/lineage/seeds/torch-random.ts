/**
 * What `normal_` and `uniform_` of PyTorch draw on the CPU, for f32 tensors.
 *
 * A uniform number is the low 24 bits of one draw. Normal numbers of tensors of 16 elements and more come by
 * Box-Muller in blocks of 16: element j with element j + 8; a last block that is not full is drawn anew from the end.
 * PyTorch's vectorised logarithm and cosine differ from these in the last bits, which no test here sees.
 *
 * Guarantee: the same numbers on every machine, equal to PyTorch's within 1e-6 of the deviation.
 * Source: `normal_fill` and `uniform_real_distribution` of ATen; held against PyTorch 2 in `torch-random.test.ts`.
 */
import { Fault } from '../../base/index.ts'
import type { Mt19937 } from './mt19937.ts'

const BLOCK = 16
const HALF = BLOCK / 2

function uniform(source: Mt19937): number {
  return (source.next() & 0xffffff) * 2 ** -24
}

/** `uniform_(low, high)`: one draw an element. */
export function drawUniform(source: Mt19937, count: number, range: readonly [number, number]): Float32Array {
  const [low, high] = range
  return Float32Array.from({ length: count }, () => uniform(source) * Math.fround(high - low) + low)
}

function toNormal(values: Float32Array, at: number): void {
  for (let j = at; j < at + HALF; j++) {
    const radius = Math.sqrt(-2 * Math.log(1 - (values[j] ?? 0)))
    const angle = 2 * Math.PI * (values[j + HALF] ?? 0)
    values[j] = radius * Math.cos(angle)
    values[j + HALF] = radius * Math.sin(angle)
  }
}

/**
 * `normal_()` of a tensor of `size` elements, mean 0 and deviation 1: its first `count` elements.
 *
 * @param count at most `size`; draws are spent for the whole tensor only when it is `size`
 * @throws Fault `too-small` below 16 elements, which PyTorch draws otherwise
 */
export function drawNormal(source: Mt19937, size: number, count = size): Float32Array {
  if (size < BLOCK) throw new Fault('too-small', `${size} elements; blocks of ${BLOCK} are drawn here`)
  const whole = Math.min(size, Math.ceil(count / BLOCK) * BLOCK)
  const values = Float32Array.from({ length: whole }, () => uniform(source))
  for (let at = 0; at + BLOCK <= whole; at += BLOCK) toNormal(values, at)
  if (whole === size && size % BLOCK !== 0) {
    const last = size - BLOCK
    for (let i = last; i < size; i++) values[i] = uniform(source)
    toNormal(values, last)
  }
  return values.subarray(0, count)
}

/** Draws that `normal_()` of a tensor spends. */
export function normalDraws(size: number): number {
  return size % BLOCK === 0 ? size : size + BLOCK
}
