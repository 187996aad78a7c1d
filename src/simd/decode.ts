/**
 * Decodes the bytes of a tensor to f32.
 *
 * Guarantee: what ggml and PyTorch make of the same bytes, bit for bit, on every machine; only the payload and sign
 * of a NaN that arithmetic made are open. 64-bit values are rounded to f32, to nearest, ties to even.
 */
import { Fault } from '../base/index.ts'
import { swapByteOrder } from './byte-order.ts'
import type { CodebookName } from './codebooks.ts'
import { addressOf, floatsAt, placeAt, scratchAt } from './kernel-memory.ts'
import { codebookAddress, loadKernels } from './kernels.ts'
import { decodePlain } from './plain-values.ts'
import { requireDecodable, tensorElements, type TensorLayout } from './tensor-types.ts'

/** How to decode. */
export interface DecodeOptions {
  /** Where the values go, with room for all of them; a new array when left out. */
  readonly out?: Float32Array
  /** True for bytes of a big-endian file. */
  readonly bigEndian?: boolean
}

type KernelName = `decode${string}`

/** Types that a kernel decodes, with the codebook that it needs. */
const KERNELS: ReadonlyMap<string, readonly [KernelName, CodebookName?]> = new Map<
  string,
  readonly [KernelName, CodebookName?]
>([
  ['BF16', ['decodeBf16']],
  ['bf16', ['decodeBf16']],
  ['F16', ['decodeF16']],
  ['f16', ['decodeF16']],
  ['F8_E4M3', ['decodeE4m3']],
  ['F8_E5M2', ['decodeE5m2']],
  ['q4_0', ['decodeQ4_0']],
  ['q4_1', ['decodeQ4_1']],
  ['q5_0', ['decodeQ5_0']],
  ['q5_1', ['decodeQ5_1']],
  ['q8_0', ['decodeQ8_0']],
  ['q8_1', ['decodeQ8_1']],
  ['q2_k', ['decodeQ2K']],
  ['q3_k', ['decodeQ3K']],
  ['q4_k', ['decodeQ4K']],
  ['q5_k', ['decodeQ5K']],
  ['q6_k', ['decodeQ6K']],
  ['q8_k', ['decodeQ8K']],
  ['iq2_xxs', ['decodeIq2Xxs', 'iq2_xxs']],
  ['iq2_xs', ['decodeIq2Xs', 'iq2_xs']],
  ['iq2_s', ['decodeIq2S', 'iq2_s']],
  ['iq3_xxs', ['decodeIq3Xxs', 'iq3_xxs']],
  ['iq3_s', ['decodeIq3S', 'iq3_s']],
  ['iq1_s', ['decodeIq1S', 'iq1']],
  ['iq1_m', ['decodeIq1M', 'iq1']],
  ['iq4_nl', ['decodeIq4Nl']],
  ['iq4_xs', ['decodeIq4Xs']],
  ['tq1_0', ['decodeTq1_0']],
  ['tq2_0', ['decodeTq2_0']],
  ['mxfp4', ['decodeMxfp4']],
  ['nvfp4', ['decodeNvfp4']],
  ['q1_0', ['decodeQ1_0']],
  ['q2_0', ['decodeQ2_0']],
])

/** Elements decoded at a time: their f32 fit into the second-level cache. */
const TILE_ELEMENTS = 65_536
/** Scratch of a tile: its bytes, at most 8 an element, then its f32. */
const VALUES_AT = 8 * TILE_ELEMENTS

/**
 * The values of a tensor, or of a part of it that begins and ends between blocks.
 *
 * @param type safetensors' name or ggml's in lower case, see `GGML_TYPES` and `SAFETENSORS_TYPES`
 * @returns the values, in `out` when it was given (cut to their number)
 * @throws Fault `type-unknown`, `type-undecodable`, `partial-block`; `out-too-small`
 * @example [...decodeTensor('BF16', Uint8Array.of(0x80, 0x3f, 0x00, 0xc0))] // [1, -2]
 */
export function decodeTensor(type: string, bytes: Uint8Array, options: DecodeOptions = {}): Float32Array {
  const elements = tensorElements(type, bytes.length)
  requireDecodable(type)
  const out = options.out ?? new Float32Array(elements)
  if (out.length < elements) throw new Fault('out-too-small', `${elements} values do not fit into ${out.length}`)
  const target = out.subarray(0, elements)
  decodeInto(target, type, options.bigEndian === true ? swapByteOrder(type, bytes) : bytes)
  return target
}

function decodeInto(out: Float32Array, type: string, bytes: Uint8Array): void {
  const placed = addressOf(out)
  if (!KERNELS.has(type)) decodePlain(out, type, bytes)
  else if (placed === undefined) eachDecodedTile(type, bytes, (tile, at) => out.set(tile, at))
  else eachDecodedTile(type, bytes, () => {}, placed)
}

/**
 * Decodes tile after tile in the kernel memory.
 *
 * @param visit takes the values of a tile, valid until it returns, and the number of its first element
 * @param target where the values go, if that is in the kernel memory
 */
export function eachDecodedTile(
  type: string,
  bytes: Uint8Array,
  visit: (tile: Float32Array, at: number) => void,
  target?: number,
): void {
  const layout = requireDecodable(type)
  const blocks = Math.floor(TILE_ELEMENTS / layout.blockElements)
  const step = blocks * layout.blockBytes
  for (let from = 0, at = 0; from < bytes.length; from += step, at += blocks * layout.blockElements) {
    const part = bytes.subarray(from, from + step)
    visit(decodeTile(layout, part, target === undefined ? scratchAt(VALUES_AT) : target + 4 * at), at)
  }
}

function decodeTile(layout: TensorLayout, bytes: Uint8Array, target: number): Float32Array {
  const count = bytes.length / layout.blockBytes
  const values = floatsAt(target, count * layout.blockElements)
  const kernel = KERNELS.get(layout.name)
  if (kernel === undefined) {
    decodePlain(values, layout.name, bytes)
    return values
  }
  const [name, codebook] = kernel
  loadKernels()[name]?.(placeAt(bytes, 0), count, target, codebook === undefined ? 0 : codebookAddress(codebook))
  return values
}
