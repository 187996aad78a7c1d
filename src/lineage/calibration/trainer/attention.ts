/**
 * Causal attention with grouped queries, there and back, sequence by sequence and head by head.
 *
 * Source: A. Vaswani et al. (2017); J. Ainslie et al., "GQA" (2023).
 */
import { exponential } from './arithmetic.ts'

/** Queries (turned), keys (turned) and values, each row a token. */
export interface Heads {
  readonly q: Float32Array
  readonly k: Float32Array
  readonly v: Float32Array
}

/** How rows fall into heads and sequences. */
export interface HeadLayout {
  readonly heads: number
  readonly keyHeads: number
  readonly size: number
  /** Tokens of a sequence. */
  readonly length: number
}

/** Places of one head of one sequence. */
interface Place {
  readonly q: number
  readonly k: number
  readonly qStride: number
  readonly kStride: number
  /** First weight of the square of attention weights. */
  readonly weights: number
}

function visitHeads(rows: number, { heads, keyHeads, size, length }: HeadLayout, visit: (place: Place) => void): void {
  const qStride = heads * size
  const kStride = keyHeads * size
  for (let sequence = 0; sequence * length < rows; sequence++)
    for (let head = 0; head < heads; head++) {
      const key = Math.floor((head * keyHeads) / heads)
      const first = sequence * length
      visit({
        q: first * qStride + head * size,
        k: first * kStride + key * size,
        qStride,
        kStride,
        weights: (sequence * heads + head) * length * length,
      })
    }
}

function softmaxRow(row: Float64Array, count: number): void {
  let most = -Infinity
  for (let j = 0; j < count; j++) most = Math.max(most, row[j] ?? 0)
  let sum = 0
  for (let j = 0; j < count; j++) sum += row[j] = exponential((row[j] ?? 0) - most)
  for (let j = 0; j < count; j++) row[j] = (row[j] ?? 0) / sum
}

function attendHead(
  { q, k, v }: Heads,
  layout: HeadLayout,
  at: { place: Place; out: Float32Array; weights: Float32Array },
): void {
  const { size, length } = layout
  const { place, out, weights } = at
  const scale = 1 / Math.sqrt(size)
  const row = new Float64Array(length)
  for (let i = 0; i < length; i++) {
    const query = place.q + i * place.qStride
    for (let j = 0; j <= i; j++) {
      const key = place.k + j * place.kStride
      let dot = 0
      for (let c = 0; c < size; c++) dot += (q[query + c] ?? 0) * (k[key + c] ?? 0)
      row[j] = dot * scale
    }
    softmaxRow(row, i + 1)
    for (let j = 0; j <= i; j++) {
      const weight = row[j] ?? 0
      const key = place.k + j * place.kStride
      weights[place.weights + i * length + j] = weight
      for (let c = 0; c < size; c++) out[query + c] = (out[query + c] ?? 0) + weight * (v[key + c] ?? 0)
    }
  }
}

/** What was attended to, and the weights: sequence × head × token × token. */
export interface Attended {
  readonly out: Float32Array
  readonly weights: Float32Array
}

/** Attends. */
export function attend(heads: Heads, layout: HeadLayout): Attended {
  const rows = heads.q.length / (layout.heads * layout.size)
  const out = new Float32Array(heads.q.length)
  const weights = new Float32Array(rows * layout.heads * layout.length)
  visitHeads(rows, layout, (place) => attendHead(heads, layout, { place, out, weights }))
  return { out, weights }
}

interface HeadBack {
  readonly place: Place
  readonly weights: Float32Array
  readonly grad: Float32Array
  readonly grads: Heads
}

/** Gradient with respect to the scores of query i, and along the way to the values. */
function scoreGrads(
  { v }: Heads,
  layout: HeadLayout,
  { place, weights, grad, grads, i }: HeadBack & { i: number },
): Float64Array {
  const row = new Float64Array(i + 1)
  const query = place.q + i * place.qStride
  let mean = 0
  for (let j = 0; j <= i; j++) {
    const key = place.k + j * place.kStride
    const weight = weights[place.weights + i * layout.length + j] ?? 0
    let dot = 0
    for (let c = 0; c < layout.size; c++) {
      const given = grad[query + c] ?? 0
      dot += given * (v[key + c] ?? 0)
      grads.v[key + c] = (grads.v[key + c] ?? 0) + weight * given
    }
    row[j] = dot
    mean += weight * dot
  }
  for (let j = 0; j <= i; j++) row[j] = ((row[j] ?? 0) - mean) * (weights[place.weights + i * layout.length + j] ?? 0)
  return row
}

function attendHeadBack(heads: Heads, layout: HeadLayout, back: HeadBack): void {
  const { place, grads } = back
  const scale = 1 / Math.sqrt(layout.size)
  for (let i = 0; i < layout.length; i++) {
    const scores = scoreGrads(heads, layout, { ...back, i })
    const query = place.q + i * place.qStride
    for (let j = 0; j <= i; j++) {
      const score = (scores[j] ?? 0) * scale
      const key = place.k + j * place.kStride
      for (let c = 0; c < layout.size; c++) {
        grads.q[query + c] = (grads.q[query + c] ?? 0) + score * (heads.k[key + c] ?? 0)
        grads.k[key + c] = (grads.k[key + c] ?? 0) + score * (heads.q[query + c] ?? 0)
      }
    }
  }
}

/** Gradients with respect to queries, keys and values, all turned. @param grad with respect to `out` */
export function attendBack(heads: Heads, layout: HeadLayout, at: { weights: Float32Array; grad: Float32Array }): Heads {
  const grads: Heads = {
    q: new Float32Array(heads.q.length),
    k: new Float32Array(heads.k.length),
    v: new Float32Array(heads.v.length),
  }
  const rows = heads.q.length / (layout.heads * layout.size)
  visitHeads(rows, layout, (place) => attendHeadBack(heads, layout, { place, ...at, grads }))
  return grads
}
