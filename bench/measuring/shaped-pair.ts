/**
 * Two models of 7 or 70 thousand million parameters, parent and child, that take little room: files of holes, in which
 * only what a comparison reads is filled.
 *
 * A first comparison is run over the holes; whatever it reads is written, page by page, before it is read. Those after
 * it read what a whole model would give them at these places, from the page cache. So time and memory are those of a
 * comparison of whole models of the shape that are in the page cache; intake, which reads every byte, is not in them.
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { TensorFact } from '../../src/formats/index.ts'
import type { ModelSide } from '../../src/lineage/index.ts'
import { gatherFromWeights } from '../../src/lineage/weights/compare-weights.ts'
import { openUndigested } from './undigested.ts'
import { pairSeed } from '../../src/lineage/weights/sampling.ts'
import { openWeights, rowBytes, type Weights } from '../../src/lineage/weights/weights.ts'

/** A shape by what decides it. */
export interface Shape {
  readonly width: number
  readonly hidden: number
  readonly layers: number
  /** Rows of the key and value projections. */
  readonly keys: number
  readonly heads: number
}

/** Llama 2 of 7B and of 70B. */
export const SHAPES = {
  '7b': { width: 4096, hidden: 11_008, layers: 32, keys: 4096, heads: 32 },
  '70b': { width: 8192, hidden: 28_672, layers: 80, keys: 1024, heads: 64 },
} as const satisfies Record<string, Shape>

const VOCABULARY = 32_000
const FILE = 'model.safetensors'

function listTensors({ width, hidden, layers, keys }: Shape): readonly (readonly [string, readonly number[]])[] {
  const layer = (at: number): readonly (readonly [string, readonly number[]])[] =>
    (
      [
        ['input_layernorm', [width]],
        ['self_attn.q_proj', [width, width]],
        ['self_attn.k_proj', [keys, width]],
        ['self_attn.v_proj', [keys, width]],
        ['self_attn.o_proj', [width, width]],
        ['post_attention_layernorm', [width]],
        ['mlp.gate_proj', [hidden, width]],
        ['mlp.up_proj', [hidden, width]],
        ['mlp.down_proj', [width, hidden]],
      ] as const
    ).map(([name, shape]) => [`model.layers.${at}.${name}.weight`, shape])
  return [
    ['model.embed_tokens.weight', [VOCABULARY, width]],
    ...Array.from({ length: layers }, (_, at) => layer(at)).flat(),
    ['model.norm.weight', [width]],
    ['lm_head.weight', [VOCABULARY, width]],
  ]
}

/** Writes a model whose weights are one hole. */
function writeHoles(folder: string, shape: Shape): void {
  let at = 0
  const entries = listTensors(shape).map(([name, sides]) => {
    const bytes = 2 * sides.reduce((all, each) => all * each, 1)
    return [name, { dtype: 'BF16', shape: sides, data_offsets: [at, (at += bytes)] }]
  })
  const text = JSON.stringify(Object.fromEntries(entries))
  const header = Buffer.alloc(8 + Math.ceil(text.length / 8) * 8, ' ')
  header.writeBigUInt64LE(BigInt(header.length - 8))
  header.write(text, 8)
  mkdirSync(folder, { recursive: true })
  const config = { model_type: 'llama', num_attention_heads: shape.heads, num_hidden_layers: shape.layers }
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  const file = openSync(join(folder, FILE), 'w')
  writeSync(file, header)
  ftruncateSync(file, header.length + at)
  closeSync(file)
}

/** Opens one of them. */
export function openShaped(folder: string): Promise<ModelSide> {
  return openUndigested(folder, ['config.json', FILE])
}

/** Scrambles 32 bits: the finaliser of MurmurHash3. */
function scramble(word: number): number {
  const a = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return (b ^ (b >>> 16)) >>> 0
}

/** The code of an element: of a gain between 1 and 2, of a weight between 2^-8 and 2^-4 with its sign. */
function codeOf(place: number, isGain: boolean, isChild: boolean): number {
  const bits = scramble((place % 2 ** 32) ^ Math.imul(Math.floor(place / 2 ** 32), 0x9e3779b9))
  const code = isGain ? 0x3f80 + (bits & 0x7f) : (bits & 0x8000) | (0x3b80 + (bits & 0x1ff))
  return isChild ? code ^ ((bits >>> 20) & 3) : code
}

const PAGE = 4096

/** Weights that fill the pages of their file before they read them. */
function fillAsRead(weights: Weights, isChild: boolean): Weights {
  const file = openSync(weights.opened.locate(FILE), 'r+')
  const filled = new Set<number>()
  const fill = ({ offset, length, shape }: TensorFact, page: number): void => {
    const size = Math.min(PAGE, length - page * PAGE)
    const place = offset + page * PAGE
    if (filled.has(place)) return
    filled.add(place)
    const codes = new Uint16Array(size / 2)
    for (let i = 0; i < codes.length; i++) codes[i] = codeOf(place / 2 + i, shape.length === 1, isChild)
    writeSync(file, codes, 0, undefined, place)
  }
  const filling: Weights = {
    ...weights,
    read(tensor, from, into) {
      for (let page = Math.floor(from / PAGE); page * PAGE < from + into.length; page++) fill(tensor, page)
      weights.read(tensor, from, into)
    },
    rows(part, from, count) {
      const size = rowBytes(part)
      filling.read(part.tensor, size * (part.firstRow + from), new Uint8Array(size * count))
      return weights.rows(part, from, count)
    },
    close() {
      closeSync(file)
      weights.close()
    },
  }
  return filling
}

/** Writes both, filled where their comparison reads; gives their folders. */
export async function writeShapedPair(place: string, shape: Shape): Promise<readonly [string, string]> {
  const folders = [join(place, 'parent'), join(place, 'child')] as const
  for (const folder of folders) writeHoles(folder, shape)
  const [a, b] = [await openShaped(folders[0]), await openShaped(folders[1])]
  const seed = pairSeed(a.opened.artefact.id, b.opened.artefact.id)
  const parent = fillAsRead(openWeights(a.opened, a.facts), false)
  const child = fillAsRead(openWeights(b.opened, b.facts), true)
  gatherFromWeights(parent, child, { seed })
  parent.close()
  child.close()
  return folders
}
