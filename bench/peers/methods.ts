/**
 * What others measure, re-implemented from the formulas in their papers and documents, on models of our zoo.
 *
 * Each gives one number for a pair of models of one shape, higher for more alike, and the threshold that its authors
 * published, or what stands in for one; see `docs/method/peers.md`.
 */
import { cosine, correlation, deviation, normaliseRows, products, transpose, unbiasedCka } from './statistics.ts'
import { assign } from './linear-assignment.ts'

/** A model as these methods see it: Hugging Face's names, matrices output × input. */
export interface PeerModel {
  readonly width: number
  readonly layers: number
  readonly heads: number
  readonly keyHeads: number
  values(name: string): Float32Array
}

/** One method. */
export interface PeerMethod {
  readonly name: string
  readonly source: string
  /** From here on its authors take two models for related. */
  readonly threshold: number
  /** Where the threshold comes from. */
  readonly because: string
  score(a: PeerModel, b: PeerModel): number
}

const EMBEDDING = 'model.embed_tokens.weight'

function at(layer: number, part: string): string {
  return `model.layers.${layer}.${part}.weight`
}

function layersOf(a: PeerModel, b: PeerModel): number[] {
  return [...Array(Math.min(a.layers, b.layers)).keys()]
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function concatenated(pieces: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let to = 0
  for (const piece of pieces) {
    out.set(piece, to)
    to += piece.length
  }
  return out
}

/** Columns of `values` taken in `order` and given `signs`. */
function signedColumns(values: Float32Array, order: Uint32Array, signs: Float32Array): Float32Array {
  const d = order.length
  return values.map((_, i) => (signs[i % d] ?? 1) * (values[i - (i % d) + (order[i % d] ?? 0)] ?? 0))
}

/** AWM: a signed permutation of residual dimensions from embeddings, then unbiased CKA of W_q and W_k. */
function awm(a: PeerModel, b: PeerModel): number {
  const d = a.width
  const columns = (model: PeerModel): Float32Array => {
    const embedding = model.values(EMBEDDING)
    return normaliseRows(transpose(embedding, d), embedding.length / d)
  }
  const tokens = a.values(EMBEDDING).length / d
  const similar = products(columns(a), columns(b), tokens)
  const order = assign(similar.map(Math.abs), d)
  const signs = Float32Array.from(order, (column, row) => ((similar[row * d + column] ?? 0) < 0 ? -1 : 1))
  const parts = layersOf(a, b).flatMap((layer) =>
    ['self_attn.q_proj', 'self_attn.k_proj'].map((part) =>
      unbiasedCka(a.values(at(layer, part)), signedColumns(b.values(at(layer, part)), order, signs), d),
    ),
  )
  return mean(parts)
}

function gains(model: PeerModel): Float32Array {
  const names = [...Array(model.layers).keys()].flatMap((layer) => [
    at(layer, 'input_layernorm'),
    at(layer, 'post_attention_layernorm'),
  ])
  return concatenated([...names, 'model.norm.weight'].map((name) => model.values(name)))
}

const ATTENTION = ['q', 'k', 'v', 'o'] as const
const MATRICES = [
  'self_attn.q_proj',
  'self_attn.k_proj',
  'self_attn.v_proj',
  'self_attn.o_proj',
  'mlp.gate_proj',
  'mlp.up_proj',
  'mlp.down_proj',
] as const

/** Deviations of attention matrices over depth. */
function deviations(model: PeerModel): number[] {
  return [...Array(model.layers).keys()].flatMap((layer) =>
    ATTENTION.map((part) => deviation(model.values(at(layer, `self_attn.${part}_proj`)))),
  )
}

function weightCosine(a: PeerModel, b: PeerModel): number {
  return mean(
    layersOf(a, b).flatMap((layer) =>
      MATRICES.map((part) => cosine(a.values(at(layer, part)), b.values(at(layer, part)))),
    ),
  )
}

/** Tokens whose Gram matrix MPK compares, and values that it strides over. */
const TOKENS = 64
const STRIDED = 4096
const BINS = 32

function gram(model: PeerModel): Float32Array {
  const embedding = model.values(EMBEDDING)
  const d = model.width
  const count = embedding.length / d
  const rows = Array.from({ length: TOKENS }, (_, i) => Math.floor((i * count) / TOKENS) * d)
  const picked = normaliseRows(concatenated(rows.map((from) => embedding.subarray(from, from + d))), d)
  return products(picked, picked, d).filter((_, i) => Math.floor(i / TOKENS) < i % TOKENS)
}

function rowNorms(model: PeerModel): number[] {
  const embedding = model.values(EMBEDDING)
  return Array.from({ length: embedding.length / model.width }, (_, row) =>
    Math.sqrt(
      embedding.subarray(row * model.width, (row + 1) * model.width).reduce((sum, value) => sum + value * value, 0),
    ),
  )
}

/** Overlap of the histograms of the lengths of token vectors. */
function normHistograms(a: PeerModel, b: PeerModel): number {
  const [x, y] = [rowNorms(a), rowNorms(b)]
  const [low, high] = [Math.min(...x, ...y), Math.max(...x, ...y)]
  const histogram = (norms: readonly number[]): number[] => {
    const bins = Array.from({ length: BINS }, () => 0)
    for (const norm of norms) {
      const bin = Math.min(BINS - 1, Math.floor((BINS * (norm - low)) / (high - low + 1e-12)))
      bins[bin] = (bins[bin] ?? 0) + 1
    }
    return bins
  }
  return cosine(histogram(x), histogram(y))
}

function layerNorms(model: PeerModel): number[] {
  return [...Array(model.layers).keys()].flatMap((layer) =>
    MATRICES.map((part) => Math.sqrt(model.values(at(layer, part)).reduce((sum, value) => sum + value * value, 0))),
  )
}

function strided(model: PeerModel): Float32Array {
  const all = concatenated(
    [...Array(model.layers).keys()].flatMap((layer) => MATRICES.map((part) => model.values(at(layer, part)))),
  )
  const step = Math.max(1, Math.floor(all.length / STRIDED))
  return Float32Array.from({ length: Math.floor(all.length / step) }, (_, i) => all[i * step] ?? 0)
}

/** MPK behind its gate: 0.36 EAS + 0.16 LEP + 0.19 END + 0.21 WVC + 0.08 NLF. */
function provenanceKit(a: PeerModel, b: PeerModel): number {
  const signals = [
    [0.36, correlation(gram(a), gram(b))],
    [0.16, correlation(layerNorms(a), layerNorms(b))],
    [0.19, normHistograms(a, b)],
    [0.21, cosine(strided(a), strided(b))],
    [0.08, cosine(gains(a), gains(b))],
  ] as const
  return signals.reduce((sum, [weight, signal]) => sum + weight * Math.max(0, signal), 0)
}

/** Every row to mean 0 and deviation 1. */
function standardised(values: Float32Array, columns: number): Float32Array {
  const out = Float32Array.from(values)
  for (let from = 0; from < out.length; from += columns) {
    const row = out.subarray(from, from + columns)
    const middle = row.reduce((sum, value) => sum + value, 0) / columns
    const spread = deviation(row) + 1e-12
    for (let i = 0; i < columns; i++) row[i] = ((row[i] ?? 0) - middle) / spread
  }
  return out
}

/** Rows of keys or values as often as query heads share them. */
function repeated(values: Float32Array, { heads, keyHeads, width }: PeerModel): Float32Array {
  const block = (width / heads) * width
  return concatenated(
    Array.from({ length: heads }, (_, head) => {
      const key = Math.floor((head * keyHeads) / heads)
      return values.subarray(key * block, (key + 1) * block)
    }),
  )
}

/** HuRef's invariant terms of the last two layers over all tokens. */
function invariants(model: PeerModel): Float32Array {
  const x = model.values(EMBEDDING)
  const d = model.width
  const tokens = x.length / d
  const terms = [...Array(model.layers).keys()].slice(-2).flatMap((layer) => {
    const [q, k, v, o] = ATTENTION.map((part) => model.values(at(layer, `self_attn.${part}_proj`))) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ]
    const queries = products(x, q, d)
    const keys = products(x, repeated(k, model), d)
    const values = products(x, repeated(v, model), d)
    const hidden = products(x, model.values(at(layer, 'mlp.up_proj')), d)
    const units = hidden.length / tokens
    const outputs = products(values, o, d)
    const downs = products(hidden, model.values(at(layer, 'mlp.down_proj')), units)
    return [products(queries, keys, d), products(outputs, x, d), products(downs, x, d)]
  })
  return concatenated(terms.map((term) => standardised(term, tokens)))
}

