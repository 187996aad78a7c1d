/**
 * Training: some hundred steps on sequences drawn from a corpus, warmed up and decayed.
 *
 * Guarantee: the same model, bit for bit, from the same arguments.
 */
import { layerName, type ZooModel, type ZooTensor } from '../model.ts'
import { bell, randomStream } from '../random.ts'
import { drawBatch, type Corpus } from './language.ts'
import { weightGrad } from './linear.ts'
import { lossGrad, meanLoss, networkBack, runNetwork, softmax } from './network.ts'
import { newOptimiser, type OptimiserKind } from './optimiser.ts'
import { multiply } from '../../../simd/index.ts'

/** How to train. */
export interface Training {
  readonly corpus: Corpus
  readonly steps: number
  /** Peak of the rate, in the scale of AdamW. */
  readonly rate: number
  readonly optimiser: OptimiserKind
  /** Names the order of the sequences. */
  readonly order: string
  /** Learn from this model's probabilities instead of the text. */
  readonly teacher?: ZooModel
}

/** Sequences of a step and their length. */
const BATCH = { sequences: 8, length: 32 } as const

function rateAt(step: number, { steps, rate }: Training): number {
  const warm = Math.max(1, steps / 10)
  return step < warm ? (rate * (step + 1)) / warm : rate * (1.1 - step / steps)
}

function copyOf(model: ZooModel): ZooModel {
  const copied = [...model.tensors].map(([name, { shape, values }]): [string, ZooTensor] => [
    name,
    { shape, values: Float32Array.from(values) },
  ])
  return { shape: model.shape, tensors: new Map(copied) }
}

function chancesOf(teacher: ZooModel, tokens: Uint16Array): Float32Array {
  return softmax(runNetwork(teacher, tokens, BATCH.length).logits, teacher.shape.vocabulary)
}

type Gradients = ReadonlyMap<string, Float32Array>

/** Calls `use` with the gradients of each step; `current` gives the model as it then is. */
function visitSteps(
  training: Training,
  current: () => ZooModel,
  use: (gradients: Gradients, rate: number) => void,
): number {
  const random = randomStream(`order ${training.order}`)
  let loss = 0
  for (let step = 0; step < training.steps; step++) {
    const model = current()
    const batch = drawBatch(training.corpus, random, BATCH)
    const trace = runNetwork(model, batch.tokens, BATCH.length)
    const teacher = training.teacher === undefined ? undefined : chancesOf(training.teacher, batch.tokens)
    if (step === training.steps - 1) loss = meanLoss(trace, batch.targets)
    use(networkBack(model, trace, lossGrad(trace.logits, batch, teacher)), rateAt(step, training))
  }
  return loss
}

/** A trained model and its loss at the end, in nats. */
export interface Trained {
  readonly model: ZooModel
  readonly loss: number
}

/** Trains a copy; all values of it move. */
export function train(start: ZooModel, training: Training): Trained {
  const model = copyOf(start)
  const optimise = newOptimiser(training.optimiser)
  const loss = visitSteps(
    training,
    () => model,
    (gradients, rate) => {
      for (const [name, { shape, values }] of model.tensors)
        optimise({ name, shape, values }, gradients.get(name) ?? new Float32Array(values.length), rate)
    },
  )
  return { model, loss }
}

/** One pair of factors: W + up · down. */
interface Adapter {
  readonly name: string
  readonly down: Float32Array
  readonly up: Float32Array
}

function newAdapter(name: string, size: readonly number[], { rank, seed }: { rank: number; seed: string }): Adapter {
  const [rows = 1, columns = 1] = size
  const random = randomStream(`adapter ${seed}/${name}`)
  return {
    name,
    down: Float32Array.from({ length: rank * columns }, () => bell(random) / Math.sqrt(columns)),
    up: new Float32Array(rows * rank),
  }
}

function merged(base: ZooModel, adapters: readonly Adapter[], rank: number): ZooModel {
  const tensors = new Map(base.tensors)
  for (const { name, down, up } of adapters) {
    const tensor = base.tensors.get(name)
    if (tensor === undefined) continue
    const [rows = 1, columns = 1] = tensor.shape
    const change = multiply(up, down, { rows, inner: rank, columns })
    tensors.set(name, { shape: tensor.shape, values: tensor.values.map((value, i) => value + (change[i] ?? 0)) })
  }
  return { ...base, tensors }
}

/** Trains a low-rank update of the queries and values and merges it. Source: E. Hu et al., LoRA (2021). */
export function trainAdapter(base: ZooModel, training: Training, rank: number): Trained {
  const names = Array.from({ length: base.shape.layers }, (_, layer) => [
    layerName(layer, 'q'),
    layerName(layer, 'v'),
  ]).flat()
  const adapters = names.map((name) =>
    newAdapter(name, base.tensors.get(name)?.shape ?? [], { rank, seed: training.order }),
  )
  const optimise = newOptimiser(training.optimiser)
  const loss = visitSteps(
    training,
    () => merged(base, adapters, rank),
    (gradients, rate) => {
      for (const { name, down, up } of adapters) {
        const grad = gradients.get(name) ?? new Float32Array(0)
        const columns = down.length / rank
        const upGrad = multiply(grad, down, { rows: up.length / rank, inner: columns, columns: rank, transposeB: true })
        const downGrad = weightGrad(up, grad, columns)
        optimise({ name: `${name}/up`, shape: [up.length / rank, rank], values: up }, upGrad, rate)
        optimise({ name: `${name}/down`, shape: [rank, columns], values: down }, downGrad, rate)
      }
    },
  )
  return { model: merged(base, adapters, rank), loss }
}
