/** Changes that make a model smaller: fewer bits, zeros, fewer units, fewer layers. */
import { changeTensors, layerName, valuesOf, type ZooModel, type ZooTensor } from '../model.ts'
import { randomStream, shuffled } from '../random.ts'
import { changeLayers } from './disguise.ts'
import { takeColumns, takeRows } from './matrices.ts'

const MATRICES = /proj|embed|lm_head/
const LAYER_MATRICES = /proj/

/** Stored in another type: matrices in blocks of ggml, or everything in another float. */
export function storeAs(model: ZooModel, type: NonNullable<ZooTensor['type']>): ZooModel {
  const isBlock = type === 'q8_0' || type === 'q4_0'
  return changeTensors(model, isBlock ? MATRICES : /./, ({ shape, values }) => ({ shape, values, type }))
}

/** Rounded to `bits` in groups of 16 between the group's extremes, and stored as numbers again. */
export function quantise(model: ZooModel, bits: number): ZooModel {
  const levels = 2 ** bits - 1
  return changeTensors(model, MATRICES, ({ shape, values }) => {
    const out = Float32Array.from(values)
    for (let from = 0; from < values.length; from += 16) {
      const group = values.subarray(from, from + 16)
      const low = Math.min(...group)
      const step = (Math.max(...group) - low) / levels
      if (step > 0)
        for (const [i, value] of group.entries()) out[from + i] = low + Math.round((value - low) / step) * step
    }
    return { shape, values: out }
  })
}

/** Sets the smallest share of each matrix of a layer to zero. */
export function prune(model: ZooModel, share: number): ZooModel {
  return changeTensors(model, LAYER_MATRICES, ({ shape, values }) => {
    const cut = values.map(Math.abs).toSorted()[Math.floor(share * values.length)] ?? 0
    return { shape, values: values.map((value) => (Math.abs(value) < cut ? 0 : value)) }
  })
}

/** Keeps the two larger of each four neighbours. */
export function pruneTwoOfFour(model: ZooModel): ZooModel {
  return changeTensors(model, LAYER_MATRICES, ({ shape, values }) => {
    const out = Float32Array.from(values)
    for (let from = 0; from < values.length; from += 4) {
      const bySize = [0, 1, 2, 3].toSorted((a, b) => Math.abs(values[from + a] ?? 0) - Math.abs(values[from + b] ?? 0))
      for (const place of bySize.slice(0, 2)) out[from + place] = 0
    }
    return { shape, values: out }
  })
}

/** Keeps the `count` longest units of every layer, in a new order. */
export function pruneUnits(model: ZooModel, count: number, seed: string): ZooModel {
  const { width, hidden } = model.shape
  const narrowed = changeLayers(model, (layer) => {
    const down = valuesOf(model, layerName(layer, 'gate'))
    const size = (unit: number): number =>
      down.subarray(unit * width, (unit + 1) * width).reduce((sum, value) => sum + value * value, 0)
    const kept = [...Array(hidden).keys()].toSorted((a, b) => size(b) - size(a)).slice(0, count)
    const order = shuffled(randomStream(`narrow ${seed}/${layer}`), count).map((place) => kept[place] ?? 0)
    const rows = (tensor: ZooTensor): ZooTensor => takeRows(tensor, order)
    return { gate: rows, up: rows, down: (tensor) => takeColumns(tensor, order) }
  })
  return { ...narrowed, shape: { ...model.shape, hidden: count } }
}

/** Takes layers in the given order, some perhaps twice, some not at all. */
export function restack(model: ZooModel, order: readonly number[]): ZooModel {
  const rest = [...model.tensors].filter(([name]) => !name.includes('.layers.'))
  const layers = order.flatMap((from, to) =>
    [...model.tensors]
      .filter(([name]) => name.startsWith(`model.layers.${from}.`))
      .map(([name, tensor]) => [name.replace(`.${from}.`, `.${to}.`), tensor] as const),
  )
  return { shape: { ...model.shape, layers: order.length }, tensors: new Map([...rest, ...layers]) }
}
