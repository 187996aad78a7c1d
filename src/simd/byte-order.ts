/**
 * Turns tensors of big-endian files into little-endian bytes.
 *
 * A big-endian GGUF holds the blocks as they lie in the memory of a big-endian host: each multi-byte field of the
 * structure is swapped, byte arrays are not. The fields are those of ggml's structures, a packed word that ggml
 * copies with `memcpy` counting as a word.
 *
 * Source: ggml `ggml-common.h` and `ggml-quants.c`; gguf `gguf_convert_endian.py` agrees for the types that it knows.
 */
import { requireDecodable } from './tensor-types.ts'

/** `count` fields of `width` bytes from `offset` within a block. */
type Field = readonly [offset: number, width: number, count: number]

const HALF: readonly Field[] = [[0, 2, 1]]
const TWO_HALVES: readonly Field[] = [[0, 2, 2]]

const BLOCK_FIELDS: ReadonlyMap<string, readonly Field[]> = new Map([
  ['q4_0', HALF],
  ['q4_1', TWO_HALVES],
  ['q5_0', [...HALF, [2, 4, 1]]],
  ['q5_1', [...TWO_HALVES, [4, 4, 1]]],
  ['q8_0', HALF],
  ['q8_1', TWO_HALVES],
  ['q2_k', [[80, 2, 2]]],
  ['q3_k', [[108, 2, 1]]],
  ['q4_k', TWO_HALVES],
  ['q5_k', TWO_HALVES],
  ['q6_k', [[208, 2, 1]]],
  [
    'q8_k',
    [
      [0, 4, 1],
      [260, 2, 16],
    ],
  ],
  ['iq2_xxs', [...HALF, [2, 4, 16]]],
  ['iq2_xs', [[0, 2, 33]]],
  ['iq3_xxs', [...HALF, [66, 4, 8]]],
  ['iq1_s', [...HALF, [34, 2, 8]]],
  ['iq4_nl', HALF],
  ['iq3_s', HALF],
  ['iq2_s', HALF],
  ['iq4_xs', TWO_HALVES],
  ['iq1_m', [[48, 2, 4]]],
  ['tq1_0', [[52, 2, 1]]],
  ['tq2_0', [[64, 2, 1]]],
  ['mxfp4', []],
  ['nvfp4', []],
  ['q1_0', HALF],
  ['q2_0', HALF],
] satisfies [string, readonly Field[]][])

/**
 * A little-endian copy of the bytes of a tensor of a big-endian file; the same function turns it back.
 *
 * @param bytes whole blocks of the type
 * @throws Fault `type-unknown`, `type-undecodable`
 */
export function swapByteOrder(type: string, bytes: Uint8Array): Uint8Array {
  const layout = requireDecodable(type)
  const fields = BLOCK_FIELDS.get(type)
  const swapped = Buffer.from(bytes)
  if (fields === undefined) return swapWords(swapped, layout.blockBytes)
  for (let block = 0; block < swapped.length; block += layout.blockBytes)
    for (const field of fields) swapField(swapped, block, field)
  return swapped
}

function swapWords(bytes: Buffer, width: number): Uint8Array {
  if (width === 2) return bytes.swap16()
  if (width === 4) return bytes.swap32()
  return width === 8 ? bytes.swap64() : bytes
}

function swapField(bytes: Buffer, block: number, [offset, width, count]: Field): void {
  for (let i = 0; i < count; i++) {
    const from = block + offset + i * width
    if (width === 2) bytes.writeUInt16LE(bytes.readUInt16BE(from), from)
    else bytes.writeUInt32LE(bytes.readUInt32BE(from), from)
  }
}
