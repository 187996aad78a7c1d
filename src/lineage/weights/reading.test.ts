import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { f32Tensor, writeSafetensors } from '../../testing/safetensors.ts'
import { interleavedRow } from './rows-in-order.ts'
import { testableMlps } from './mlp.ts'
import { hiddenUnits, readUnits } from './unit-matrix.ts'
import { openWeights } from './weights.ts'

/** Row i, column j of an h × d matrix holds 1000·i + j. */
function numbered(h: number, d: number): Float32Array {
  return Float32Array.from({ length: h * d }, (_, at) => 1000 * Math.floor(at / d) + (at % d))
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(
    { length: values.length },
    (_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? 0,
  )
}

test('readUnits() gives one row a unit whichever way round a matrix is stored', async (context) => {
  const folder = temporaryFolder(context)
  const units = numbered(96, 64)
  const tensors = [
    f32Tensor('model.layers.0.mlp.up_proj.weight', [96, 64], units),
    f32Tensor('model.layers.0.mlp.down_proj.weight', [64, 96], transposed(units, 96, 64)),
    f32Tensor('transformer.h.0.mlp.c_fc.weight', [64, 96], transposed(units, 96, 64)),
    f32Tensor('transformer.h.0.mlp.c_proj.weight', [96, 64], units),
  ]
  for (const [name, pair] of [
    ['llama', tensors.slice(0, 2)],
    ['gpt2', tensors.slice(2)],
  ] as const) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'model.safetensors'), writeSafetensors(pair))
    const { opened, facts } = await openModel(join(folder, name))
    const weights = openWeights(opened, facts)
    const wanted = { units: Uint32Array.of(0, 5, 6, 95), coordinates: Uint32Array.of(1, 2, 63) }
    for (const part of weights.model.parts) {
      const rows = readUnits(weights, hiddenUnits(part), wanted)
      assert.deepEqual([...rows], [1, 2, 63, 5001, 5002, 5063, 6001, 6002, 6063, 95001, 95002, 95063])
    }
    weights.close()
  }
})

test('openWeights() finds a model unusable when a tensor is not what its shape says', async (context) => {
  const folder = temporaryFolder(context)
  writeFileSync(
    join(folder, 'model.safetensors'),
    writeSafetensors([f32Tensor('model.layers.0.mlp.up_proj.weight', [96, 64], numbered(96, 64))]),
  )
  const { opened, facts } = await openModel(folder)
  const lie = (change: object): typeof facts => ({
    ...facts,
    files: facts.files.map((file) => ({ ...file, tensors: file.tensors.map((tensor) => ({ ...tensor, ...change })) })),
  })
  assert.match(openWeights(opened, lie({ offset: 1e9 })).model.unusable ?? '', /outside its file/)
  assert.match(openWeights(opened, lie({ shape: [96, 65] })).model.unusable ?? '', /not those of its shape/)
  assert.equal(openWeights(opened, facts).model.unusable, null)
})

test('testableMlps() leaves out layers narrower than 64 units', async (context) => {
  const folder = temporaryFolder(context)
  const tensors = [
    f32Tensor('model.layers.0.mlp.up_proj.weight', [63, 64], numbered(63, 64)),
    f32Tensor('model.layers.1.mlp.up_proj.weight', [64, 64], numbered(64, 64)),
  ]
  writeFileSync(join(folder, 'model.safetensors'), writeSafetensors(tensors))
  const { opened, facts } = await openModel(folder)
  const weights = openWeights(opened, facts)
  assert.deepEqual(
    testableMlps(weights.model).map(({ layer }) => layer),
    [1],
  )
  weights.close()
})

test('interleavedRow() undoes what llama.cpp does to the rows of a head', () => {
  const trained = Array.from({ length: 16 }, (_, row) => row)
  const stored = trained.map((row) => row - (row % 8) + ((row % 8) % 2) * 4 + Math.floor((row % 8) / 2))
  assert.deepEqual(
    trained.map((row) => stored[interleavedRow(row, 8)]),
    trained,
  )
})
