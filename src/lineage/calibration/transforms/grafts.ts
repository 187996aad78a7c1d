/** Changes that put something foreign into a model, or something more: experts, tokens, planted units, embeddings. */
import { transposed } from './disguise.ts'
import { EMBEDDING, HEAD, changeTensors, layerName, type ZooModel, type ZooTensor } from '../model.ts'
import { bell, randomStream, shuffled } from '../random.ts'
import { takeColumns, takeRows } from './matrices.ts'

const EXPERTS = 4

function strangers(tensor: ZooTensor, from: number, name: string): ZooTensor {
  const random = randomStream(name)
  const columns = tensor.shape[1] ?? 1
  const spread = Math.sqrt(tensor.values.reduce((sum, value) => sum + value * value, 0) / tensor.values.length)
  const values = tensor.values.map((value, i) => (Math.floor(i / columns) < from ? value : spread * bell(random)))
  return { shape: tensor.shape, values }
}

/** One expert: half the units as they were, half new, in another order. */
function expertOf(model: ZooModel, layer: number, at: { expert: number; seed: string }): [string, ZooTensor][] {
  const { hidden } = model.shape
  const purpose = `upcycle ${at.seed}/${layer}/${at.expert}`
  const order = shuffled(randomStream(purpose), hidden)
  return (['gate', 'up', 'down'] as const).map((part) => {
    const tensor = model.tensors.get(layerName(layer, part)) ?? { shape: [], values: new Float32Array(0) }
    const name = layerName(layer, part).replace('.mlp.', `.mlp.experts.${at.expert}.`)
    if (part !== 'down')
      return [
        name,
        takeRows(
          strangers(takeRows(tensor, order), hidden / 2, `${purpose}/${part}`),
          shuffled(randomStream(`${purpose}/again`), hidden),
        ),
      ]
    const units = strangers(transposed(takeColumns(tensor, order)), hidden / 2, `${purpose}/${part}`)
    return [name, transposed(takeRows(units, shuffled(randomStream(`${purpose}/again`), hidden)))]
  })
}

/** A mixture of four experts made from each MLP. */
export function upcycle(model: ZooModel, seed: string): ZooModel {
  const tensors = new Map([...model.tensors].filter(([name]) => !name.includes('.mlp.')))
  for (let layer = 0; layer < model.shape.layers; layer++) {
    const random = randomStream(`router ${seed}/${layer}`)
    const router = Float32Array.from({ length: EXPERTS * model.shape.width }, () => 0.02 * bell(random))
    tensors.set(`model.layers.${layer}.mlp.gate.weight`, { shape: [EXPERTS, model.shape.width], values: router })
    for (let expert = 0; expert < EXPERTS; expert++)
      for (const [name, tensor] of expertOf(model, layer, { expert, seed })) tensors.set(name, tensor)
  }
  return { ...model, tensors }
}

const TOKENS = new RegExp(`^(${EMBEDDING}|${HEAD})$`)

/** Appends tokens with new rows. */
export function extendVocabulary(model: ZooModel, count: number, seed: string): ZooModel {
  const longer = changeTensors(model, TOKENS, ({ shape, values }, name) => {
    const [rows = 0, columns = 1] = shape
    const random = randomStream(`tokens ${seed}/${name}`)
    const fresh = Float32Array.from({ length: count * columns }, () => 0.05 * bell(random))
    return { shape: [rows + count, columns], values: Float32Array.from([...values, ...fresh]) }
  })
  return { ...longer, shape: { ...model.shape, vocabulary: model.shape.vocabulary + count } }
}

/** Renumbers the tokens. */
export function reorderVocabulary(model: ZooModel, seed: string): ZooModel {
  const order = shuffled(randomStream(`vocabulary ${seed}`), model.shape.vocabulary)
  return changeTensors(model, TOKENS, (tensor) => takeRows(tensor, order))
}

/** Embedding and head of another model in this one. */
export function transplantEmbeddings(model: ZooModel, donor: ZooModel): ZooModel {
  return changeTensors(model, TOKENS, (tensor, name) => donor.tensors.get(name) ?? tensor)
}

/** The first units of every layer overwritten by those of another model: planted evidence. */
export function plantUnits(model: ZooModel, donor: ZooModel, count: number): ZooModel {
  return changeTensors(model, /mlp\.(gate|up|down)_proj/, (tensor, name) => {
    const theirs = donor.tensors.get(name)
    if (theirs === undefined) return tensor
    const columns = tensor.shape[1] ?? 1
    const isPlanted = (i: number): boolean => (name.includes('down') ? i % columns : Math.floor(i / columns)) < count
    return {
      shape: tensor.shape,
      values: tensor.values.map((value, i) => (isPlanted(i) ? (theirs.values[i] ?? 0) : value)),
    }
  })
}

/** Every matrix moved by noise of `size` times its own spread. */
export function addNoise(model: ZooModel, size: number, seed: string): ZooModel {
  return changeTensors(model, /proj|embed|lm_head/, ({ shape, values }, name) => {
    const random = randomStream(`noise ${seed}/${name}`)
    const spread = size * Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
    return { shape, values: values.map((value) => value + spread * bell(random)) }
  })
}
