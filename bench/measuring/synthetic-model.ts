/**
 * A large model that nobody trained: the names and shapes of a Llama of 2,048 dimensions, bf16, with values that are
 * distributed as weights are.
 *
 * The values are quantiles of a normal distribution under a key stream of AES, so that a seed gives the same file
 * everywhere and two gigabytes take seconds. Real weights matter to the readers in two ways that are kept: no number is
 * subnormal, and no two rows are alike.
 */
import { createCipheriv, type Cipheriv } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const WIDTH = 2048
const HIDDEN = 5632
const KEY_WIDTH = 256
const VOCABULARY = 32_000
const PIECE = 4 * 1024 * 1024
const SPREAD = 0.02

interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
}

function layerTensors(layer: number): readonly Tensor[] {
  const at = (name: string, ...shape: number[]): Tensor => ({ name: `model.layers.${layer}.${name}.weight`, shape })
  return [
    at('input_layernorm', WIDTH),
    at('self_attn.q_proj', WIDTH, WIDTH),
    at('self_attn.k_proj', KEY_WIDTH, WIDTH),
    at('self_attn.v_proj', KEY_WIDTH, WIDTH),
    at('self_attn.o_proj', WIDTH, WIDTH),
    at('post_attention_layernorm', WIDTH),
    at('mlp.gate_proj', HIDDEN, WIDTH),
    at('mlp.up_proj', HIDDEN, WIDTH),
    at('mlp.down_proj', WIDTH, HIDDEN),
  ]
}

function bytesOf({ shape }: Tensor): number {
  return 2 * shape.reduce((all, each) => all * each, 1)
}

function sum(tensors: readonly Tensor[]): number {
  return tensors.reduce((all, each) => all + bytesOf(each), 0)
}

function planTensors(bytes: number): { readonly tensors: readonly Tensor[]; readonly layers: number } {
  const ends = [
    { name: 'model.embed_tokens.weight', shape: [VOCABULARY, WIDTH] },
    { name: 'model.norm.weight', shape: [WIDTH] },
    { name: 'lm_head.weight', shape: [VOCABULARY, WIDTH] },
  ]
  const layers = Math.max(1, Math.round((bytes - sum(ends)) / sum(layerTensors(0))))
  return { tensors: [...ends, ...Array.from({ length: layers }, (_, layer) => layerTensors(layer)).flat()], layers }
}

/** The 65,536 quantiles of a normal distribution, as bf16; by the logistic approximation, good to a percent. */
function quantiles(mean: number): Uint16Array {
  const values = Float32Array.from({ length: 65_536 }, (_, index) => {
    const p = (index + 0.5) / 65_536
    return mean + (SPREAD * Math.log(p / (1 - p))) / 1.702
  })
  return Uint16Array.from(new Uint32Array(values.buffer), (bits) => bits >>> 16)
}

function writeValues(file: number, tensors: readonly Tensor[], cipher: Cipheriv): void {
  const zeros = new Uint8Array(PIECE)
  const [weights, gains] = [quantiles(0), quantiles(1)]
  for (const tensor of tensors) {
    const table = tensor.shape.length === 1 ? gains : weights
    for (let left = bytesOf(tensor); left > 0; left -= PIECE) {
      const stream = cipher.update(zeros.subarray(0, Math.min(PIECE, left)))
      const codes = new Uint16Array(stream.buffer, stream.byteOffset, stream.length / 2)
      for (let i = 0; i < codes.length; i++) codes[i] = table[codes[i] as number] as number
      writeSync(file, stream)
    }
  }
}

function headerOf(tensors: readonly Tensor[]): Buffer {
  let at = 0
  const entries = tensors.map((tensor) => {
    const data_offsets = [at, (at += bytesOf(tensor))]
    return [tensor.name, { dtype: 'BF16', shape: tensor.shape, data_offsets }]
  })
  const text = JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(entries) })
  const padded = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return Buffer.concat([length, padded])
}

function configOf(layers: number): string {
  const config = {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_size: WIDTH,
    intermediate_size: HIDDEN,
    num_hidden_layers: layers,
    num_attention_heads: 32,
    num_key_value_heads: 4,
    vocab_size: VOCABULARY,
    rms_norm_eps: 1e-5,
    hidden_act: 'silu',
    tie_word_embeddings: false,
    torch_dtype: 'bfloat16',
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

/** What was written. */
export interface SyntheticModel {
  readonly folder: string
  /** The safetensors file, which is all but a few hundred bytes of it. */
  readonly weights: string
  readonly bytes: number
  readonly layers: number
}

/** Writes a model folder of about `bytes` bytes; the same seed gives the same bytes. */
export function writeSyntheticModel(folder: string, bytes: number, seed = 1): SyntheticModel {
  const { tensors, layers } = planTensors(bytes)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'config.json'), configOf(layers))
  writeFileSync(join(folder, 'README.md'), '---\nlicense: cc0-1.0\n---\n# Noise in the shape of a model\n')
  const weights = join(folder, 'model.safetensors')
  const header = headerOf(tensors)
  const file = openSync(weights, 'w')
  const key = Buffer.alloc(16)
  key.writeUInt32LE(seed)
  writeSync(file, header)
  writeValues(file, tensors, createCipheriv('aes-128-ctr', key, Buffer.alloc(16)))
  fsyncSync(file)
  closeSync(file)
  return { folder, weights, bytes: header.length + sum(tensors), layers }
}
