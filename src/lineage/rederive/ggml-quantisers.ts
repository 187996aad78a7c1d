/**
 * The reference quantisers of ggml for blocks of 32: q4_0, q4_1, q5_0, q5_1, q8_0.
 *
 * A quantised release can be made again bit by bit from the numbers it was made of, if every step rounds as it did then.
 * All arithmetic is in f32, one rounding an operation. A compiler that contracts a product and a sum into one fused
 * operation rounds once less; `contracted` does the same.
 *
 * Guarantee: same input, same bytes. Non-finite input gives blocks that no release holds, never an error.
 * Source: layouts and rounding rules of `quantize_row_*_ref` in ggml; held against files made by it and by numpy.
 */
import { Fault } from '../../base/index.ts'

const BLOCK = 32
const HALF = BLOCK / 2

/** How products and sums are rounded. */
export interface QuantiserOptions {
  readonly contracted?: boolean
}

type Quantise = (values: Float32Array, block: DataView, fused: boolean) => void

/** x·scale + offset in f32. */
function scaleAndAdd(x: number, [scale, offset]: readonly [number, number], fused: boolean): number {
  return fused ? Math.fround(x * scale + offset) : Math.fround(Math.fround(x * scale) + offset)
}

function inverse(step: number): number {
  return step === 0 ? 0 : Math.fround(1 / step)
}

/** The value of greatest magnitude with its sign, the first of equals. */
function extreme(values: Float32Array): number {
  let most = 0
  for (const value of values) if (Math.abs(value) > Math.abs(most)) most = value
  return most
}

function range(values: Float32Array): readonly [number, number] {
  let least = Infinity
  let most = -Infinity
  for (const value of values) {
    if (value < least) least = value
    if (value > most) most = value
  }
  return [least, most]
}

/** Low four bits of each level, value j beside value j + 16. */
function packNibbles(levels: Uint8Array, block: DataView, at: number): void {
  for (let j = 0; j < HALF; j++) block.setUint8(at + j, ((levels[j] ?? 0) & 15) | (((levels[j + HALF] ?? 0) & 15) << 4))
}

/** The fifth bit of each level. */
function packFifths(levels: Uint8Array, block: DataView, at: number): void {
  let bits = 0
  for (const [j, level] of levels.entries()) bits |= ((level & 16) >> 4) << j
  block.setUint32(at, bits >>> 0, true)
}

function symmetric(bits: 4 | 5): Quantise {
  const centre = 2 ** (bits - 1)
  return (values, block, fused) => {
    const step = Math.fround(extreme(values) / -centre)
    const scale = inverse(step)
    const levels = Uint8Array.from(values, (value) =>
      Math.min(2 * centre - 1, Math.trunc(scaleAndAdd(value, [scale, centre + 0.5], fused))),
    )
    block.setFloat16(0, step, true)
    if (bits === 5) packFifths(levels, block, 2)
    packNibbles(levels, block, bits === 5 ? 6 : 2)
  }
}

function affine(bits: 4 | 5): Quantise {
  const top = 2 ** bits - 1
  return (values, block, fused) => {
    const [least, most] = range(values)
    const step = Math.fround(Math.fround(most - least) / top)
    const scale = inverse(step)
    const levels = Uint8Array.from(values, (value) =>
      Math.min(top, Math.trunc(scaleAndAdd(Math.fround(value - least), [scale, 0.5], fused))),
    )
    block.setFloat16(0, step, true)
    block.setFloat16(2, least, true)
    if (bits === 5) packFifths(levels, block, 4)
    packNibbles(levels, block, bits === 5 ? 8 : 4)
  }
}

/** Half away from zero, as C's `roundf`. */
function roundAway(value: number): number {
  return Math.sign(value) * Math.floor(Math.abs(value) + 0.5)
}

const quantiseBytes: Quantise = (values, block) => {
  const step = Math.fround(Math.abs(extreme(values)) / 127)
  const scale = inverse(step)
  block.setFloat16(0, step, true)
  for (const [j, value] of values.entries()) block.setInt8(2 + j, roundAway(Math.fround(value * scale)))
}

const QUANTISERS: ReadonlyMap<string, { readonly bytes: number; readonly quantise: Quantise }> = new Map([
  ['q4_0', { bytes: 18, quantise: symmetric(4) }],
  ['q4_1', { bytes: 20, quantise: affine(4) }],
  ['q5_0', { bytes: 22, quantise: symmetric(5) }],
  ['q5_1', { bytes: 24, quantise: affine(5) }],
  ['q8_0', { bytes: 34, quantise: quantiseBytes }],
])

/** True for types that {@link quantiseRows} writes. */
export function isRequantisable(type: string): boolean {
  return QUANTISERS.has(type)
}

/**
 * Quantises whole rows.
 *
 * @param values rows whose length is a multiple of 32, one after the other
 * @throws Fault `unknown-type`; `partial-block` when the values are no whole number of blocks
 */
export function quantiseRows(type: string, values: Float32Array, options: QuantiserOptions = {}): Uint8Array {
  const known = QUANTISERS.get(type)
  if (known === undefined) throw new Fault('unknown-type', `there is no reference quantiser of ${type}`)
  if (values.length % BLOCK !== 0)
    throw new Fault('partial-block', `${values.length} values are no whole number of blocks of ${BLOCK}`)
  const out = new Uint8Array((values.length / BLOCK) * known.bytes)
  for (let i = 0; i < values.length / BLOCK; i++)
    known.quantise(
      values.subarray(i * BLOCK, (i + 1) * BLOCK),
      new DataView(out.buffer, i * known.bytes, known.bytes),
      options.contracted ?? false,
    )
  return out
}
