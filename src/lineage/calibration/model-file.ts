/**
 * A model of the zoo as a safetensors file and back, so that trained models can be kept, looked at and compared.
 *
 * Reading believes nothing: a file that is not exactly what writing would have made of a model of this shape is as
 * good as none, and the model is trained again.
 */
import { tensorShapes, type ZooModel, type ZooShape, type ZooTensor } from './model.ts'
import { encodeTensor } from './memory-weights.ts'

function headerOf(shape: ZooShape): Uint8Array {
  let at = 0
  const entries = tensorShapes(shape).map(([name, size]) => {
    const from = at
    at += 2 * size.reduce((all, one) => all * one, 1)
    return [name, { dtype: 'BF16', shape: size, data_offsets: [from, at] }]
  })
  const text = JSON.stringify(Object.fromEntries(entries))
  const padded = new TextEncoder().encode(text + ' '.repeat((8 - (text.length % 8)) % 8))
  const header = new Uint8Array(8 + padded.length)
  new DataView(header.buffer).setBigUint64(0, BigInt(padded.length), true)
  header.set(padded, 8)
  return header
}

/** The file. All tensors are written as bf16. */
export function encodeModel({ shape, tensors }: ZooModel): Uint8Array {
  const pieces = tensorShapes(shape).map(([name]) => {
    const tensor = tensors.get(name)
    return tensor === undefined ? new Uint8Array(0) : encodeTensor({ shape: tensor.shape, values: tensor.values })
  })
  return Buffer.concat([headerOf(shape), ...pieces])
}

/** The configuration beside the file. */
export function configOf({ width, hidden, layers, vocabulary, heads, keyHeads, tied }: ZooShape): string {
  const config = {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_size: width,
    intermediate_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: keyHeads,
    vocab_size: vocabulary,
    tie_word_embeddings: tied,
    hidden_act: 'silu',
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    max_position_embeddings: 32,
    torch_dtype: 'bfloat16',
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

/** The model of a file, or undefined when it is not one of this shape. */
export function decodeModel(bytes: Uint8Array, shape: ZooShape): ZooModel | undefined {
  const header = headerOf(shape)
  if (Buffer.compare(bytes.subarray(0, header.length), header) !== 0) return undefined
  let at = header.length
  const tensors = tensorShapes(shape).map(([name, size]): [string, ZooTensor] => {
    const count = size.reduce((all, one) => all * one, 1)
    const words = new Uint16Array(Uint8Array.from(bytes.subarray(at, at + 2 * count)).buffer)
    at += 2 * count
    return [name, { shape: size, values: new Float32Array(Uint32Array.from(words, (word) => word << 16).buffer) }]
  })
  return at === bytes.length ? { shape, tensors: new Map(tensors) } : undefined
}
