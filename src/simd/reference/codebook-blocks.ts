/**
 * Reference decoders of ggml's codebook types iq1, iq2 and iq3.
 *
 * A code of 8 to 11 bits names a lattice point of 4 or 8 coordinates; signs stand apart, either one bit a coordinate
 * or seven bits for eight, the eighth making the number of minus signs even. Conventions and source as in
 * `small-blocks.ts`; lattices from `../codebooks.ts`.
 */
import { unpackCodebook, type CodebookName } from '../codebooks.ts'
import { halfToFloat } from './floats.ts'
import type { BlockDecoder } from './small-blocks.ts'

const half = (bytes: DataView, at: number): number => halfToFloat(bytes.getUint16(at, true))

/** Eight signs from seven bits: the last one makes the parity even. */
function evenSigns(seven: number): number {
  let parity = seven
  parity ^= parity >> 4
  parity ^= parity >> 2
  parity ^= parity >> 1
  return seven | ((parity & 1) << 7)
}

interface Point {
  readonly book: CodebookName
  readonly width: 4 | 8
  readonly index: number
  /** Bit i set: coordinate i is negative. */
  readonly signs: number
  readonly scale: number
}

function putPoint({ book, width, index, signs, scale }: Point, out: Float32Array, to: number): void {
  const points = unpackCodebook(book)
  for (let i = 0; i < width; i++) {
    const value = Math.fround(scale * (points[width * index + i] as number))
    out[to + i] = (signs >> i) & 1 ? -value : value
  }
}

const scaleOf = (d: number, code: number, unit: number): number => Math.fround(d * (0.5 + code)) * unit

const decodeIq2Xxs: BlockDecoder = (bytes, at, out, to) => {
  for (let i = 0; i < 32; i++) {
    const word = bytes.getUint32(at + 2 + 8 * (i >> 2) + 4, true)
    const signs = evenSigns((word >>> (7 * (i & 3))) & 127)
    const scale = scaleOf(half(bytes, at), word >>> 28, 0.25)
    const index = bytes.getUint8(at + 2 + 8 * (i >> 2) + (i & 3))
    putPoint({ book: 'iq2_xxs', width: 8, index, signs, scale }, out, to + 8 * i)
  }
}

const decodeIq2Xs: BlockDecoder = (bytes, at, out, to) => {
  for (let i = 0; i < 32; i++) {
    const code = bytes.getUint16(at + 2 + 2 * i, true)
    const step = (bytes.getUint8(at + 66 + (i >> 2)) >> (4 * ((i >> 1) & 1))) & 15
    const scale = scaleOf(half(bytes, at), step, 0.25)
    putPoint({ book: 'iq2_xs', width: 8, index: code & 511, signs: evenSigns(code >> 9), scale }, out, to + 8 * i)
  }
}

const decodeIq2S: BlockDecoder = (bytes, at, out, to) => {
  for (let i = 0; i < 32; i++) {
    const high = (bytes.getUint8(at + 66 + (i >> 2)) >> (2 * (i & 3))) & 3
    const step = (bytes.getUint8(at + 74 + (i >> 2)) >> (4 * ((i >> 1) & 1))) & 15
    const index = bytes.getUint8(at + 2 + i) | (high << 8)
    const signs = bytes.getUint8(at + 34 + i)
    putPoint({ book: 'iq2_s', width: 8, index, signs, scale: scaleOf(half(bytes, at), step, 0.25) }, out, to + 8 * i)
  }
}

const decodeIq3Xxs: BlockDecoder = (bytes, at, out, to) => {
  for (let i = 0; i < 64; i++) {
    const word = bytes.getUint32(at + 66 + 4 * (i >> 3), true)
    const signs = evenSigns((word >>> (7 * ((i >> 1) & 3))) & 127) >> (4 * (i & 1))
    const scale = scaleOf(half(bytes, at), word >>> 28, 0.5)
    putPoint({ book: 'iq3_xxs', width: 4, index: bytes.getUint8(at + 2 + i), signs, scale }, out, to + 4 * i)
  }
}

const decodeIq3S: BlockDecoder = (bytes, at, out, to) => {
  for (let i = 0; i < 64; i++) {
    const high = (bytes.getUint8(at + 66 + (i >> 3)) >> (i & 7)) & 1
    const signs = bytes.getUint8(at + 74 + (i >> 1)) >> (4 * (i & 1))
    const step = (bytes.getUint8(at + 106 + (i >> 4)) >> (4 * ((i >> 3) & 1))) & 15
    const scale = Math.fround(half(bytes, at) * (1 + 2 * step))
    const index = bytes.getUint8(at + 2 + i) | (high << 8)
    putPoint({ book: 'iq3_s', width: 4, index, signs, scale }, out, to + 4 * i)
  }
}

/** Eight values of an iq1 type: (coordinate + shift) × scale, the shift being ±1/8. */
function putShifted(index: number, shift: number, scale: number, put: (i: number, value: number) => void): void {
  const points = unpackCodebook('iq1')
  for (let i = 0; i < 8; i++) put(i, scale * ((points[8 * index + i] as number) + shift))
}

const decodeIq1S: BlockDecoder = (bytes, at, out, to) => {
  for (let i = 0; i < 32; i++) {
    const word = bytes.getUint16(at + 34 + 2 * (i >> 2), true)
    const scale = Math.fround(half(bytes, at) * (2 * ((word >> 12) & 7) + 1))
    const index = bytes.getUint8(at + 2 + i) | (((word >> (3 * (i & 3))) & 7) << 8)
    putShifted(index, word & 0x8000 ? -0.125 : 0.125, scale, (j, value) => {
      out[to + 8 * i + j] = value
    })
  }
}

/** The scale of iq1_m is an f16 cut in four: the upper nibbles of four words. */
function scaleOfIq1M(bytes: DataView, at: number): number {
  const nibbles = [0, 1, 2, 3].map((i) => (bytes.getUint16(at + 48 + 2 * i, true) >> 12) << (4 * i))
  return halfToFloat(nibbles.reduce((sum, nibble) => sum | nibble, 0))
}

const decodeIq1M: BlockDecoder = (bytes, at, out, to) => {
  const d = scaleOfIq1M(bytes, at)
  for (let i = 0; i < 32; i++) {
    const step = (bytes.getUint16(at + 48 + 2 * (i >> 3), true) >> (3 * ((i >> 1) & 3))) & 7
    const high = (bytes.getUint8(at + 32 + (i >> 1)) >> (4 * (i & 1))) & 15
    const index = bytes.getUint8(at + i) | ((high & 7) << 8)
    putShifted(index, high & 8 ? -0.125 : 0.125, Math.fround(d * (2 * step + 1)), (j, value) => {
      out[to + 8 * i + j] = value
    })
  }
}

/** Decoders of the codebook types by type. */
export const CODEBOOK_BLOCKS: ReadonlyMap<string, BlockDecoder> = new Map([
  ['iq2_xxs', decodeIq2Xxs],
  ['iq2_xs', decodeIq2Xs],
  ['iq2_s', decodeIq2S],
  ['iq3_xxs', decodeIq3Xxs],
  ['iq3_s', decodeIq3S],
  ['iq1_s', decodeIq1S],
  ['iq1_m', decodeIq1M],
])
