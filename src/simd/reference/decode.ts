/**
 * Reference of `decodeTensor`: every type to f32, one element or block at a time.
 *
 * Integers and f64 are rounded to f32 (to nearest, ties to even); everything else is exact but for the products and
 * sums that define a quantised type.
 */
import { roundWide } from '../plain-values.ts'
import { requireDecodable } from '../tensor-types.ts'
import { CODEBOOK_BLOCKS } from './codebook-blocks.ts'
import { e4m3ToBits, e5m2ToBits, e8m0ToBits, halfToBits } from './floats.ts'
import { SMALL_BLOCKS, type BlockDecoder } from './small-blocks.ts'
import { SUPER_BLOCKS } from './super-blocks.ts'

/** A decoder of one element from a value. */
function fromValue(read: (bytes: DataView, at: number) => number): BlockDecoder {
  return (bytes, at, out, to) => {
    out[to] = read(bytes, at)
  }
}

/** A decoder of one element from the bits of its f32, which leaves NaN as it is. */
function fromBits(read: (bytes: DataView, at: number) => number): BlockDecoder {
  return (bytes, at, out, to) => {
    new DataView(out.buffer, out.byteOffset + 4 * to, 4).setUint32(0, read(bytes, at), true)
  }
}

const F16 = fromBits((bytes, at) => halfToBits(bytes.getUint16(at, true)))
const BF16 = fromBits((bytes, at) => bytes.getUint16(at, true) << 16)
const F32 = fromBits((bytes, at) => bytes.getUint32(at, true))
const F64 = fromValue((bytes, at) => bytes.getFloat64(at, true))
const I8 = fromValue((bytes, at) => bytes.getInt8(at))
const I16 = fromValue((bytes, at) => bytes.getInt16(at, true))
const I32 = fromValue((bytes, at) => bytes.getInt32(at, true))
const I64 = fromValue((bytes, at) => roundWide(bytes.getBigInt64(at, true)))

/** Decoders of the plain types by name. */
const PLAIN: ReadonlyMap<string, BlockDecoder> = new Map([
  ['F64', F64],
  ['F32', F32],
  ['F16', F16],
  ['BF16', BF16],
  ['F8_E4M3', fromBits((bytes, at) => e4m3ToBits(bytes.getUint8(at)))],
  ['F8_E5M2', fromBits((bytes, at) => e5m2ToBits(bytes.getUint8(at)))],
  ['F8_E8M0', fromBits((bytes, at) => e8m0ToBits(bytes.getUint8(at)))],
  ['BOOL', fromValue((bytes, at) => Number(bytes.getUint8(at) !== 0))],
  ['U8', fromValue((bytes, at) => bytes.getUint8(at))],
  ['U16', fromValue((bytes, at) => bytes.getUint16(at, true))],
  ['U32', fromValue((bytes, at) => bytes.getUint32(at, true))],
  ['U64', fromValue((bytes, at) => roundWide(bytes.getBigUint64(at, true)))],
  ['I8', I8],
  ['I16', I16],
  ['I32', I32],
  ['I64', I64],
  ['f64', F64],
  ['f32', F32],
  ['f16', F16],
  ['bf16', BF16],
  ['i8', I8],
  ['i16', I16],
  ['i32', I32],
  ['i64', I64],
])

/** The decoder of a type. @throws Fault `type-unknown`, `type-undecodable` */
export function referenceDecoder(type: string): BlockDecoder {
  const decoder = PLAIN.get(type) ?? SMALL_BLOCKS.get(type) ?? SUPER_BLOCKS.get(type) ?? CODEBOOK_BLOCKS.get(type)
  if (decoder === undefined) throw new Error(`${requireDecodable(type).name} has no reference decoder`)
  return decoder
}

/** Decodes whole little-endian blocks into `out`, which must be large enough. @throws Fault `type-unknown` */
export function decodeTensorReference(type: string, bytes: Uint8Array, out: Float32Array): void {
  const { blockBytes, blockElements } = requireDecodable(type)
  const decode = referenceDecoder(type)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0, to = 0; at < bytes.length; at += blockBytes, to += blockElements) decode(view, at, out, to)
}
