import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { fineTune, makeBase, writeModel, type ZooModel, type ZooTensor } from '../../testing/zoo.ts'
import { compareModels } from '../compare.ts'
import { fingerprintModel } from '../fingerprint/fingerprint-model.ts'
import type { Comparison } from './comparison.ts'

const POSITIONS = 512

function table(rows: number, columns: number, at: (row: number, column: number) => number): ZooTensor {
  const values = Float32Array.from({ length: rows * columns }, (_, i) => at(Math.floor(i / columns), i % columns))
  return { shape: [rows, columns], values }
}

function sinusoid(columns: number): ZooTensor {
  return table(POSITIONS, columns, (row, column) => {
    const angle = row / 10_000 ** ((column - (column % 2)) / columns)
    return column % 2 === 0 ? Math.sin(angle) : Math.cos(angle)
  })
}

/** What programs store beside weights: the same in every model that they write. */
const FORMULAS: ReadonlyMap<string, ZooTensor> = new Map([
  ...[0, 1, 2, 3].flatMap((layer): [string, ZooTensor][] => [
    [`transformer.h.${layer}.attn.bias`, table(128, 128, (row, column) => Number(column <= row))],
    [`model.layers.${layer}.self_attn.rotary_emb.cos_cached`, sinusoid(16)],
    [`model.layers.${layer}.self_attn.rotary_emb.inv_freq`, table(1, 8, (_, column) => 10_000 ** (-column / 8))],
    [`model.layers.${layer}.self_attn.alibi`, table(128, 128, (row, column) => (column - row) / 2 ** (layer + 1))],
  ]),
  ['bert.embeddings.position_embeddings.weight', sinusoid(64)],
  ['bert.embeddings.position_ids', table(1, POSITIONS, (_, column) => column)],
])

/** As a program would that calls everything by numbers: only shapes tell what is what. */
function unnamed(model: ZooModel): ZooModel {
  const names: readonly (readonly [RegExp, string])[] = [
    [/^model\.embed_tokens\.weight/, 'rows'],
    [/^lm_head\.weight/, 'out'],
    [/^model\.layers\.(\d+)\.(mlp\.|self_attn\.)?/, 'blob.$1.'],
    [/(gate|up|down|q|k|v|o)_proj\.weight/, 'block_$1'],
  ]
  return new Map(
    [...model].map(([name, tensor]) => [names.reduce((text, [from, to]) => text.replace(from, to), name), tensor]),
  )
}

async function compareBoth(context: TestContext, a: ZooModel, b: ZooModel): Promise<readonly Comparison[]> {
  const open = (model: ZooModel): ReturnType<typeof openModel> => openModel(writeModel(temporaryFolder(context), model))
  const [ours, theirs] = [await open(a), await open(b)]
  const take = async (side: typeof ours): ReturnType<typeof fingerprintModel> =>
    fingerprintModel(side.opened, side.facts, { threads: 0 })
  const fingerprints = { a: { fingerprint: await take(ours) }, b: { fingerprint: await take(theirs) } }
  return [await compareModels(ours, theirs), await compareModels(fingerprints.a, fingerprints.b)]
}

const addFormulas = (model: ZooModel): ZooModel => new Map([...model, ...FORMULAS])

test('masks and tables of formulas that unrelated models share are no evidence of kinship', async (context) => {
  for (const { verdict, untested } of await compareBoth(context, addFormulas(makeBase(1)), addFormulas(makeBase(2)))) {
    assert.equal(verdict, 'no-weight-evidence')
    assert.match(untested.join('\n'), /equal matri.* count for nothing/)
  }
})

test('models with masks and tables are still identical to themselves and derived from their parents', async (context) => {
  const base = addFormulas(makeBase(1))
  for (const { verdict } of await compareBoth(context, base, base)) assert.equal(verdict, 'identical')
  const child = addFormulas(fineTune(makeBase(1), 3))
  for (const { verdict } of await compareBoth(context, child, base)) assert.equal(verdict, 'derived')
})

test('a mask in the place of a projection is no evidence either', async (context) => {
  const masked = (seed: number): ZooModel =>
    new Map([
      ...makeBase(seed),
      ['model.layers.1.self_attn.q_proj.weight', table(64, 64, (row, column) => Number(column <= row))],
    ])
  const [byWeights] = await compareBoth(context, masked(1), masked(2))
  assert.equal(byWeights?.verdict, 'no-weight-evidence')
})

test('a table of positions that passes for one of tokens by its shape is no evidence', async (context) => {
  const positioned = (seed: number): ZooModel => {
    const model = unnamed(makeBase(seed))
    return new Map([...model].map(([name, tensor]) => [name, name === 'rows' ? sinusoid(64) : tensor]))
  }
  for (const { verdict } of await compareBoth(context, positioned(1), positioned(2)))
    assert.equal(verdict, 'no-weight-evidence')
  const own = unnamed(makeBase(1))
  for (const { verdict } of await compareBoth(context, own, unnamed(makeBase(2))))
    assert.equal(verdict, 'no-weight-evidence')
  for (const { verdict } of await compareBoth(context, unnamed(fineTune(makeBase(1), 3)), own))
    assert.notEqual(verdict, 'no-weight-evidence')
})
