/**
 * What `general.file_type` promises about the tensors.
 *
 * A file type names the type that *most* matrices have; quantisers keep some in finer types and fall back to others
 * where a row is no multiple of 256. So two things contradict: the promised type is in none of the matrices, or the
 * matrices take more than twice or less than half the bits that it takes.
 *
 * Source: llama.h, `enum llama_ftype`; the default type of each is that of llama.cpp's quantiser.
 */
import type { TensorFact } from '../facts.ts'
import { ggmlTypeByName, type GgmlType } from './ggml-types.ts'

const PROMISED: ReadonlyMap<number, string> = new Map([
  [0, 'f32'],
  [1, 'f16'],
  [2, 'q4_0'],
  [3, 'q4_1'],
  [7, 'q8_0'],
  [8, 'q5_0'],
  [9, 'q5_1'],
  [10, 'q2_k'],
  [11, 'q3_k'],
  [12, 'q3_k'],
  [13, 'q3_k'],
  [14, 'q4_k'],
  [15, 'q4_k'],
  [16, 'q5_k'],
  [17, 'q5_k'],
  [18, 'q6_k'],
  [19, 'iq2_xxs'],
  [20, 'iq2_xs'],
  [21, 'q2_k'],
  [22, 'iq3_s'],
  [23, 'iq3_xxs'],
  [24, 'iq1_s'],
  [25, 'iq4_nl'],
  [26, 'iq3_s'],
  [27, 'iq3_s'],
  [28, 'iq2_xs'],
  [29, 'iq2_s'],
  [30, 'iq4_xs'],
  [31, 'iq1_m'],
  [32, 'bf16'],
  [36, 'tq1_0'],
  [37, 'tq2_0'],
  [38, 'mxfp4'],
  [39, 'nvfp4'],
  [40, 'q1_0'],
  [41, 'q2_0'],
])

const GUESSED = 1024
/** Embeddings and outputs are kept finer than the rest, and can outweigh it in a small model. */
const KEPT_FINER = /(^|\.)(token_embd|output|per_layer_token_embd)\.weight$/

/** The ggml type that a file type promises, or undefined. */
function promisedType(fileType: number): GgmlType | undefined {
  return ggmlTypeByName(PROMISED.get(fileType & ~GUESSED) ?? '')
}

/** Says how the matrices contradict a file type, or undefined when they do not. */
export function contradictFileType(fileType: number, tensors: readonly TensorFact[]): string | undefined {
  const promised = promisedType(fileType)
  const matrices = tensors.filter(({ shape, name }) => shape.length >= 2 && !KEPT_FINER.test(name))
  if (promised === undefined || matrices.length === 0) return undefined
  const wanted = (8 * promised.blockBytes) / promised.blockElements
  if (matrices.some(({ shape }) => (shape.at(-1) ?? 1) % promised.blockElements !== 0)) return undefined
  const elements = matrices.reduce((sum, { shape }) => sum + shape.reduce((all, one) => all * one, 1), 0)
  const bits = (8 * matrices.reduce((sum, { length }) => sum + length, 0)) / elements
  const carried = tensors.some(({ type }) => type === promised.name)
  if (carried && bits <= 2 * wanted && bits >= wanted / 2) return undefined
  const what = carried ? '' : `, and no tensor is ${promised.name}`
  return `file type ${fileType} promises ${promised.name} (${wanted} bits an element); the matrices take ${bits.toFixed(2)}${what}`
}
