/**
 * The element and block types of tensors: how many elements stand in how many bytes.
 *
 * safetensors names its types in upper case (`BF16`), GGUF numbers them and ggml names them in lower case (`q4_0`);
 * the two never collide. A quantised type packs a fixed number of elements into a block with its own scales.
 *
 * Source: safetensors `Dtype` (tensor.rs); ggml `ggml-common.h` and `ggml.h` (enum ggml_type). For `q8_1` the size is
 * that of ggml's structure (two halves and 32 bytes); the Python package says 40, which is the structure of 2023.
 */
import { Fault } from '../base/index.ts'

/** Layout of one type. */
export interface TensorLayout {
  readonly name: string
  /** Elements in a block; 1 for plain types. */
  readonly blockElements: number
  /** Bytes of a block. */
  readonly blockBytes: number
  /** False when the size is known but no decoder exists: such a tensor can be measured and digested, not compared. */
  readonly decodable: boolean
}

/** Layout of a GGUF type with its number in the file. */
export interface GgmlType extends TensorLayout {
  readonly id: number
}

function ggml(id: number, name: string, blockElements: number, blockBytes: number): GgmlType {
  return { id, name, blockElements, blockBytes, decodable: true }
}

/** Every type that GGUF v2 and v3 files can hold today, by ascending id; 4, 5, 31–33 and 36–38 were withdrawn. */
export const GGML_TYPES: readonly GgmlType[] = [
  ggml(0, 'f32', 1, 4),
  ggml(1, 'f16', 1, 2),
  ggml(2, 'q4_0', 32, 18),
  ggml(3, 'q4_1', 32, 20),
  ggml(6, 'q5_0', 32, 22),
  ggml(7, 'q5_1', 32, 24),
  ggml(8, 'q8_0', 32, 34),
  ggml(9, 'q8_1', 32, 36),
  ggml(10, 'q2_k', 256, 84),
  ggml(11, 'q3_k', 256, 110),
  ggml(12, 'q4_k', 256, 144),
  ggml(13, 'q5_k', 256, 176),
  ggml(14, 'q6_k', 256, 210),
  ggml(15, 'q8_k', 256, 292),
  ggml(16, 'iq2_xxs', 256, 66),
  ggml(17, 'iq2_xs', 256, 74),
  ggml(18, 'iq3_xxs', 256, 98),
  ggml(19, 'iq1_s', 256, 50),
  ggml(20, 'iq4_nl', 32, 18),
  ggml(21, 'iq3_s', 256, 110),
  ggml(22, 'iq2_s', 256, 82),
  ggml(23, 'iq4_xs', 256, 136),
  ggml(24, 'i8', 1, 1),
  ggml(25, 'i16', 1, 2),
  ggml(26, 'i32', 1, 4),
  ggml(27, 'i64', 1, 8),
  ggml(28, 'f64', 1, 8),
  ggml(29, 'iq1_m', 256, 56),
  ggml(30, 'bf16', 1, 2),
  ggml(34, 'tq1_0', 256, 54),
  ggml(35, 'tq2_0', 256, 66),
  ggml(39, 'mxfp4', 32, 17),
  ggml(40, 'nvfp4', 64, 36),
  ggml(41, 'q1_0', 128, 18),
  ggml(42, 'q2_0', 64, 18),
]

function plain(name: string, blockBytes: number, blockElements = 1, decodable = true): TensorLayout {
  return { name, blockElements, blockBytes, decodable }
}

/** Every type that safetensors names. */
export const SAFETENSORS_TYPES: readonly TensorLayout[] = [
  plain('BOOL', 1),
  plain('U8', 1),
  plain('I8', 1),
  plain('F8_E4M3', 1),
  plain('F8_E5M2', 1),
  plain('F8_E8M0', 1),
  plain('U16', 2),
  plain('I16', 2),
  plain('F16', 2),
  plain('BF16', 2),
  plain('U32', 4),
  plain('I32', 4),
  plain('F32', 4),
  plain('U64', 8),
  plain('I64', 8),
  plain('F64', 8),
  plain('F4', 1, 2, false),
  plain('F6_E2M3', 3, 4, false),
  plain('F6_E3M2', 3, 4, false),
  plain('F8_E4M3FNUZ', 1, 1, false),
  plain('F8_E5M2FNUZ', 1, 1, false),
  plain('C64', 8, 1, false),
]

const BY_NAME = new Map([...GGML_TYPES, ...SAFETENSORS_TYPES].map((layout) => [layout.name, layout]))

/** The layout of a type by name, or undefined. @example findTensorLayout('q4_0')?.blockBytes // 18 */
export function findTensorLayout(type: string): TensorLayout | undefined {
  return BY_NAME.get(type)
}

/**
 * The layout of a type that can be decoded.
 *
 * @throws Fault `type-unknown`; `type-undecodable` for a type of known size that no kernel decodes
 */
export function requireDecodable(type: string): TensorLayout {
  const layout = BY_NAME.get(type)
  if (layout === undefined) throw new Fault('type-unknown', `${JSON.stringify(type)} is no tensor type`)
  if (!layout.decodable) throw new Fault('type-undecodable', `no kernel decodes ${type}`)
  return layout
}

/**
 * Elements that so many bytes of a type hold.
 *
 * @throws Fault `type-unknown`; `partial-block` when the bytes are no whole number of blocks
 * @example tensorElements('q4_0', 36) // 64
 */
export function tensorElements(type: string, bytes: number): number {
  const layout = BY_NAME.get(type)
  if (layout === undefined) throw new Fault('type-unknown', `${JSON.stringify(type)} is no tensor type`)
  if (bytes % layout.blockBytes !== 0)
    throw new Fault('partial-block', `${bytes} bytes are no whole number of ${type} blocks of ${layout.blockBytes}`)
  return (bytes / layout.blockBytes) * layout.blockElements
}
