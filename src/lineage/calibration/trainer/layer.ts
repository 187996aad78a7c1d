/**
 * One layer, there and back: norm, attention, residual; norm, SwiGLU, residual.
 *
 * Source: H. Touvron et al., "LLaMA" (2023); N. Shazeer, "GLU Variants" (2020).
 */
import { layerName, valuesOf, type LayerPart, type ZooModel } from '../model.ts'
import { exponential } from './arithmetic.ts'
import { attend, attendBack, type Attended, type HeadLayout, type Heads } from './attention.ts'
import { addTo, linear, linearBack, weightGrad } from './linear.ts'
import { normalise, normaliseBack, type Normed } from './norm.ts'
import { turn, type Rotary } from './rotary.ts'

/** Gradients by tensor name. */
export type Gradients = Map<string, Float32Array>

/** Which layer of which model, and the sequences. */
export interface LayerPlace {
  readonly model: ZooModel
  readonly layer: number
  readonly layout: HeadLayout
  readonly table: Rotary
}

/** What the way back needs of the way there. */
export interface LayerTrace {
  readonly input: Float32Array
  readonly attentionNormed: Normed
  readonly heads: Heads
  readonly attended: Attended
  readonly middle: Float32Array
  readonly mlpNormed: Normed
  readonly gate: Float32Array
  readonly up: Float32Array
  readonly hidden: Float32Array
  readonly output: Float32Array
}

function weightsOf({ model, layer }: LayerPlace, part: LayerPart): Float32Array {
  return valuesOf(model, layerName(layer, part))
}

function readHeads(place: LayerPlace, normed: Float32Array): Heads {
  const { model, layout, table } = place
  const { width } = model.shape
  const [q, k, v] = (['q', 'k', 'v'] as const).map((part) => linear(normed, weightsOf(place, part), width))
  const heads = { q: q ?? normed, k: k ?? normed, v: v ?? normed }
  turn(heads.q, layout.heads * layout.size, { table, length: layout.length, sign: 1 })
  turn(heads.k, layout.keyHeads * layout.size, { table, length: layout.length, sign: 1 })
  return heads
}

/** x · σ(x) and its derivative. */
function silu(x: number): { readonly value: number; readonly slope: number } {
  const gate = 1 / (1 + exponential(-x))
  return { value: x * gate, slope: gate * (1 + x * (1 - gate)) }
}

function activate(gate: Float32Array, up: Float32Array): Float32Array {
  return gate.map((value, i) => (value / (1 + exponential(-value))) * (up[i] ?? 0))
}

/** Runs a layer over rows of the residual stream. */
export function runLayer(place: LayerPlace, input: Float32Array): LayerTrace {
  const { width, hidden: units } = place.model.shape
  const attentionNormed = normalise(input, weightsOf(place, 'attentionNorm'))
  const heads = readHeads(place, attentionNormed.values)
  const attended = attend(heads, place.layout)
  const middle = addTo(linear(attended.out, weightsOf(place, 'o'), width), input)
  const mlpNormed = normalise(middle, weightsOf(place, 'mlpNorm'))
  const gate = linear(mlpNormed.values, weightsOf(place, 'gate'), width)
  const up = linear(mlpNormed.values, weightsOf(place, 'up'), width)
  const hidden = activate(gate, up)
  const output = addTo(linear(hidden, weightsOf(place, 'down'), units), middle)
  return { input, attentionNormed, heads, attended, middle, mlpNormed, gate, up, hidden, output }
}

function mlpBack(place: LayerPlace, trace: LayerTrace, at: { grad: Float32Array; gradients: Gradients }): Float32Array {
  const { width, hidden: units } = place.model.shape
  const { grad, gradients } = at
  const name = (part: LayerPart): string => layerName(place.layer, part)
  gradients.set(name('down'), weightGrad(grad, trace.hidden, units))
  const hiddenGrad = linearBack(grad, weightsOf(place, 'down'), units)
  const gateGrad = new Float32Array(hiddenGrad.length)
  const upGrad = new Float32Array(hiddenGrad.length)
  for (let i = 0; i < hiddenGrad.length; i++) {
    const { value, slope } = silu(trace.gate[i] ?? 0)
    upGrad[i] = (hiddenGrad[i] ?? 0) * value
    gateGrad[i] = (hiddenGrad[i] ?? 0) * (trace.up[i] ?? 0) * slope
  }
  gradients.set(name('gate'), weightGrad(gateGrad, trace.mlpNormed.values, width))
  gradients.set(name('up'), weightGrad(upGrad, trace.mlpNormed.values, width))
  const back = addTo(
    linearBack(gateGrad, weightsOf(place, 'gate'), width),
    linearBack(upGrad, weightsOf(place, 'up'), width),
  )
  const middleGrad = grad.slice()
  const norm = { x: trace.middle, gain: weightsOf(place, 'mlpNorm'), factors: trace.mlpNormed.factors, grad: back }
  gradients.set(name('mlpNorm'), normaliseBack(norm, middleGrad))
  return middleGrad
}

function attentionBack(
  place: LayerPlace,
  trace: LayerTrace,
  at: { grad: Float32Array; gradients: Gradients },
): Float32Array {
  const { width } = place.model.shape
  const { layout, table } = place
  const { grad, gradients } = at
  const name = (part: LayerPart): string => layerName(place.layer, part)
  gradients.set(name('o'), weightGrad(grad, trace.attended.out, width))
  const outGrad = linearBack(grad, weightsOf(place, 'o'), width)
  const heads = attendBack(trace.heads, layout, { weights: trace.attended.weights, grad: outGrad })
  turn(heads.q, layout.heads * layout.size, { table, length: layout.length, sign: -1 })
  turn(heads.k, layout.keyHeads * layout.size, { table, length: layout.length, sign: -1 })
  const back = new Float32Array(grad.length)
  for (const part of ['q', 'k', 'v'] as const) {
    gradients.set(name(part), weightGrad(heads[part], trace.attentionNormed.values, width))
    addTo(back, linearBack(heads[part], weightsOf(place, part), width))
  }
  const inputGrad = grad.slice()
  const norm = {
    x: trace.input,
    gain: weightsOf(place, 'attentionNorm'),
    factors: trace.attentionNormed.factors,
    grad: back,
  }
  gradients.set(name('attentionNorm'), normaliseBack(norm, inputGrad))
  return inputGrad
}

/** Gradients of a layer's tensors into `gradients`; returns the gradient with respect to its input. */
export function layerBack(
  place: LayerPlace,
  trace: LayerTrace,
  at: { grad: Float32Array; gradients: Gradients },
): Float32Array {
  const middle = mlpBack(place, trace, at)
  return attentionBack(place, trace, { ...at, grad: middle })
}
