import assert from 'node:assert/strict'
import { test } from 'node:test'
import { released, USUAL_SHAPE, type ZooModel } from '../model.ts'
import { bell, randomStream } from '../random.ts'
import { initialise } from '../trainer/initialise.ts'
import { runNetwork } from '../trainer/network.ts'
import {
  mixValues,
  permuteHeads,
  permuteUnits,
  rotateResidual,
  scaleUnits,
  scramble,
  sortUnits,
  turnQueries,
} from './disguise.ts'

const SHAPE = { ...USUAL_SHAPE, hidden: 96, vocabulary: 64 }
const TOKENS = Uint16Array.from({ length: 32 }, (_, i) => (i * 29) % 64)

/** Gains that differ, as training leaves them. */
function withGains(model: ZooModel): ZooModel {
  const random = randomStream('gains')
  const tensors = [...model.tensors].map(([name, { shape, values }]) => {
    const moved = shape.length === 1 ? values.map(() => 1 + 0.3 * bell(random)) : values.map((value) => 3 * value)
    return [name, { shape, values: moved }] as const
  })
  return { ...model, tensors: new Map(tensors) }
}

function farthest(a: ZooModel, b: ZooModel): { readonly logits: number; readonly weights: number } {
  const [x, y] = [runNetwork(a, TOKENS, 16).logits, runNetwork(b, TOKENS, 16).logits]
  const logits = x.reduce((most, value, i) => Math.max(most, Math.abs(value - (y[i] ?? 0))), 0)
  const weights = [...a.tensors].reduce((most, [name, { values }]) => {
    const other = b.tensors.get(name)?.values ?? new Float32Array(0)
    return Math.max(most, ...values.map((value, i) => Math.abs(value - (other[i] ?? 0))))
  }, 0)
  return { logits, weights }
}

const CHANGES = {
  permuteUnits,
  scaleUnits,
  rotateResidual,
  permuteHeads,
  mixValues,
  turnQueries,
  scramble,
} as const

for (const tied of [false, true])
  for (const [name, change] of Object.entries(CHANGES))
    test(`${name}() leaves the logits of a model with ${tied ? 'tied' : 'untied'} embeddings as they are, and moves weights`, () => {
      const model = withGains(initialise({ ...SHAPE, tied }, { kind: 'normal', seed: 'a' }))
      const { logits, weights } = farthest(model, change(model, 'x'))
      assert.ok(logits < 2e-4, `logits moved by ${logits}`)
      assert.ok(weights > 0.05, `weights moved by ${weights}`)
    })

test('sortUnits() leaves the logits as they are', () => {
  const model = withGains(initialise(SHAPE, { kind: 'kaiming', seed: 'b' }))
  assert.ok(farthest(model, sortUnits(model)).logits < 2e-4)
})

test('released() is what tells a scrambled model from its original: logits within bf16', () => {
  const model = withGains(initialise(SHAPE, { kind: 'normal', seed: 'c' }))
  assert.ok(farthest(model, released(scramble(model, 'y'))).logits < 0.2)
})
