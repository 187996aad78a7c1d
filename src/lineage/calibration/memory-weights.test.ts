import assert from 'node:assert/strict'
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openModel } from '../../testing/models.ts'
import { compareModels, compareOpened } from '../compare.ts'
import { memoryWeights } from './memory-weights.ts'
import { configOf, decodeModel, encodeModel } from './model-file.ts'
import { released, USUAL_SHAPE, type ZooModel } from './model.ts'
import { initialise } from './trainer/initialise.ts'
import { storeAs } from './transforms/compression.ts'
import { addNoise, upcycle } from './transforms/grafts.ts'

const BASE = released(initialise(USUAL_SHAPE, { kind: 'normal', seed: 'm' }))
const CHILD = released(addNoise(BASE, 0.1, 'n'))

test('compareOpened() says of models in memory what compare says of their files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-zoo-'))
  const write = (name: string, model: ZooModel): string => {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'model.safetensors'), encodeModel(model))
    writeFileSync(join(folder, name, 'config.json'), configOf(model.shape))
    return join(folder, name)
  }
  try {
    const a = await openModel(write('child', CHILD))
    const b = await openModel(write('base', BASE))
    const seed = 'ab'.repeat(32)
    assert.deepEqual(
      compareOpened(memoryWeights(CHILD), memoryWeights(BASE), { seed }),
      await compareModels(a, b, { seed }),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('decodeModel() gives back what encodeModel() was given, and nothing for other bytes', () => {
  const bytes = encodeModel(BASE)
  assert.deepEqual(decodeModel(bytes, USUAL_SHAPE), BASE)
  assert.equal(decodeModel(bytes.subarray(0, bytes.length - 2), USUAL_SHAPE), undefined)
  assert.equal(decodeModel(bytes, { ...USUAL_SHAPE, layers: 3 }), undefined)
  assert.equal(decodeModel(new Uint8Array(0), USUAL_SHAPE), undefined)
})

for (const type of ['q8_0', 'q4_0'] as const)
  test(`memoryWeights() stores ${type} within half a step of what was given`, () => {
    const weights = memoryWeights(storeAs(BASE, type))
    const part = weights.model.parts.find(({ role }) => role === 'gate')
    assert.ok(part)
    const stored = weights.rows(part, 0, part.rows)
    const given = BASE.tensors.get(part.tensor.name)?.values ?? new Float32Array(0)
    const most = given.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
    const step = type === 'q8_0' ? most / 127 : most / 8
    for (const [i, value] of stored.entries())
      assert.ok(Math.abs(value - (given[i] ?? 0)) <= 0.51 * step + (type === 'q4_0' ? 0.5 * step : 0))
  })

test('memoryWeights() names experts so that they are read as such', () => {
  const { model } = memoryWeights(upcycle(BASE, 'u'))
  assert.equal(model.parts.filter(({ role, expert }) => role === 'gate' && expert >= 0).length, 8)
  assert.equal(model.parts.filter(({ role }) => role === 'router').length, 2)
})
