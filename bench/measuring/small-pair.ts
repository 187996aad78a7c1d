/**
 * Two models of 135M parameters in the shape of SmolLM2: a parent and a child whose every weight moved a little.
 */
import { createCipheriv } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const WIDTH = 576
const HIDDEN = 1536
const LAYERS = 30
const VOCABULARY = 49_152

function names(): [string, number[]][] {
  const layers = Array.from({ length: LAYERS }, (_, layer): [string, number[]][] => {
    const at = (name: string, ...shape: number[]): [string, number[]] => [`model.layers.${layer}.${name}.weight`, shape]
    return [
      at('input_layernorm', WIDTH),
      at('self_attn.q_proj', WIDTH, WIDTH),
      at('self_attn.k_proj', WIDTH / 3, WIDTH),
      at('self_attn.v_proj', WIDTH / 3, WIDTH),
      at('self_attn.o_proj', WIDTH, WIDTH),
      at('post_attention_layernorm', WIDTH),
      at('mlp.gate_proj', HIDDEN, WIDTH),
      at('mlp.up_proj', HIDDEN, WIDTH),
      at('mlp.down_proj', WIDTH, HIDDEN),
    ]
  })
  return [['model.embed_tokens.weight', [VOCABULARY, WIDTH]], ...layers.flat(), ['model.norm.weight', [WIDTH]]]
}

/** Random bf16 numbers between 2^-8 and 2^-4 in magnitude, by a key stream of AES. */
function randomWeights(elements: number, key: number): Uint16Array {
  const stream = createCipheriv('aes-128-ctr', Buffer.alloc(16, key), Buffer.alloc(16)).update(
    Buffer.alloc(2 * elements),
  )
  const bits = new Uint16Array(stream.buffer, stream.byteOffset, elements)
  return bits.map((each) => (each & 0x8000) | (0x3b80 + (each & 0x1ff)))
}

function headerOf(tensors: readonly [string, number[]][]): Buffer {
  let at = 0
  const entries = tensors.map(([name, shape]) => {
    const length = 2 * shape.reduce((all, one) => all * one, 1)
    return [name, { dtype: 'BF16', shape, data_offsets: [at, (at += length)] }]
  })
  const text = JSON.stringify(Object.fromEntries(entries))
  const padded = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return Buffer.concat([length, padded])
}

const CONFIG = { model_type: 'llama', num_attention_heads: 9, num_hidden_layers: LAYERS, tie_word_embeddings: true }

function writeCodes(folder: string, codes: Uint16Array): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'config.json'), JSON.stringify(CONFIG))
  const bytes = Buffer.from(codes.buffer, codes.byteOffset, codes.byteLength)
  writeFileSync(join(folder, 'model.safetensors'), Buffer.concat([headerOf(names()), bytes]))
  return folder
}

function countElements(): number {
  return names().reduce((sum, [, shape]) => sum + shape.reduce((all, one) => all * one, 1), 0)
}

/** Writes an unrelated model of the same shape, of random codes and their places; returns its folder. */
export function writeSmallModel(folder: string, codeOf: (random: number, place: number) => number): string {
  const codes = randomWeights(countElements(), 9)
  for (let i = 0; i < codes.length; i++) codes[i] = codeOf(codes[i] as number, i)
  return writeCodes(folder, codes)
}

/** Writes both and returns their folders. */
export function writeSmallPair(place: string): readonly [string, string] {
  const parent = randomWeights(countElements(), 7)
  const child = parent.map((code, i) => code ^ (1 + (i & 7)))
  return [writeCodes(join(place, 'parent'), parent), writeCodes(join(place, 'child'), child)]
}
