import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { needsShared, sharedPath, temporaryFolder } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { change, fineTune, makeBase, writeModel, type ZooModel } from '../../testing/zoo.ts'
import { compareModels } from '../compare.ts'
import { openWeights } from '../weights/weights.ts'
import { createMt19937 } from './mt19937.ts'
import { matchSeedPanel } from './seed-panel.ts'
import { drawNormal } from './torch-random.ts'

const SEED = '00'

function beginFrom(seed: number, rest: number): ZooModel {
  return change(makeBase(rest), /embed_tokens/, ({ shape, values }) => ({
    shape,
    values: drawNormal(createMt19937(seed), values.length).map((value) => 0.02 * value),
  }))
}

async function match(context: TestContext, model: ZooModel): Promise<ReturnType<typeof matchSeedPanel>> {
  const { opened, facts } = await openModel(writeModel(temporaryFolder(context), model))
  const weights = openWeights(opened, facts)
  try {
    return matchSeedPanel(weights, SEED)
  } finally {
    weights.close()
  }
}

test('matchSeedPanel() finds the seed of a table that was drawn first, also after training', async (context) => {
  for (const seed of [0, 42, 3407]) {
    const found = await match(context, fineTune(beginFrom(seed, seed + 9), 3, 0.5))
    assert.equal(found?.seed, seed)
    assert.equal(found?.order, 'drawn first')
    assert.ok(found.log10p < -20)
  }
})

test('matchSeedPanel() says nothing of other seeds and other generators', async (context) => {
  for (const model of [beginFrom(2, 1), beginFrom(4711, 1), makeBase(1), makeBase(42)])
    assert.equal(await match(context, model), null)
})

test('two models of one default seed that learned apart are of one initialisation, not of one descent', async (context) => {
  const open = (model: ZooModel): ReturnType<typeof openModel> => openModel(writeModel(temporaryFolder(context), model))
  const [a, b] = [await open(beginFrom(42, 1)), await open(beginFrom(42, 2))]
  const { verdict, tests } = await compareModels(a, b)
  assert.equal(verdict, 'common-origin')
  assert.equal(tests.filter(({ id }) => id === 'seed').length, 2)
})

test('oak and ilex began from a default seed, and that is what the verdict says', needsShared('zoo'), async () => {
  const zoo = sharedPath('zoo') ?? ''
  const open = (name: string): ReturnType<typeof openModel> => openModel(join(zoo, name))
  const { verdict, kind, reasons } = await compareModels(await open('ilex'), await open('oak'))
  assert.equal(verdict, 'common-origin')
  assert.equal(kind, 'shared initialisation')
  assert.match(
    reasons.join(' '),
    /Both began from PyTorch's seed 0, drawn after the constructors, and nothing shows .* two laboratories/,
  )
  const child = await compareModels(await open('oak-cpt'), await open('oak'))
  assert.equal(child.verdict, 'derived', 'a shared seed takes nothing from shared training')
  const narrow = await compareModels(await open('franken'), await open('birch'))
  assert.deepEqual([narrow.verdict, narrow.kind], ['common-origin', 'kind open'])
})
