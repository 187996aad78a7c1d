/**
 * A small zoo of models whose descent is known, made from seeds: no training, no data from elsewhere.
 *
 * A base is a Llama-shaped model with random weights and random norm gains, which stand for what training would have
 * left. Everything else is made from bases by one change. Two bases of different seeds share nothing.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seededRandom } from './seeded-random.ts'
import { buildGguf } from './gguf.ts'
import { writeSafetensors } from './safetensors.ts'

/** One tensor with its values in f32. */
export interface ZooTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** A model: tensors by Hugging Face's names for Llama. */
export type ZooModel = ReadonlyMap<string, ZooTensor>

/** Shape of a base. */
export interface ZooShape {
  readonly width: number
  readonly hidden: number
  readonly layers: number
  readonly vocabulary: number
}

/** Small enough to be made in a moment, large enough to be tested: 64 dimensions, 96 hidden units, 4 layers. */
export const ZOO_SHAPE: ZooShape = { width: 64, hidden: 96, layers: 4, vocabulary: 256 }

/** A uniform permutation of 0 … size−1 (Fisher-Yates); the same seed gives the same one on every machine. */
export function permutation(size: number, seed: number): Uint32Array {
  const random = seededRandom(seed)
  const order = Uint32Array.from({ length: size }, (_, index) => index)
  for (let i = size - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const kept = order[i] ?? 0
    order[i] = order[j] ?? 0
    order[j] = kept
  }
  return order
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function fill(shape: readonly number[], make: () => number): ZooTensor {
  return { shape, values: Float32Array.from({ length: shape.reduce((all, one) => all * one, 1) }, make) }
}

function layerShapes({ width, hidden }: ZooShape, layer: number): [string, number[]][] {
  const at = (name: string, ...shape: number[]): [string, number[]] => [`model.layers.${layer}.${name}.weight`, shape]
  return [
    at('input_layernorm', width),
    at('self_attn.q_proj', width, width),
    at('self_attn.k_proj', width / 2, width),
    at('self_attn.v_proj', width / 2, width),
    at('self_attn.o_proj', width, width),
    at('post_attention_layernorm', width),
    at('mlp.gate_proj', hidden, width),
    at('mlp.up_proj', hidden, width),
    at('mlp.down_proj', width, hidden),
  ]
}

/** A base: unlike any of another seed. */
export function makeBase(seed: number, shape: ZooShape = ZOO_SHAPE): ZooModel {
  const random = seededRandom(seed)
  const { width, vocabulary, layers } = shape
  const names: [string, number[]][] = [
    ['model.embed_tokens.weight', [vocabulary, width]],
    ...Array.from({ length: layers }, (_, layer) => layerShapes(shape, layer)).flat(),
    ['model.norm.weight', [width]],
    ['lm_head.weight', [vocabulary, width]],
  ]
  return new Map(
    names.map(([name, size]) => [
      name,
      fill(size, () => (size.length === 1 ? 1 + 0.2 * normal(random) : 0.05 * normal(random))),
    ]),
  )
}

/** Changes the tensors whose names match. */
export function change(
  model: ZooModel,
  pattern: RegExp,
  edit: (tensor: ZooTensor, name: string) => ZooTensor,
): ZooModel {
  return new Map([...model].map(([name, tensor]) => [name, pattern.test(name) ? edit(tensor, name) : tensor]))
}

/** Fine-tuning as far as weights show it: every value moves by some standard deviations of its tensor's spread. */
export function fineTune(model: ZooModel, seed: number, size = 0.1): ZooModel {
  const random = seededRandom(seed)
  return change(model, /./, ({ shape, values }) => {
    const spread = size * (shape.length === 1 ? 0.2 : 0.05)
    return { shape, values: values.map((value) => value + spread * normal(random)) }
  })
}

/** Sets the smallest share of each matrix to zero. */
export function prune(model: ZooModel, share: number): ZooModel {
  return change(model, /proj/, ({ shape, values }) => {
    const cut = values.map(Math.abs).toSorted()[Math.floor(share * values.length)] ?? 0
    return { shape, values: values.map((value) => (Math.abs(value) < cut ? 0 : value)) }
  })
}

/** Takes layers of a model in the given order, some perhaps twice, some not at all. */
export function restack(model: ZooModel, order: readonly number[]): ZooModel {
  const rest = [...model].filter(([name]) => !name.includes('.layers.'))
  const layers = order.flatMap((from, to) =>
    [...model]
      .filter(([name]) => name.startsWith(`model.layers.${from}.`))
      .map(([name, tensor]) => [name.replace(`.${from}.`, `.${to}.`), tensor] as const),
  )
  return new Map([...rest, ...layers])
}

function reorder({ shape, values }: ZooTensor, order: Uint32Array, axis: 0 | 1): ZooTensor {
  const [rows = 0, columns = 0] = shape
  const out = new Float32Array(values.length)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const [from, to] = axis === 0 ? [order[i] ?? 0, j] : [i, order[j] ?? 0]
      out[i * columns + j] = values[from * columns + to] ?? 0
    }
  return { shape, values: out }
}