/** All methods. */
export const PEER_METHODS: readonly PeerMethod[] = [
  {
    name: 'AWM',
    source: 'arXiv 2510.06738',
    threshold: 0.00375 + 12 * 0.0028,
    because: 'z = 12 over the negatives in its code (mean 0.00375, deviation 0.0028), its weakest published positive',
    score: awm,
  },
  {
    name: 'norm vectors, raw cosine',
    source: 'modelDNA F2, MPK NLF',
    threshold: 0.92,
    because: 'upper end of what modelDNA states for unrelated models',
    score: (a, b) => cosine(gains(a), gains(b)),
  },
  {
    name: 'attention deviations (σ-curve)',
    source: 'arXiv 2507.03014, modelDNA F1',
    threshold: 0.7,
    because: 'upper end of what modelDNA states for unrelated models',
    score: (a, b) => correlation(deviations(a), deviations(b)),
  },
  {
    name: 'raw cosine of weights',
    source: 'modelDNA F3, MPK WVC',
    threshold: 0.05,
    because: 'five times what modelDNA states for unrelated models',
    score: weightCosine,
  },
  {
    name: 'MPK, behind its gate',
    source: 'its code and documents, as described in public',
    threshold: 0.65,
    because: 'its own cut',
    score: provenanceKit,
  },
  {
    name: 'HuRef invariants',
    source: 'arXiv 2312.04828',
    threshold: 0.8,
    because: 'none published; relatives are reported near 1',
    score: (a, b) => cosine(invariants(a), invariants(b)),
  },
]
