/**
 * Rotary positions: coordinate pairs (i, i + half) of each head are turned by position · 10000^(−i/half).
 *
 * Source: J. Su et al., "RoFormer" (2021); the order of halves is that of Hugging Face's Llama.
 */
import { cosine, exponential, sine } from './arithmetic.ts'

/** Cosines and sines, position × half. */
export interface Rotary {
  readonly cosines: Float32Array
  readonly sines: Float32Array
  readonly half: number
}

const LN_BASE = 9.210340371976184

/** The table for heads of `size` coordinates. */
export function rotaryTable(length: number, size: number): Rotary {
  const half = size / 2
  const cosines = new Float32Array(length * half)
  const sines = new Float32Array(length * half)
  for (let position = 0; position < length; position++)
    for (let i = 0; i < half; i++) {
      const angle = position * exponential((-i / half) * LN_BASE)
      cosines[position * half + i] = cosine(angle)
      sines[position * half + i] = sine(angle)
    }
  return { cosines, sines, half }
}

/** Turns all heads of all rows in place; `sign` −1 turns back, which is also the gradient. */
export function turn(
  values: Float32Array,
  width: number,
  { table, length, sign }: { table: Rotary; length: number; sign: 1 | -1 },
): void {
  const { cosines, sines, half } = table
  for (let row = 0; row * width < values.length; row++) {
    const angles = (row % length) * half
    for (let head = row * width; head < (row + 1) * width; head += 2 * half)
      for (let i = 0; i < half; i++) {
        const c = cosines[angles + i] ?? 0
        const s = sign * (sines[angles + i] ?? 0)
        const x = values[head + i] ?? 0
        const y = values[head + half + i] ?? 0
        values[head + i] = x * c - y * s
        values[head + half + i] = y * c + x * s
      }
  }
}
