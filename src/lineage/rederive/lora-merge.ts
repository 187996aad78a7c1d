/**
 * Merging a LoRA adapter again: W + scale·B·A, in the orders of operation in which it is done.
 *
 * What is added, and when it is rounded, differs between libraries and devices: the product in f32 with or without
 * contraction, the factors or the difference rounded to the base's type before they are added. All are tried on a few
 * rows and the one that leaves the fewest differences is run on everything.
 *
 * Source: E. Hu et al., LoRA (2021); `get_delta_weight` and `merge` of PEFT; scale alpha/r, or alpha/√r for rsLoRA.
 */
import { Fault } from '../../base/index.ts'
import type { TensorFact } from '../../formats/index.ts'
import { decodeTensor } from '../../simd/index.ts'
import type { Part } from '../weights/part.ts'
import type { Weights } from '../weights/weights.ts'
import type { Derivation, PartSource, RowRange } from './derivation.ts'
import { roundTo } from './store-as.ts'

/** The factors for one tensor of the base. */
interface Factors {
  /** r × columns. */
  readonly a: Float32Array
  /** rows × r. */
  readonly b: Float32Array
  readonly rank: number
  readonly scale: number
}

/** An adapter by the stem of the tensor to which it belongs: `model.layers.0.self_attn.q_proj`. */
export type Adapter = ReadonlyMap<string, Factors>

const FACTOR = /^(?:base_model\.model\.)?(.+)\.lora_([AB])(?:\.\w+)?\.weight$/
const MOST_RANK = 4096

function numberOf(adapter: Weights, key: string): unknown {
  const config = adapter.facts.files.find(({ path }) => /(^|\/)adapter_config\.json$/.test(path))
  return config?.metadata.find((each) => each.key.replace(/^\//, '') === key)?.value
}

function readValues(adapter: Weights, tensor: TensorFact): Float32Array {
  const bytes = new Uint8Array(tensor.length)
  adapter.read(tensor, 0, bytes)
  return decodeTensor(tensor.type, bytes, { bigEndian: tensor.bigEndian === true })
}

function scaleOf(adapter: Weights, rank: number): number {
  const alpha = numberOf(adapter, 'lora_alpha')
  if (typeof alpha !== 'number' || !(alpha > 0))
    throw new Fault('adapter-config', 'adapter_config.json names no lora_alpha')
  return numberOf(adapter, 'use_rslora') === true ? alpha / Math.sqrt(rank) : alpha / rank
}

/** Reads the factors of an adapter. @throws Fault `adapter-config`, `adapter-shape` */
export function readAdapter(adapter: Weights): Adapter {
  const found = new Map<string, { A?: TensorFact; B?: TensorFact }>()
  for (const tensor of adapter.model.tensors) {
    const [, stem, which] = FACTOR.exec(tensor.name) ?? []
    if (stem === undefined) continue
    found.set(stem, { ...found.get(stem), [which ?? '']: tensor })
  }
  if (found.size === 0) throw new Fault('adapter-config', 'the adapter has no tensors lora_A and lora_B')
  return new Map(
    [...found].map(([stem, { A, B }]) => {
      const rank = A?.shape[0] ?? 0
      if (A === undefined || B === undefined || B.shape[1] !== rank || rank < 1 || rank > MOST_RANK)
        throw new Fault('adapter-shape', `the factors of ${stem} do not fit each other`)
      return [stem, { a: readValues(adapter, A), b: readValues(adapter, B), rank, scale: scaleOf(adapter, rank) }]
    }),
  )
}

type Sum = (sum: number, x: number, y: number) => number

const SUMS: Readonly<Record<string, Sum>> = {
  contracted: (sum, x, y) => Math.fround(sum + x * y),
  'not contracted': (sum, x, y) => Math.fround(sum + Math.fround(x * y)),
  'in double precision': (sum, x, y) => sum + x * y,
}

interface Rounding {
  readonly words: string
  readonly factors: boolean
  readonly difference: boolean
}

const ROUNDINGS: readonly Rounding[] = [
  { words: 'rounded once, when stored', factors: false, difference: false },
  { words: 'the difference rounded before it is added', factors: false, difference: true },
  { words: 'factors and difference rounded before they are used', factors: true, difference: true },
]

function keep(value: number): number {
  return value
}

/** One row of scale·B·A, summed over the rank in ascending order. */
function differenceRow(
  { a, b, rank, scale }: Factors,
  row: number,
  order: { readonly sum: Sum; readonly hold: (value: number) => number },
): Float64Array {
  const columns = a.length / rank
  const out = new Float64Array(columns)
  for (let k = 0; k < rank; k++) {
    const factor = order.hold(b[row * rank + k] ?? 0)
    for (let j = 0; j < columns; j++) out[j] = order.sum(out[j] ?? 0, factor, order.hold(a[k * columns + j] ?? 0))
  }
  return out.map((value) => Math.fround(Math.fround(value) * scale))
}

function stemOf({ tensor }: Part): string {
  return tensor.name.replace(/\.weight$/, '')
}

function mergeIn(
  base: PartSource,
  adapter: Adapter,
  order: { readonly arithmetic: string; readonly sum: Sum; readonly rounding: Rounding },
): Derivation {
  const { sum, rounding } = order
  return {
    describe: `merge the adapter: products in f32 ${order.arithmetic}, ${rounding.words}`,
    rowsOf(part: Part, range: RowRange) {
      const source = base.find(part)
      if (source === undefined) return null
      const values = base.rows(source, range)
      const factors = part.bias ? undefined : adapter.get(stemOf(source))
      if (factors === undefined) return values
      if (source.transposed || factors.a.length / factors.rank !== part.columns) return null
      const round = roundTo(source.tensor.type)
      const [hold, settle] = [rounding.factors ? round : keep, rounding.difference ? round : keep]
      for (let i = 0; i < range.count; i++) {
        const added = differenceRow(factors, source.firstRow + range.from + i, { sum, hold })
        for (const [j, value] of added.entries()) {
          const at = i * part.columns + j
          values[at] = Math.fround((values[at] ?? 0) + settle(value))
        }
      }
      return values
    },
  }
}

/** The merge in all its orders, the likeliest first. */
export function mergeOrders(base: PartSource, adapter: Adapter): Derivation[] {
  return ROUNDINGS.flatMap((rounding) =>
    Object.entries(SUMS).map(([arithmetic, sum]) => mergeIn(base, adapter, { arithmetic, sum, rounding })),
  )
}

/** Stems of the adapter that no part of the base answers to: a merge of them cannot be run again. */
export function unmatchedTargets(base: Weights, adapter: Adapter): string[] {
  const known = new Set(base.model.parts.map(stemOf))
  return [...adapter.keys()].filter((stem) => !known.has(stem))
}
