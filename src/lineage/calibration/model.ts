/**
 * A model of the zoo: small, Llama-shaped (RMSNorm, rotary positions, grouped queries, SwiGLU), by Hugging Face's names.
 *
 * Matrices lie as output × input, row-major, as `nn.Linear` keeps them. All models of the zoo are plain values: a
 * change makes a new model and shares the tensors that it left alone.
 */
import { Fault } from '../../base/index.ts'

/** Sizes of a model. */
export interface ZooShape {
  /** Residual dimensions: 64, 96, 128. */
  readonly width: number
  /** Hidden units of each MLP. */
  readonly hidden: number
  readonly layers: number
  readonly vocabulary: number
  readonly heads: number
  /** Heads of keys and values; `heads` is a multiple. */
  readonly keyHeads: number
  /** True when the embedding is the head. */
  readonly tied: boolean
}

/** One tensor. The values are what the stored type can hold. */
export interface ZooTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
  /** `BF16` unless said otherwise: `F32`, `F16`, `q8_0`, `q4_0`. */
  readonly type?: 'F32' | 'F16' | 'BF16' | 'q8_0' | 'q4_0'
}

/** See the module. */
export interface ZooModel {
  readonly shape: ZooShape
  readonly tensors: ReadonlyMap<string, ZooTensor>
}

/** The usual shape. */
export const USUAL_SHAPE: ZooShape = {
  width: 64,
  hidden: 160,
  layers: 2,
  vocabulary: 256,
  heads: 4,
  keyHeads: 2,
  tied: false,
}

/** Names of what stands outside the layers. */
export const EMBEDDING = 'model.embed_tokens.weight'
/** See {@link EMBEDDING}. */
export const FINAL_NORM = 'model.norm.weight'
/** See {@link EMBEDDING}. */
export const HEAD = 'lm_head.weight'

const LAYER_NAMES = {
  attentionNorm: 'input_layernorm',
  q: 'self_attn.q_proj',
  k: 'self_attn.k_proj',
  v: 'self_attn.v_proj',
  o: 'self_attn.o_proj',
  mlpNorm: 'post_attention_layernorm',
  gate: 'mlp.gate_proj',
  up: 'mlp.up_proj',
  down: 'mlp.down_proj',
} as const
/** Parts of a layer. */
export type LayerPart = keyof typeof LAYER_NAMES

/** The tensor name of a part of a layer. */
export function layerName(layer: number, part: LayerPart): string {
  return `model.layers.${layer}.${LAYER_NAMES[part]}.weight`
}

function layerShapes(shape: ZooShape, layer: number): [string, readonly number[]][] {
  const { width, hidden, heads, keyHeads } = shape
  const keyWidth = (width / heads) * keyHeads
  const sizes: Readonly<Record<LayerPart, readonly number[]>> = {
    attentionNorm: [width],
    q: [width, width],
    k: [keyWidth, width],
    v: [keyWidth, width],
    o: [width, width],
    mlpNorm: [width],
    gate: [hidden, width],
    up: [hidden, width],
    down: [width, hidden],
  }
  return Object.entries(sizes).map(([part, size]) => [layerName(layer, part as LayerPart), size])
}

/** Names and shapes of all tensors, in the order in which they are stored. */
export function tensorShapes(shape: ZooShape): [string, readonly number[]][] {
  const { width, vocabulary, layers, tied } = shape
  return [
    [EMBEDDING, [vocabulary, width]],
    ...Array.from({ length: layers }, (_, layer) => layerShapes(shape, layer)).flat(),
    [FINAL_NORM, [width]],
    ...(tied ? [] : [[HEAD, [vocabulary, width]] as [string, readonly number[]]]),
  ]
}

/** The values of a tensor. @throws Fault `no-such-tensor` */
export function valuesOf(model: ZooModel, name: string): Float32Array {
  const tensor = model.tensors.get(name)
  if (tensor === undefined) throw new Fault('no-such-tensor', `the model has no tensor ${name}`)
  return tensor.values
}

/** The name of the matrix that makes logits. */
export function headName(shape: ZooShape): string {
  return shape.tied ? EMBEDDING : HEAD
}

/** Changes the tensors whose names match. */
export function changeTensors(
  model: ZooModel,
  pattern: RegExp,
  edit: (tensor: ZooTensor, name: string) => ZooTensor,
): ZooModel {
  const tensors = [...model.tensors].map(
    ([name, tensor]) => [name, pattern.test(name) ? edit(tensor, name) : tensor] as const,
  )
  return { ...model, tensors: new Map(tensors) }
}

const BITS = new Uint32Array(1)
const FLOAT = new Float32Array(BITS.buffer)

/** The nearest bf16 value, ties to even. */
export function toBf16(value: number): number {
  FLOAT[0] = value
  const bits = BITS[0] ?? 0
  BITS[0] = ((bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000) >>> 0
  return FLOAT[0] ?? 0
}

/** Rounds all values as a release in bf16 does. */
export function released(model: ZooModel): ZooModel {
  return changeTensors(model, /./, ({ shape, values }) => ({ shape, values: values.map(toBf16) }))
}