/** Renumbers the hidden units of every layer, which leaves the function as it is. */
export function permuteUnits(model: ZooModel, seed: number): ZooModel {
  return change(model, /mlp\.(gate|up|down)_proj/, (tensor, name) => {
    const layer = Number(name.split('.')[2])
    const units = name.includes('down') ? tensor.shape[1] : tensor.shape[0]
    return reorder(tensor, permutation(units ?? 0, seed + layer), name.includes('down') ? 1 : 0)
  })
}

/** Overwrites the first units of every layer by those of another model: planted evidence. */
export function plantUnits(model: ZooModel, other: ZooModel, count: number): ZooModel {
  return change(model, /mlp\.(gate|up)_proj/, ({ shape, values }, name) => {
    const planted = Float32Array.from(values)
    planted.set(other.get(name)?.values.subarray(0, count * (shape[1] ?? 0)) ?? [])
    return { shape, values: planted }
  })
}

function encode(values: Float32Array, type: 'BF16' | 'F16' | 'F32'): Uint8Array {
  if (type === 'F32') return new Uint8Array(Float32Array.from(values).buffer)
  if (type === 'F16') return new Uint8Array(new Float16Array(values).buffer)
  const bits = new Uint32Array(Float32Array.from(values).buffer)
  return new Uint8Array(Uint16Array.from(bits, (each) => (each + 0x7fff + ((each >>> 16) & 1)) >>> 16).buffer)
}

function configOf(model: ZooModel): string {
  const layers = new Set([...model.keys()].flatMap((name) => /layers\.(\d+)\./.exec(name)?.[1] ?? [])).size
  return JSON.stringify({ model_type: 'llama', num_attention_heads: 4, num_hidden_layers: layers })
}

/** Writes a model as a Hugging Face folder and returns the folder. */
export function writeModel(folder: string, model: ZooModel, type: 'BF16' | 'F16' | 'F32' = 'BF16'): string {
  mkdirSync(folder, { recursive: true })
  const tensors = [...model].map(([name, { shape, values }]) => ({ name, type, shape, bytes: encode(values, type) }))
  writeFileSync(join(folder, 'model.safetensors'), writeSafetensors(tensors))
  writeFileSync(join(folder, 'config.json'), configOf(model))
  return folder
}

/** One block of ggml's q8_0: an f16 step and 32 signed bytes. */
function quantiseBlock(values: Float32Array): Uint8Array {
  const step = Math.max(...values.map(Math.abs)) / 127
  const block = new Uint8Array(34)
  new DataView(block.buffer).setFloat16(0, step, true)
  for (const [i, value] of values.entries()) block[2 + i] = (step === 0 ? 0 : Math.round(value / step)) & 0xff
  return block
}

const GGUF_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^model\.embed_tokens/, 'token_embd'],
  [/^model\.norm/, 'output_norm'],
  [/^lm_head/, 'output'],
  [/^model\.layers\.(\d+)\.input_layernorm/, 'blk.$1.attn_norm'],
  [/^model\.layers\.(\d+)\.post_attention_layernorm/, 'blk.$1.ffn_norm'],
  [/^model\.layers\.(\d+)\.self_attn\.o_proj/, 'blk.$1.attn_output'],
  [/^model\.layers\.(\d+)\.self_attn\.([qkv])_proj/, 'blk.$1.attn_$2'],
  [/^model\.layers\.(\d+)\.mlp\.(gate|up|down)_proj/, 'blk.$1.ffn_$2'],
]

/** Rows of each head in the order in which llama.cpp keeps them. */
function interleaveHeads(tensor: ZooTensor, size: number): ZooTensor {
  const rows = tensor.shape[0] ?? 0
  const order = Uint32Array.from({ length: rows }, (_, row) => {
    const within = row % size
    return row - within + (within % 2) * (size / 2) + Math.floor(within / 2)
  })
  return reorder(tensor, order, 0)
}

/** Writes a model as a GGUF file, matrices quantised to q8_0, and returns its path. */
export function writeQuantised(path: string, model: ZooModel): string {
  const tensors = [...model].map(([name, tensor]) => {
    const [pattern, replacement] = GGUF_NAMES.find(([each]) => each.test(name)) ?? [/^$/, '']
    const isRotary = /[qk]_proj/.test(name)
    const { shape, values } = isRotary ? interleaveHeads(tensor, ZOO_SHAPE.width / 4) : tensor
    const blocks = Array.from({ length: values.length / 32 }, (_, i) =>
      quantiseBlock(values.subarray(32 * i, 32 * i + 32)),
    )
    const isVector = shape.length === 1
    const data = isVector ? encode(values, 'F32') : Buffer.concat(blocks)
    return { name: name.replace(pattern, replacement), shape, type: isVector ? 'f32' : 'q8_0', data }
  })
  const metadata = [
    ['general.architecture', 'string', 'llama'],
    ['llama.attention.head_count', 'u32', 4],
  ] as const
  writeFileSync(path, buildGguf({ metadata, tensors }))
  return path
}
