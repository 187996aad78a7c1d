import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Json } from '../../base/index.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { fineTune, makeBase, restack, writeModel, writeQuantised, type ZooModel } from '../../testing/zoo.ts'
import type { ModelSide } from '../compare.ts'
import type { Comparison } from '../weights/comparison.ts'
import { everyCell } from './every-cell.ts'

const BASE = makeBase(1)

function written(context: TestContext, model: ZooModel): Promise<ModelSide> {
  return openModel(writeModel(temporaryFolder(context), model))
}

/** Runs to the end; `stops` says before which steps the work is closed and opened anew from its state as text. */
async function inspect(a: ModelSide, b: ModelSide, stops: (step: number) => boolean): Promise<Comparison> {
  let work = everyCell.open(a, b, null)
  for (let step = 0; ; step++) {
    if (stops(step)) {
      const kept = JSON.stringify(work.state())
      work.close()
      work = everyCell.open(a, b, JSON.parse(kept) as Json)
    }
    assert.equal(work.progress().done, step)
    const comparison = await work.advance()
    if (comparison === undefined) continue
    work.close()
    return comparison
  }
}

test('everyCell gives the same comparison wherever it was stopped and gone on with', async (context) => {
  const a = await written(context, fineTune(restack(BASE, [0, 1, 3]), 2))
  const b = await written(context, BASE)
  const whole = await inspect(a, b, () => false)
  assert.deepEqual([whole.verdict, whole.direction], ['derived', 'a-from-b'])
  assert.equal(whole.map.length, 12)
  assert.deepEqual(await inspect(a, b, () => true), whole)
  assert.deepEqual(await inspect(a, b, (step) => step === 5), whole)
})

test('everyCell finds nothing between bases', async (context) => {
  const result = await inspect(await written(context, makeBase(2)), await written(context, BASE), () => false)
  assert.equal(result.verdict, 'no-weight-evidence')
})

test('everyCell leaves models of different widths to what the ordinary comparison says', async (context) => {
  const [b, narrow] = [BASE, makeBase(3, { width: 128, hidden: 192, vocabulary: 96, layers: 2 })]
  const work = everyCell.open(await written(context, narrow), await written(context, b), null)
  assert.equal(work.progress().total, 1)
  assert.notEqual((await work.advance())?.verdict, 'derived')
  work.close()
})

test('everyCell reads quantised weights', async (context) => {
  const path = writeQuantised(`${temporaryFolder(context)}/model.gguf`, BASE)
  const result = await inspect(await openModel(path), await written(context, BASE), () => false)
  assert.equal(result.verdict, 'derived')
})
