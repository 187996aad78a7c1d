import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Fault } from '../../base/index.ts'
import { decodeTensor } from '../../simd/index.ts'
import type { Part } from '../weights/part.ts'
import type { PartSource } from './derivation.ts'
import { quantiseRows } from './ggml-quantisers.ts'
import { recipeOrders } from './merge-arithmetic.ts'
import { readRecipe } from './recipe.ts'
import { storeAs } from './store-as.ts'

const VECTORS = JSON.parse(readFileSync(join(import.meta.dirname, 'vectors.json'), 'utf8'))

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'))
}

test('quantiseRows() gives the blocks of the reference in every type', () => {
  const values = new Float32Array(bytesOf(VECTORS.values).buffer)
  for (const [type, blocks] of Object.entries<string>(VECTORS.blocks))
    assert.equal(Buffer.from(quantiseRows(type, values)).toString('base64'), blocks, type)
})

test('quantiseRows() refuses half a block and types without a reference', () => {
  assert.throws(
    () => quantiseRows('q4_0', new Float32Array(33)),
    new Fault('partial-block', '33 values are no whole number of blocks of 32'),
  )
  assert.throws(() => quantiseRows('q4_K', new Float32Array(32)), { code: 'unknown-type' })
})

test('storeAs() rounds to nearest even, keeps subnormals and quiets not-a-number', () => {
  const values = Float32Array.of(1 + 2 ** -8, 1 + 3 * 2 ** -8, 1e-40, -0, Number.NaN, 3.4e38)
  const stored = decodeTensor('BF16', storeAs('BF16', values), {})
  assert.deepEqual([...stored].slice(0, 2), [1, 1 + 2 ** -6])
  assert.ok((stored[2] ?? 0) > 0)
  assert.ok(Object.is(stored[3], -0))
  assert.ok(Number.isNaN(stored[4]))
  assert.equal(stored[5], Infinity)
})

const PART = { role: 'q', rows: 4, columns: 32, layer: 0, expert: -1, bias: false } as unknown as Part

function source(text: string, id: string): PartSource {
  const values = decodeTensor('BF16', bytesOf(text), {})
  return {
    weights: { id } as never,
    find: () => PART,
    rows: (_, { from, count }) => values.slice(from * 32, (from + count) * 32),
  }
}

const SOURCES = VECTORS.merges.models.map((text: string, i: number) => source(text, `m${i}`)) as [
  PartSource,
  PartSource,
  PartSource,
]
const MODELS = [
  { model: 'm0', parameters: { weight: 0.7 } },
  { model: 'm1', parameters: { weight: 0.3 } },
]

for (const method of ['linear', 'task_arithmetic'] as const)
  for (const [type, dtype] of [
    ['f32', 'float32'],
    ['bf16', 'bfloat16'],
  ] as const)
    test(`recipeOrders() merges by ${method} in ${type} as PyTorch does`, () => {
      const recipe = readRecipe({ merge_method: method, models: MODELS, base_model: 'm2', dtype })
      const [first] = recipeOrders(recipe, { models: SOURCES.slice(0, 2), base: SOURCES[2] })
      const rows = first?.rowsOf(PART, { from: 0, count: 4 }) ?? new Float32Array(0)
      assert.equal(Buffer.from(storeAs('BF16', rows)).toString('base64'), VECTORS.merges[method][type])
    })

test('recipeOrders() meets both ends of slerp and keeps its length between', () => {
  const at = (t: number): Float32Array => {
    const recipe = readRecipe({
      merge_method: 'slerp',
      models: [{ model: 'm0' }, { model: 'm1' }],
      base_model: 'm0',
      parameters: { t },
    })
    const [order] = recipeOrders(recipe, { models: SOURCES.slice(0, 2), base: SOURCES[0] })
    return order?.rowsOf(PART, { from: 0, count: 4 }) ?? new Float32Array(0)
  }
  const length = (row: Float32Array): number => Math.hypot(...row)
  assert.deepEqual(at(0), SOURCES[0].rows(PART, { from: 0, count: 4 }))
  assert.ok(Math.abs(length(at(0.5)) / Math.sqrt(length(at(0)) * length(at(1))) - 1) < 0.02)
})

test('readRecipe() refuses by name what it does not run', () => {
  for (const [recipe, word] of [
    [{ merge_method: 'ties', models: MODELS }, /merge_method/],
    [{ merge_method: 'linear', slices: [] }, /slices/],
    [{ merge_method: 'linear', models: [{ model: 'a', parameters: { weight: [1, 2] } }] }, /weight is not one number/],
    [{ merge_method: 'linear', models: [{ model: 'a', parameters: { density: 0.5 } }] }, /density/],
    [{ merge_method: 'slerp', models: MODELS, parameters: { t: 0.5 } }, /base_model/],
    [{ merge_method: 'task_arithmetic', models: MODELS }, /base_model/],
    [null, /no mapping/],
  ] as const)
    assert.throws(
      () => readRecipe(recipe),
      (thrown) => thrown instanceof Fault && thrown.code === 'recipe' && word.test(thrown.message),
    )
})
