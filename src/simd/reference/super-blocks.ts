/**
 * Reference decoders of ggml's super-blocks of 256 elements: the k-quants, the ternary types and iq4_xs.
 *
 * Conventions and source as in `small-blocks.ts`.
 */
import { halfToFloat } from './floats.ts'
import { IQ4_STEPS, type BlockDecoder } from './small-blocks.ts'

const half = (bytes: DataView, at: number): number => halfToFloat(bytes.getUint16(at, true))

const decodeQ2k: BlockDecoder = (bytes, at, out, to) => {
  const scale = half(bytes, at + 80)
  const minimum = half(bytes, at + 82)
  for (let i = 0; i < 256; i++) {
    const packed = bytes.getUint8(at + (i >> 4))
    const code = (bytes.getUint8(at + 16 + 32 * (i >> 7) + (i & 31)) >> (2 * ((i >> 5) & 3))) & 3
    out[to + i] = Math.fround(Math.fround(scale * (packed & 15)) * code) - Math.fround(minimum * (packed >> 4))
  }
}

/** The j-th of sixteen 6-bit scales of q3_k, minus 32. */
function scaleOfQ3k(bytes: DataView, at: number, j: number): number {
  const low = (bytes.getUint8(at + (j & 7)) >> (4 * (j >> 3))) & 15
  const high = (bytes.getUint8(at + 8 + (j & 3)) >> (2 * (j >> 2))) & 3
  return (low | (high << 4)) - 32
}

const decodeQ3k: BlockDecoder = (bytes, at, out, to) => {
  const scale = half(bytes, at + 108)
  for (let i = 0; i < 256; i++) {
    const groupScale = Math.fround(scale * scaleOfQ3k(bytes, at + 96, i >> 4))
    const low = (bytes.getUint8(at + 32 + 32 * (i >> 7) + (i & 31)) >> (2 * ((i >> 5) & 3))) & 3
    const high = (bytes.getUint8(at + (i & 31)) >> (i >> 5)) & 1
    out[to + i] = groupScale * (low - (high === 1 ? 0 : 4))
  }
}

/** The j-th 6-bit scale and minimum of q4_k and q5_k, packed in 12 bytes. */
function scaleAndMinimum(bytes: DataView, at: number, j: number): readonly [number, number] {
  const byte = (k: number): number => bytes.getUint8(at + k)
  if (j < 4) return [byte(j) & 63, byte(j + 4) & 63]
  return [(byte(j + 4) & 15) | ((byte(j - 4) >> 6) << 4), (byte(j + 4) >> 4) | ((byte(j) >> 6) << 4)]
}

function decodeQ45k(quantsAt: number, withHighBits: boolean): BlockDecoder {
  return (bytes, at, out, to) => {
    for (let group = 0; group < 8; group++) {
      const [scaleCode, minimumCode] = scaleAndMinimum(bytes, at + 4, group)
      const scale = Math.fround(half(bytes, at) * scaleCode)
      const minimum = Math.fround(half(bytes, at + 2) * minimumCode)
      for (let i = 0; i < 32; i++) {
        const low = (bytes.getUint8(at + quantsAt + 32 * (group >> 1) + i) >> (4 * (group & 1))) & 15
        const high = withHighBits ? (bytes.getUint8(at + 16 + i) >> group) & 1 : 0
        out[to + 32 * group + i] = Math.fround(scale * (low | (high << 4))) - minimum
      }
    }
  }
}

const decodeQ6k: BlockDecoder = (bytes, at, out, to) => {
  const scale = half(bytes, at + 208)
  for (let i = 0; i < 256; i++) {
    const part = (i >> 5) & 3
    const lowByte = bytes.getUint8(at + 64 * (i >> 7) + 32 * (part & 1) + (i & 31))
    const low = (lowByte >> (4 * (part >> 1))) & 15
    const high = (bytes.getUint8(at + 128 + 32 * (i >> 7) + (i & 31)) >> (2 * part)) & 3
    const groupScale = Math.fround(scale * bytes.getInt8(at + 192 + (i >> 4)))
    out[to + i] = groupScale * ((low | (high << 4)) - 32)
  }
}

const decodeQ8k: BlockDecoder = (bytes, at, out, to) => {
  const scale = bytes.getFloat32(at, true)
  for (let i = 0; i < 256; i++) out[to + i] = scale * bytes.getInt8(at + 4 + i)
}

/** Byte and power of three that hold element `i` of tq1_0. */
function placeOfTrit(i: number): readonly [number, number] {
  if (i < 160) return [i & 31, i >> 5]
  if (i < 240) return [32 + (i & 15), (i - 160) >> 4]
  return [48 + (i & 3), (i - 240) >> 2]
}

const decodeTq1: BlockDecoder = (bytes, at, out, to) => {
  const scale = half(bytes, at + 52)
  for (let i = 0; i < 256; i++) {
    const [byte, power] = placeOfTrit(i)
    const digit = (((bytes.getUint8(at + byte) * 3 ** power) & 255) * 3) >> 8
    out[to + i] = scale * (digit - 1)
  }
}

const decodeTq2: BlockDecoder = (bytes, at, out, to) => {
  const scale = half(bytes, at + 64)
  for (let i = 0; i < 256; i++) {
    const code = (bytes.getUint8(at + 32 * (i >> 7) + (i & 31)) >> (2 * ((i >> 5) & 3))) & 3
    out[to + i] = scale * (code - 1)
  }
}

const decodeIq4Xs: BlockDecoder = (bytes, at, out, to) => {
  const high = bytes.getUint16(at + 2, true)
  for (let group = 0; group < 8; group++) {
    const low = (bytes.getUint8(at + 4 + (group >> 1)) >> (4 * (group & 1))) & 15
    const scale = Math.fround(half(bytes, at) * ((low | (((high >> (2 * group)) & 3) << 4)) - 32))
    for (let i = 0; i < 32; i++) {
      const code = (bytes.getUint8(at + 8 + 16 * group + (i & 15)) >> (4 * (i >> 4))) & 15
      out[to + 32 * group + i] = scale * (IQ4_STEPS[code] as number)
    }
  }
}

/** Decoders of the super-blocks by type. */
export const SUPER_BLOCKS: ReadonlyMap<string, BlockDecoder> = new Map([
  ['q2_k', decodeQ2k],
  ['q3_k', decodeQ3k],
  ['q4_k', decodeQ45k(16, false)],
  ['q5_k', decodeQ45k(48, true)],
  ['q6_k', decodeQ6k],
  ['q8_k', decodeQ8k],
  ['tq1_0', decodeTq1],
  ['tq2_0', decodeTq2],
  ['iq4_xs', decodeIq4Xs],
])
