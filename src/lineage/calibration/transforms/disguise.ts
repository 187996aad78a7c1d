/**
 * Changes that leave the function as it is: what somebody does who wants to hide where weights came from.
 *
 * Units renumbered and rescaled, the residual stream rotated after the norm gains were folded away, heads renumbered,
 * values and outputs mixed within a head, planes of queries and keys turned and stretched; and all of it at once.
 *
 * Guarantee: logits stay the same up to rounding (`disguise.test.ts`).
 */
import {
  EMBEDDING,
  FINAL_NORM,
  HEAD,
  changeTensors,
  headName,
  layerName,
  valuesOf,
  type LayerPart,
  type ZooModel,
  type ZooTensor,
} from '../model.ts'
import { bell, randomStream, shuffled, type RandomStream } from '../random.ts'
import { cosine, exponential, sine } from '../trainer/arithmetic.ts'
import { orthonormal } from '../trainer/initialise.ts'
import { multiply } from '../../../simd/index.ts'
import { scaleColumns, scaleRows, takeColumns, takeRows, timesLeft, timesRight } from './matrices.ts'

type Edits = Readonly<Partial<Record<LayerPart, (tensor: ZooTensor) => ZooTensor>>>

/** Changes parts of every layer. */
export function changeLayers(model: ZooModel, editsOf: (layer: number) => Edits): ZooModel {
  const tensors = new Map(model.tensors)
  for (let layer = 0; layer < model.shape.layers; layer++)
    for (const [part, edit] of Object.entries(editsOf(layer))) {
      const name = layerName(layer, part as LayerPart)
      const tensor = tensors.get(name)
      if (tensor !== undefined) tensors.set(name, edit(tensor))
    }
  return { ...model, tensors }
}

/** Renumbers the hidden units of every layer. */
export function permuteUnits(model: ZooModel, seed: string): ZooModel {
  return changeLayers(model, (layer) => {
    const order = shuffled(randomStream(`units ${seed}/${layer}`), model.shape.hidden)
    const rows = (tensor: ZooTensor): ZooTensor => takeRows(tensor, order)
    return { gate: rows, up: rows, down: (tensor) => takeColumns(tensor, order) }
  })
}

/** Sorts the hidden units of every layer by the length of their gate rows, longest first. */
export function sortUnits(model: ZooModel): ZooModel {
  return changeLayers(model, (layer) => {
    const { width, hidden } = model.shape
    const gate = valuesOf(model, layerName(layer, 'gate'))
    const square = (unit: number): number =>
      gate.subarray(unit * width, (unit + 1) * width).reduce((sum, value) => sum + value * value, 0)
    const order = Uint32Array.from({ length: hidden }, (_, unit) => unit).sort((a, b) => square(b) - square(a))
    const rows = (tensor: ZooTensor): ZooTensor => takeRows(tensor, order)
    return { gate: rows, up: rows, down: (tensor) => takeColumns(tensor, order) }
  })
}

function stretches(random: RandomStream, count: number): Float32Array {
  return Float32Array.from({ length: count }, () => (random() < 0.5 ? -1 : 1) * exponential(0.5 * bell(random)))
}

function inverse(factors: Float32Array): Float32Array {
  return factors.map((factor) => 1 / factor)
}

/** Scales each unit's up row, sign included, and its down column by the inverse. */
export function scaleUnits(model: ZooModel, seed: string): ZooModel {
  return changeLayers(model, (layer) => {
    const factors = stretches(randomStream(`scales ${seed}/${layer}`), model.shape.hidden)
    return { up: (tensor) => scaleRows(tensor, factors), down: (tensor) => scaleColumns(tensor, inverse(factors)) }
  })
}

/** Gains folded into the matrices that read them; a tied head gets a tensor of its own. */
export function foldGains(model: ZooModel): ZooModel {
  const { width, shape } = { width: model.shape.width, shape: { ...model.shape, tied: false } }
  const head = model.tensors.get(headName(model.shape)) ?? { shape: [], values: new Float32Array(0) }
  const untied = { shape, tensors: new Map(model.tensors).set(HEAD, scaleColumns(head, valuesOf(model, FINAL_NORM))) }
  const folded = changeLayers(untied, (layer) => {
    const attention = valuesOf(model, layerName(layer, 'attentionNorm'))
    const mlp = valuesOf(model, layerName(layer, 'mlpNorm'))
    const read =
      (gain: Float32Array) =>
      (tensor: ZooTensor): ZooTensor =>
        scaleColumns(tensor, gain)
    return { q: read(attention), k: read(attention), v: read(attention), gate: read(mlp), up: read(mlp) }
  })
  return changeTensors(folded, /norm/, () => ({ shape: [width], values: new Float32Array(width).fill(1) }))
}

/** A random orthogonal matrix. */
export function randomOrthogonal(size: number, seed: string): Float32Array {
  const random = randomStream(`rotation ${seed}`)
  return orthonormal(
    Float32Array.from({ length: size * size }, () => bell(random)),
    size,
    size,
  )
}

/** Rotates the residual stream. */
export function rotateResidual(model: ZooModel, seed: string): ZooModel {
  const folded = foldGains(model)
  const rotation = randomOrthogonal(model.shape.width, seed)
  const read = (tensor: ZooTensor): ZooTensor => timesRight(tensor, rotation)
  const write = (tensor: ZooTensor): ZooTensor => timesLeft(tensor, rotation)
  const turned = changeLayers(folded, () => ({
    q: read,
    k: read,
    v: read,
    gate: read,
    up: read,
    o: write,
    down: write,
  }))
  return changeTensors(turned, new RegExp(`^(${EMBEDDING}|${HEAD})$`), read)
}

