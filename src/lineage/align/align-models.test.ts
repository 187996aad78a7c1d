import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { permuteHeads, rotateResidual, scaleUnits, scramble } from '../../testing/scramble.ts'
import { change, fineTune, makeBase, permuteUnits, plantUnits, writeModel, type ZooModel } from '../../testing/zoo.ts'
import { compareModels } from '../compare.ts'
import type { Comparison } from '../weights/comparison.ts'

const BASE = makeBase(1)

async function compare(context: TestContext, a: ZooModel, b: ZooModel = BASE): Promise<Comparison> {
  const open = (model: ZooModel): ReturnType<typeof openModel> => openModel(writeModel(temporaryFolder(context), model))
  return compareModels(await open(a), await open(b))
}

/** Replaces rows of the embedding and the head. */
function spoilTokens(model: ZooModel, value: number): ZooModel {
  return change(model, /embed|lm_head/, ({ shape, values }) => {
    const spoilt = Float32Array.from(values)
    spoilt.fill(value, 0, 3 * (shape[1] ?? 0))
    return { shape, values: spoilt }
  })
}

test('tuned children are found by C2 when only units were touched, by C3 when the residual stream was', async (context) => {
  const child = fineTune(BASE, 2, 0.1)
  for (const [model, id] of [
    [scaleUnits(permuteUnits(child, 3), 4), 'C2'],
    [rotateResidual(child, 5), 'C3'],
    [scramble(child, 6), 'C3'],
  ] as const) {
    const { verdict, alignment, log10p, tests } = await compare(context, model)
    assert.equal(alignment?.test, id)
    assert.equal(alignment.scrambled, true)
    assert.equal(alignment.layers.length, 4)
    assert.ok(log10p < -12)
    assert.ok(['derived', 'common-origin'].includes(verdict), verdict)
    assert.equal(tests.filter((each) => each.id === id).length, 4)
  }
})

test('no alignment is asked for where units find themselves', async (context) => {
  const { alignment, tests } = await compare(context, permuteHeads(fineTune(BASE, 7, 0.1), 8))
  assert.equal(alignment, null)
  assert.ok(tests.every(({ id }) => id !== 'C2' && id !== 'C3'))
})

test('a few tokens that are giant or no numbers do not hide a rotation', async (context) => {
  for (const value of [Number.NaN, 1e30, Infinity]) {
    const { alignment } = await compare(context, spoilTokens(scramble(BASE, 9), value))
    assert.equal(alignment?.test, 'C3', `${value}`)
    assert.equal(alignment.layers.length, 4)
  }
})

test('scrambled bases and planted units are no kin of each other', async (context) => {
  const other = makeBase(10)
  const unrelated = await compare(context, scramble(other, 11))
  assert.equal(unrelated.verdict, 'no-weight-evidence')
  assert.equal(unrelated.alignment, null)
  const planted = await compare(context, permuteUnits(plantUnits(other, BASE, 12), 12))
  assert.notEqual(planted.verdict, 'derived')
  assert.equal(planted.alignment, null)
})

test('one layer that was renumbered and moved into another model is not descent', async (context) => {
  const other = makeBase(13)
  const moved = permuteUnits(BASE, 14)
  const mixed = change(other, /layers\.2\.mlp/, (tensor, name) => moved.get(name) ?? tensor)
  const { verdict, alignment } = await compare(context, mixed)
  assert.notEqual(verdict, 'derived')
  assert.ok(alignment === null || alignment?.layers.length === 1)
})
