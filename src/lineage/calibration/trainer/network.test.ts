import assert from 'node:assert/strict'
import { test } from 'node:test'
import { USUAL_SHAPE, type ZooModel } from '../model.ts'
import { bell, randomStream } from '../random.ts'
import { initialise } from './initialise.ts'
import { lossGrad, networkBack, runNetwork, softmax } from './network.ts'

const SMALL = { ...USUAL_SHAPE, width: 16, hidden: 24, vocabulary: 32 }
const LENGTH = 6
const BATCH = {
  tokens: Uint16Array.from({ length: 12 }, (_, i) => (7 * i) % 32),
  targets: Uint16Array.from({ length: 12 }, (_, i) => (5 * i + 3) % 32),
  length: LENGTH,
}

function loss(model: ZooModel): number {
  const chances = softmax(runNetwork(model, BATCH.tokens, LENGTH).logits, 32)
  return BATCH.targets.reduce((sum, target, row) => sum - Math.log(chances[row * 32 + target] ?? 0), 0) / 12
}

/** Weights large enough that every path carries something. */
function lively(tied: boolean): ZooModel {
  const random = randomStream('lively')
  const model = initialise({ ...SMALL, tied }, { kind: 'kaiming', seed: 'g' })
  const tensors = [...model.tensors].map(([name, { shape, values }]) => {
    return [
      name,
      { shape, values: values.map((value) => (shape.length === 1 ? 1 + 0.3 * bell(random) : 2 * value)) },
    ] as const
  })
  return { ...model, tensors: new Map(tensors) }
}

function moved(model: ZooModel, name: string, direction: Float32Array, size: number): ZooModel {
  const tensor = model.tensors.get(name)
  assert.ok(tensor)
  const values = tensor.values.map((value, i) => value + size * (direction[i] ?? 0))
  return { ...model, tensors: new Map(model.tensors).set(name, { shape: tensor.shape, values }) }
}

for (const tied of [false, true])
  test(`networkBack() agrees with finite differences in every tensor, ${tied ? 'tied' : 'untied'}`, () => {
    const model = lively(tied)
    const trace = runNetwork(model, BATCH.tokens, LENGTH)
    const gradients = networkBack(model, trace, lossGrad(trace.logits, BATCH))
    assert.deepEqual([...gradients.keys()].toSorted(), [...model.tensors.keys()].toSorted())
    for (const [name, gradient] of gradients) {
      const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0))
      const direction = gradient.map((value) => value / norm)
      const step = 3e-3
      const slope =
        (loss(moved(model, name, direction, step)) - loss(moved(model, name, direction, -step))) / (2 * step)
      assert.ok(Math.abs(slope - norm) < 0.02 * norm + 1e-4, `${name}: ${slope} against ${norm}`)
    }
  })

test('runNetwork() does not look ahead', () => {
  const model = lively(false)
  const later = Uint16Array.from(BATCH.tokens)
  later[5] = 1
  const [x, y] = [runNetwork(model, BATCH.tokens, LENGTH).logits, runNetwork(model, later, LENGTH).logits]
  assert.deepEqual(x.subarray(0, 5 * 32), y.subarray(0, 5 * 32))
  assert.notDeepEqual(x.subarray(5 * 32, 6 * 32), y.subarray(5 * 32, 6 * 32))
})