/** Orders of query heads and key heads that keep each query with its key, as orders of rows. */
function headOrders({ shape }: ZooModel, random: RandomStream): { q: number[]; k: number[] } {
  const size = shape.width / shape.heads
  const share = shape.heads / shape.keyHeads
  const keys = [...shuffled(random, shape.keyHeads)]
  const queries = keys.flatMap((key) => [...shuffled(random, share)].map((query) => key * share + query))
  const rows = (heads: number[]): number[] =>
    heads.flatMap((head) => Array.from({ length: size }, (_, i) => head * size + i))
  return { q: rows(queries), k: rows(keys) }
}

/** Renumbers attention heads. */
export function permuteHeads(model: ZooModel, seed: string): ZooModel {
  return changeLayers(model, (layer) => {
    const { q, k } = headOrders(model, randomStream(`heads ${seed}/${layer}`))
    const keys = (tensor: ZooTensor): ZooTensor => takeRows(tensor, k)
    return { q: (tensor) => takeRows(tensor, q), k: keys, v: keys, o: (tensor) => takeColumns(tensor, q) }
  })
}

/** An invertible matrix and its inverse: orthogonal, stretched, orthogonal. */
function invertible(size: number, seed: string): { readonly forth: Float32Array; readonly back: Float32Array } {
  const left = { shape: [size, size], values: randomOrthogonal(size, `${seed} left`) }
  const right = randomOrthogonal(size, `${seed} right`)
  const factors = stretches(randomStream(`stretches ${seed}`), size)
  const square = { rows: size, inner: size, columns: size }
  const forth = multiply(scaleColumns(left, factors).values, right, square)
  const back = multiply(right, scaleRows(transposed(left), inverse(factors)).values, { ...square, transposeA: true })
  return { forth, back }
}

/** A matrix the other way round. */
export function transposed({ shape, values }: ZooTensor): ZooTensor {
  const [rows = 1, columns = 1] = shape
  return {
    shape: [columns, rows],
    values: values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)] ?? 0),
  }
}

/** Mixes the coordinates of each value head and undoes it where outputs are read. */
export function mixValues(model: ZooModel, seed: string): ZooModel {
  const { width, heads, keyHeads } = model.shape
  const size = width / heads
  return changeLayers(model, (layer) => {
    const mixes = Array.from({ length: keyHeads }, (_, head) => invertible(size, `${seed}/${layer}/${head}`))
    return {
      v: (tensor) => {
        const pieces = mixes.map(({ forth }, head) => {
          const piece = tensor.values.subarray(head * size * width, (head + 1) * size * width)
          return multiply(forth, piece, { rows: size, inner: size, columns: width })
        })
        return { shape: tensor.shape, values: Float32Array.from(pieces.flatMap((piece) => [...piece])) }
      },
      o: (tensor) => {
        const turned = transposed(tensor)
        const pieces = Array.from({ length: heads }, (_, head) => {
          const { back = new Float32Array(0) } = mixes[Math.floor((head * keyHeads) / heads)] ?? {}
          const piece = turned.values.subarray(head * size * width, (head + 1) * size * width)
          return multiply(back, piece, { rows: size, inner: size, columns: width, transposeA: true })
        })
        return transposed({ shape: turned.shape, values: Float32Array.from(pieces.flatMap((piece) => [...piece])) })
      },
    }
  })
}

interface Plane {
  readonly angle: number
  readonly stretch: number
}

/** Turns and stretches rows i and i + half of each head. */
function turnPlanes(tensor: ZooTensor, size: number, planeOf: (head: number, i: number) => Plane): ZooTensor {
  const columns = tensor.shape[1] ?? 1
  const half = size / 2
  const values = Float32Array.from(tensor.values)
  for (let head = 0; head * size < (tensor.shape[0] ?? 0); head++)
    for (let i = 0; i < half; i++) {
      const { angle, stretch } = planeOf(head, i)
      const [c, s] = [stretch * cosine(angle), stretch * sine(angle)]
      const first = (head * size + i) * columns
      const second = first + half * columns
      for (let j = 0; j < columns; j++) {
        const [x, y] = [tensor.values[first + j] ?? 0, tensor.values[second + j] ?? 0]
        values[first + j] = c * x - s * y
        values[second + j] = s * x + c * y
      }
    }
  return { shape: tensor.shape, values }
}

/** Turns and stretches the rotary planes of keys, and those of queries so that their products stay. */
export function turnQueries(model: ZooModel, seed: string): ZooModel {
  const { width, heads, keyHeads } = model.shape
  const size = width / heads
  return changeLayers(model, (layer) => {
    const random = randomStream(`planes ${seed}/${layer}`)
    const planes = Array.from({ length: keyHeads * (size / 2) }, () => ({
      angle: 2 * Math.PI * random(),
      stretch: exponential(0.4 * bell(random)),
    }))
    const at = (head: number, i: number): Plane => planes[head * (size / 2) + i] ?? { angle: 0, stretch: 1 }
    return {
      k: (tensor) => turnPlanes(tensor, size, at),
      q: (tensor) =>
        turnPlanes(tensor, size, (head, i) => {
          const { angle, stretch } = at(Math.floor((head * keyHeads) / heads), i)
          return { angle, stretch: 1 / stretch }
        }),
    }
  })
}

/** Everything at once. */
export function scramble(model: ZooModel, seed: string): ZooModel {
  const rotated = rotateResidual(model, seed)
  const units = scaleUnits(permuteUnits(rotated, seed), seed)
  return turnQueries(mixValues(permuteHeads(units, seed), seed), seed)
}
