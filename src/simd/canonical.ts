/**
 * Canonical bf16: the same weights, however they were cast, become the same bytes.
 *
 * A value is rounded to bf16 (to nearest, ties to even, through f32 for wider types); then a magnitude below 2^-16
 * becomes +0, since f16 has too few bits there, and every NaN becomes 0x7fc0. The flush comes after the rounding, so
 * that a tensor and its bf16 copy agree. −0 is below 2^-16 and becomes +0.
 *
 * Source: lineage-weights design, section 4: f32, f16 and bf16 casts of a bf16 tensor hash equal.
 */
import { Fault } from '../base/index.ts'
import { swapByteOrder } from './byte-order.ts'
import { eachDecodedTile } from './decode.ts'
import { addressOf, codesAt, placeAt, scratchAt } from './kernel-memory.ts'
import { loadKernels } from './kernels.ts'
import { requireDecodable, tensorElements } from './tensor-types.ts'

/** How to canonicalise. */
export interface CanonicalOptions {
  /** Where the codes go, with room for all of them; for `BF16` it may be the memory of the input. */
  readonly out?: Uint16Array
  /** True for bytes of a big-endian file. */
  readonly bigEndian?: boolean
}

const DIRECT = new Map<string, 'canonicalOfBf16' | 'canonicalOfF16' | 'canonicalOfF32'>([
  ['BF16', 'canonicalOfBf16'],
  ['bf16', 'canonicalOfBf16'],
  ['F16', 'canonicalOfF16'],
  ['f16', 'canonicalOfF16'],
  ['F32', 'canonicalOfF32'],
  ['f32', 'canonicalOfF32'],
])

/** Elements at a time when something has to be copied. */
const TILE_ELEMENTS = 65_536
/** Scratch for the codes, behind what `eachDecodedTile` uses. */
const CODES_AT = 16 * TILE_ELEMENTS

/**
 * The canonical codes of a tensor, or of a part of it that begins and ends between blocks.
 *
 * In memory the codes are little-endian, as they are to be hashed. For `BF16`, `F16` and `F32` the way is direct; it
 * is fastest when both input and `out` come from `newKernelBuffer`.
 *
 * @throws Fault as `decodeTensor`
 * @example [...toCanonicalBf16('BF16', Uint8Array.of(0x80, 0x3f, 0x00, 0x80))] // [0x3f80, 0]
 */
export function toCanonicalBf16(type: string, bytes: Uint8Array, options: CanonicalOptions = {}): Uint16Array {
  const elements = tensorElements(type, bytes.length)
  requireDecodable(type)
  const out = options.out ?? new Uint16Array(elements)
  if (out.length < elements) throw new Fault('out-too-small', `${elements} codes do not fit into ${out.length}`)
  const target = out.subarray(0, elements)
  const input = options.bigEndian === true ? swapByteOrder(type, bytes) : bytes
  const direct = DIRECT.get(type)
  if (direct === undefined) throughFloats(type, input, target)
  else loadAndRun(direct, input, target)
  return target
}

function loadAndRun(
  name: 'canonicalOfBf16' | 'canonicalOfF16' | 'canonicalOfF32',
  bytes: Uint8Array,
  out: Uint16Array,
): void {
  const kernel = loadKernels()[name]
  const source = addressOf(bytes)
  const target = addressOf(out)
  if (source !== undefined && target !== undefined) {
    kernel(source, out.length, target)
    return
  }
  const size = bytes.length / Math.max(1, out.length)
  for (let at = 0; at < out.length; at += TILE_ELEMENTS) {
    const part = out.subarray(at, at + TILE_ELEMENTS)
    const from = placeAt(bytes.subarray(size * at, size * (at + TILE_ELEMENTS)), 0)
    keepCodes(part, (to) => kernel(from, part.length, to))
  }
}

/** Runs a kernel that writes codes, into `out` itself if that is possible. */
function keepCodes(out: Uint16Array, run: (target: number) => void): void {
  const placed = addressOf(out)
  const target = placed ?? scratchAt(CODES_AT)
  run(target)
  if (placed === undefined) out.set(codesAt(target, out.length))
}

function throughFloats(type: string, bytes: Uint8Array, out: Uint16Array): void {
  const { canonicalOfF32 } = loadKernels()
  eachDecodedTile(type, bytes, (tile, at) => {
    keepCodes(out.subarray(at, at + tile.length), (to) => canonicalOfF32(tile.byteOffset, tile.length, to))
  })
}
