/**
 * The whole network: logits of a batch, the loss, and the gradients of all tensors by hand.
 *
 * Guarantee: checked against finite differences (`network.test.ts`) and against PyTorch (`docs/method/calibration.md`).
 */
import { EMBEDDING, FINAL_NORM, headName, valuesOf, type ZooModel } from '../model.ts'
import { exponential } from './arithmetic.ts'
import type { Batch } from './language.ts'
import { layerBack, runLayer, type Gradients, type LayerPlace, type LayerTrace } from './layer.ts'
import { addTo, linear, linearBack, weightGrad } from './linear.ts'
import { normalise, normaliseBack, type Normed } from './norm.ts'
import { rotaryTable } from './rotary.ts'

/** A run of the network. */
export interface NetworkTrace {
  readonly tokens: Uint16Array
  readonly places: readonly LayerPlace[]
  readonly layers: readonly LayerTrace[]
  readonly last: Float32Array
  readonly normed: Normed
  /** Tokens × vocabulary. */
  readonly logits: Float32Array
}

function placesOf(model: ZooModel, length: number): LayerPlace[] {
  const { heads, keyHeads, width, layers } = model.shape
  const size = width / heads
  const layout = { heads, keyHeads, size, length }
  const table = rotaryTable(length, size)
  return Array.from({ length: layers }, (_, layer) => ({ model, layer, layout, table }))
}

function embed(model: ZooModel, tokens: Uint16Array): Float32Array {
  const { width } = model.shape
  const embedding = valuesOf(model, EMBEDDING)
  const out = new Float32Array(tokens.length * width)
  for (const [row, token] of tokens.entries())
    out.set(embedding.subarray(token * width, (token + 1) * width), row * width)
  return out
}

/** Runs the network over sequences of `length` tokens. */
export function runNetwork(model: ZooModel, tokens: Uint16Array, length: number): NetworkTrace {
  const places = placesOf(model, length)
  const layers: LayerTrace[] = []
  let last = embed(model, tokens)
  for (const place of places) {
    const trace = runLayer(place, last)
    layers.push(trace)
    last = trace.output
  }
  const normed = normalise(last, valuesOf(model, FINAL_NORM))
  const logits = linear(normed.values, valuesOf(model, headName(model.shape)), model.shape.width)
  return { tokens, places, layers, last, normed, logits }
}

/** Probabilities, row by row. */
export function softmax(logits: Float32Array, vocabulary: number): Float32Array {
  const out = new Float32Array(logits.length)
  for (let from = 0; from < logits.length; from += vocabulary) {
    let most = -Infinity
    for (let i = 0; i < vocabulary; i++) most = Math.max(most, logits[from + i] ?? 0)
    let sum = 0
    for (let i = 0; i < vocabulary; i++) sum += out[from + i] = exponential((logits[from + i] ?? 0) - most)
    for (let i = 0; i < vocabulary; i++) out[from + i] = (out[from + i] ?? 0) / sum
  }
  return out
}

/** Mean cross-entropy in nats, for a person to read. */
export function meanLoss(trace: NetworkTrace, targets: Uint16Array): number {
  const vocabulary = trace.logits.length / targets.length
  const chances = softmax(trace.logits, vocabulary)
  return (
    targets.reduce((sum, target, row) => sum - Math.log(chances[row * vocabulary + target] ?? 0), 0) / targets.length
  )
}

/** Gradient of the mean cross-entropy with respect to the logits; `teacher` replaces the targets by probabilities. */
export function lossGrad(logits: Float32Array, batch: Batch, teacher?: Float32Array): Float32Array {
  const rows = batch.targets.length
  const vocabulary = logits.length / rows
  const grad = softmax(logits, vocabulary)
  if (teacher === undefined)
    for (const [row, target] of batch.targets.entries()) {
      const at = row * vocabulary + target
      grad[at] = (grad[at] ?? 0) - 1
    }
  else for (let i = 0; i < grad.length; i++) grad[i] = (grad[i] ?? 0) - (teacher[i] ?? 0)
  return grad.map((value) => value / rows)
}

function embeddingGrad(model: ZooModel, tokens: Uint16Array, grad: Float32Array): Float32Array {
  const { width, vocabulary } = model.shape
  const out = new Float32Array(vocabulary * width)
  for (const [row, token] of tokens.entries())
    for (let i = 0; i < width; i++)
      out[token * width + i] = (out[token * width + i] ?? 0) + (grad[row * width + i] ?? 0)
  return out
}

/** Gradients of all tensors. @param grad with respect to the logits */
export function networkBack(model: ZooModel, trace: NetworkTrace, grad: Float32Array): Gradients {
  const { width, tied } = model.shape
  const head = headName(model.shape)
  const gradients: Gradients = new Map()
  const headGrad = weightGrad(grad, trace.normed.values, width)
  const back = linearBack(grad, valuesOf(model, head), width)
  let stream: Float32Array = new Float32Array(trace.last.length)
  const norm = { x: trace.last, gain: valuesOf(model, FINAL_NORM), factors: trace.normed.factors, grad: back }
  gradients.set(FINAL_NORM, normaliseBack(norm, stream))
  for (const [i, place] of [...trace.places.entries()].reverse()) {
    const layer = trace.layers[i]
    if (layer !== undefined) stream = layerBack(place, layer, { grad: stream, gradients })
  }
  const tokens = embeddingGrad(model, trace.tokens, stream)
  gradients.set(EMBEDDING, tied ? addTo(tokens, headGrad) : tokens)
  if (!tied) gradients.set(head, headGrad)
  return gradients
}
