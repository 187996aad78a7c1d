/**
 * Reference decoders of ggml's blocks of 32, 64 and 128 elements.
 *
 * Each decodes one block at `at` into `out` from `to`. Products of an f32 scale and a small integer are exact in f64,
 * so that storing them rounds once, as f32 arithmetic would; sums are rounded in between by `Math.fround`.
 *
 * Source: ggml `ggml-quants.c` (dequantize_row_*); MIT licence, The ggml authors. Own implementation.
 */
import { floatOfBits, halfToFloat } from './floats.ts'

/** Decodes one block of `bytes` at `at` into `out` from `to`. */
export type BlockDecoder = (bytes: DataView, at: number, out: Float32Array, to: number) => void

const half = (bytes: DataView, at: number): number => halfToFloat(bytes.getUint16(at, true))

/** Doubled E2M1 values of the codes 0 to 15. */
const E2M1_DOUBLED = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12] as const
/** The non-linear 4-bit steps of iq4_nl and iq4_xs. */
export const IQ4_STEPS = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113] as const

/** Calls `put` with index and 4-bit code: the low nibbles of `size / 2` bytes come first, then the high ones. */
function eachNibble(bytes: DataView, at: number, size: number, put: (index: number, code: number) => void): void {
  for (let i = 0; i < size / 2; i++) {
    const byte = bytes.getUint8(at + i)
    put(i, byte & 15)
    put(i + size / 2, byte >> 4)
  }
}

function decodeQ4(offset: number, withMinimum: boolean): BlockDecoder {
  return (bytes, at, out, to) => {
    const scale = half(bytes, at)
    const minimum = withMinimum ? half(bytes, at + 2) : 0
    eachNibble(bytes, at + (withMinimum ? 4 : 2), 32, (i, code) => {
      const product = Math.fround(scale * (code - offset))
      out[to + i] = withMinimum ? product + minimum : product
    })
  }
}

function decodeQ5(offset: number, withMinimum: boolean): BlockDecoder {
  return (bytes, at, out, to) => {
    const scale = half(bytes, at)
    const minimum = withMinimum ? half(bytes, at + 2) : 0
    const highAt = at + (withMinimum ? 4 : 2)
    const high = bytes.getUint32(highAt, true)
    eachNibble(bytes, highAt + 4, 32, (i, code) => {
      const product = Math.fround(scale * ((code | (((high >>> i) & 1) << 4)) - offset))
      out[to + i] = withMinimum ? product + minimum : product
    })
  }
}

function decodeQ8(quantsAt: number): BlockDecoder {
  return (bytes, at, out, to) => {
    const scale = half(bytes, at)
    for (let i = 0; i < 32; i++) out[to + i] = scale * bytes.getInt8(at + quantsAt + i)
  }
}

const decodeQ1: BlockDecoder = (bytes, at, out, to) => {
  const scale = half(bytes, at)
  for (let i = 0; i < 128; i++) out[to + i] = (bytes.getUint8(at + 2 + (i >> 3)) >> (i & 7)) & 1 ? scale : -scale
}

const decodeQ2: BlockDecoder = (bytes, at, out, to) => {
  const scale = half(bytes, at)
  for (let i = 0; i < 64; i++) out[to + i] = scale * (((bytes.getUint8(at + 2 + (i >> 2)) >> (2 * (i & 3))) & 3) - 1)
}

const decodeIq4Nl: BlockDecoder = (bytes, at, out, to) => {
  const scale = half(bytes, at)
  eachNibble(bytes, at + 2, 32, (i, code) => {
    out[to + i] = scale * (IQ4_STEPS[code] as number)
  })
}

const decodeMxfp4: BlockDecoder = (bytes, at, out, to) => {
  const exponent = bytes.getUint8(at)
  const scale = floatOfBits(exponent < 2 ? 0x00200000 << exponent : (exponent - 1) << 23)
  eachNibble(bytes, at + 1, 32, (i, code) => {
    out[to + i] = scale * (E2M1_DOUBLED[code] as number)
  })
}

/** Half the value of an unsigned E4M3; the unused sign bit is ignored, and 0x7f counts as zero. */
function halfUe4m3(code: number): number {
  if (code === 0x7f) return 0
  const exponent = (code >> 3) & 15
  const fraction = code & 7
  return exponent === 0 ? fraction * 2 ** -10 : (8 + fraction) * 2 ** (exponent - 11)
}

const decodeNvfp4: BlockDecoder = (bytes, at, out, to) => {
  for (let group = 0; group < 4; group++) {
    const scale = halfUe4m3(bytes.getUint8(at + group))
    eachNibble(bytes, at + 4 + 8 * group, 16, (i, code) => {
      out[to + 16 * group + i] = scale * (E2M1_DOUBLED[code] as number)
    })
  }
}

/** Decoders of the small blocks by type. */
export const SMALL_BLOCKS: ReadonlyMap<string, BlockDecoder> = new Map([
  ['q4_0', decodeQ4(8, false)],
  ['q4_1', decodeQ4(0, true)],
  ['q5_0', decodeQ5(16, false)],
  ['q5_1', decodeQ5(0, true)],
  ['q8_0', decodeQ8(2)],
  ['q8_1', decodeQ8(4)],
  ['q1_0', decodeQ1],
  ['q2_0', decodeQ2],
  ['iq4_nl', decodeIq4Nl],
  ['mxfp4', decodeMxfp4],
  ['nvfp4', decodeNvfp4],
])
