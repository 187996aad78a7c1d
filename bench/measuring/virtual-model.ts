/**
 * A model of the shape of Llama 7B that stands nowhere: a safetensors file whose bytes are made when they are asked for.
 *
 * Weights are sums of two key streams under a table of normal quantiles, so that any byte of 13 GB can be had at once
 * and a child has any cosine with its parent: cosine · parent + √(1 − cosine²) · its own.
 */
import { createCipheriv } from 'node:crypto'

const WIDTH = 4096
const HIDDEN = 11_008
const LAYERS = 32
const VOCABULARY = 32_000

/** Seeds and angle of a model. */
export interface VirtualSeeds {
  readonly parent: number
  readonly own: number
  /** Cosine with the parent: 1 for the parent itself. */
  readonly cosine: number
}

function shapes(): readonly (readonly [string, readonly number[]])[] {
  const layer = (at: number): (readonly [string, readonly number[]])[] => [
    [`model.layers.${at}.input_layernorm.weight`, [WIDTH]],
    [`model.layers.${at}.mlp.down_proj.weight`, [WIDTH, HIDDEN]],
    [`model.layers.${at}.mlp.gate_proj.weight`, [HIDDEN, WIDTH]],
    [`model.layers.${at}.mlp.up_proj.weight`, [HIDDEN, WIDTH]],
    [`model.layers.${at}.post_attention_layernorm.weight`, [WIDTH]],
    ...['k', 'o', 'q', 'v'].map((name): readonly [string, readonly number[]] => [
      `model.layers.${at}.self_attn.${name}_proj.weight`,
      [WIDTH, WIDTH],
    ]),
  ]
  return [
    ['lm_head.weight', [VOCABULARY, WIDTH]],
    ['model.embed_tokens.weight', [VOCABULARY, WIDTH]],
    ...Array.from({ length: LAYERS }, (_, at) => layer(at)).flat(),
    ['model.norm.weight', [WIDTH]],
  ]
}

function header(): { readonly bytes: Buffer; readonly length: number } {
  let at = 0
  const entries = shapes().map(([name, shape]) => {
    const size = 2 * shape.reduce((all, one) => all * one, 1)
    return [name, { dtype: 'BF16', shape, data_offsets: [at, (at += size)] }]
  })
  const text = JSON.stringify(Object.fromEntries(entries))
  const padded = Buffer.from(text.padEnd(8 * Math.ceil(text.length / 8)))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return { bytes: Buffer.concat([length, padded]), length: at }
}

/** The 65,536 quantiles of a normal distribution, by the logistic approximation. */
const QUANTILES = Float32Array.from({ length: 65_536 }, (_, index) => {
  const p = (index + 0.5) / 65_536
  return (0.02 * Math.log(p / (1 - p))) / 1.702
})

/** Draws of 16 bits from element `first` of a stream that can be entered anywhere. */
function drawsOf(seed: number, first: number, count: number): Uint16Array {
  const key = Buffer.alloc(16)
  key.writeUInt32LE(seed)
  const counter = Buffer.alloc(16)
  counter.writeBigUInt64BE(BigInt(Math.floor(first / 8)), 8)
  const skipped = first % 8
  const stream = createCipheriv('aes-128-ctr', key, counter).update(Buffer.alloc(2 * (count + skipped)))
  return new Uint16Array(Uint8Array.from(stream).buffer).subarray(skipped)
}

/** See the module. */
export class VirtualModel {
  readonly size: number
  readonly #seeds: VirtualSeeds
  readonly #header: Buffer

  constructor(seeds: VirtualSeeds) {
    const { bytes, length } = header()
    this.#seeds = seeds
    this.#header = bytes
    this.size = bytes.length + length
  }

  #weights(first: number, count: number): Uint8Array {
    const { parent, own, cosine } = this.#seeds
    const [ours, theirs] = [drawsOf(parent, first, count), drawsOf(own, first, count)]
    const rest = Math.sqrt(1 - cosine * cosine)
    const values = Float32Array.from({ length: count }, (_, i) => {
      return cosine * (QUANTILES[ours[i] ?? 0] ?? 0) + rest * (QUANTILES[theirs[i] ?? 0] ?? 0)
    })
    const words = new Uint32Array(values.buffer)
    return new Uint8Array(Uint16Array.from(words, (word) => word >>> 16).buffer)
  }

  /** Bytes [from, to) of the file. */
  bytes(from: number, to: number): Uint8Array {
    const begin = this.#header.length
    const head = this.#header.subarray(Math.min(from, begin), Math.min(to, begin))
    if (to <= begin) return head
    const first = Math.floor((Math.max(from, begin) - begin) / 2)
    const weights = this.#weights(first, Math.ceil((to - begin) / 2) - first)
    const skipped = Math.max(from, begin) - begin - 2 * first
    return Buffer.concat([head, weights.subarray(skipped, skipped + to - Math.max(from, begin))])
  }
}
