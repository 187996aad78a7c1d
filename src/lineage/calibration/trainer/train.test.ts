import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sha256 } from '../../../base/index.ts'
import { encodeModel } from '../model-file.ts'
import { USUAL_SHAPE, type ZooModel } from '../model.ts'
import { initialise, INITIALISATIONS, orthonormal } from './initialise.ts'
import { writeCorpus } from './language.ts'
import { OPTIMISERS } from './optimiser.ts'
import { train, trainAdapter, type Training } from './train.ts'
import { multiply } from '../../../simd/index.ts'

const SHAPE = { ...USUAL_SHAPE, width: 16, hidden: 24, vocabulary: 48, layers: 1 }
const CORPUS = writeCorpus('test', 48, 4096)
const PLAN: Training = { corpus: CORPUS, steps: 30, rate: 6e-3, optimiser: 'adamw', order: 'o' }

function start(seed: string): ZooModel {
  return initialise(SHAPE, { kind: 'normal', seed })
}

test('train() gives the same bytes twice, and others from another seed or order', () => {
  const digest = (seed: string, order: string): string =>
    sha256(encodeModel(train(start(seed), { ...PLAN, order }).model))
  const first = digest('a', 'o')
  assert.equal(first, 'fc2a305aeda0da8e2ab86a7e76dbbebb7c9838b9ee18b0f620ee84d2ffdb0b90', 'the digest of every machine')
  assert.equal(digest('a', 'o'), first)
  assert.notEqual(digest('b', 'o'), first)
  assert.notEqual(digest('a', 'p'), first)
})

for (const optimiser of OPTIMISERS)
  test(`train() learns with ${optimiser}`, () => {
    const before = train(start('a'), { ...PLAN, steps: 1, optimiser }).loss
    const after = train(start('a'), { ...PLAN, steps: 60, optimiser }).loss
    assert.ok(after < before - 0.25, `${before} to ${after}`)
  })

for (const kind of INITIALISATIONS)
  test(`train() learns from ${kind} weights`, () => {
    const model = initialise(SHAPE, { kind, seed: 'k' })
    assert.ok(train(model, { ...PLAN, steps: 60 }).loss < train(model, { ...PLAN, steps: 1 }).loss - 0.25)
  })

test('train() of a student follows its teacher', () => {
  const teacher = train(start('a'), { ...PLAN, steps: 60 }).model
  const student = train(start('b'), { ...PLAN, steps: 60, teacher })
  assert.ok(student.loss < 3.6, String(student.loss))
})

test('trainAdapter() changes queries and values alone, by matrices of its rank', () => {
  const base = start('a')
  const { model } = trainAdapter(base, PLAN, 2)
  const changed = [...model.tensors].filter(([name, { values }]) => {
    const before = base.tensors.get(name)?.values
    return values.some((value, i) => value !== before?.[i])
  })
  assert.deepEqual(
    changed.map(([name]) => name.split('.')[4]),
    ['q_proj', 'v_proj'],
  )
  const [, q] = changed[0] ?? []
  const before = base.tensors.get(changed[0]?.[0] ?? '')?.values ?? new Float32Array(0)
  assert.equal(rank(q?.values.map((value, i) => value - (before[i] ?? 0)) ?? before, 16), 2)
})

/** Rank by elimination with full pivots. */
function rank(matrix: Float32Array, columns: number): number {
  const rows = Array.from({ length: matrix.length / columns }, (_, i) => [
    ...matrix.subarray(i * columns, (i + 1) * columns),
  ])
  const largest = Math.max(...matrix.map(Math.abs))
  let found = 0
  for (let column = 0; column < columns; column++) {
    rows.sort((x, y) => Math.abs(y[column] ?? 0) - Math.abs(x[column] ?? 0))
    const pivot = rows[0]
    if (pivot === undefined || Math.abs(pivot[column] ?? 0) < 1e-3 * largest) continue
    found += 1
    rows.shift()
    for (const row of rows) {
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1)
      for (let j = 0; j < columns; j++) row[j] = (row[j] ?? 0) - factor * (pivot[j] ?? 0)
    }
  }
  return found
}

test('orthonormal() gives orthonormal rows or columns', () => {
  for (const [rows, columns] of [
    [8, 20],
    [20, 8],
    [12, 12],
  ] as const) {
    const random = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(1 + i * i))
    const side = Math.min(rows, columns)
    const x = orthonormal(random, rows, columns)
    const isWide = rows <= columns
    const gram = multiply(x, x, {
      rows: side,
      inner: Math.max(rows, columns),
      columns: side,
      transposeA: !isWide,
      transposeB: isWide,
    })
    for (const [i, value] of gram.entries()) assert.ok(Math.abs(value - Number(i % (side + 1) === 0)) < 1e-4)
  }
})
