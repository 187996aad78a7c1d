import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { needsShared, sharedPath, temporaryFolder } from '../../testing/folders.ts'
import { openModel, type TestModel } from '../../testing/models.ts'
import { scramble } from '../../testing/scramble.ts'
import { fineTune, makeBase, writeModel, ZOO_SHAPE, type ZooModel } from '../../testing/zoo.ts'
import type { Comparison } from '../weights/comparison.ts'
import { blindAlignment } from './deep-inspection.ts'

const ZOO = sharedPath('zoo') ?? ''
const SHAPE = { ...ZOO_SHAPE, width: 64, hidden: 128, vocabulary: 64 }
const BASE = makeBase(1, SHAPE)

function open(context: TestContext, model: ZooModel): Promise<TestModel> {
  return openModel(writeModel(temporaryFolder(context), model))
}

/** Runs to the end; with `breaks` from kept state after every step. */
async function inspect(a: TestModel, b: TestModel, breaks = false): Promise<Comparison> {
  let work = blindAlignment.open(a, b, null)
  for (let last = -1; ;) {
    const { done, total } = work.progress()
    assert.ok(done > last && done < total)
    last = done
    const comparison = await work.advance()
    if (comparison === undefined && !breaks) continue
    const kept = JSON.parse(JSON.stringify(work.state()))
    work.close()
    if (comparison !== undefined) return comparison
    work = blindAlignment.open(a, b, kept)
  }
}

test('a scrambled child without common tokens is found on layers that were not fitted', async (context) => {
  const child = scramble(fineTune(BASE, 2, 0.05), 3)
  const layers = new Map([...child].filter(([name]) => !/embed|lm_head/.test(name)))
  const found = await inspect(await open(context, layers), await open(context, BASE))
  assert.ok(found.log10p <= -6, `${found.log10p}`)
  assert.equal(found.effect?.share, 1)
  assert.equal(found.alignment?.test, 'C4')
  assert.equal(found.alignment.scrambled, true)
})

test('bases have nothing in common on held-out layers', async (context) => {
  const found = await inspect(await open(context, BASE), await open(context, makeBase(4, SHAPE)))
  assert.ok(['no-weight-evidence', 'inconclusive'].includes(found.verdict), found.verdict)
  assert.ok(found.log10p > -3)
  assert.equal(found.tests.filter(({ id, view }) => id === 'C4' && view.startsWith('attempt')).length, 4)
})

test('an inspection that was stopped goes on from its state as if it had not been', async (context) => {
  const [a, b] = [await open(context, scramble(fineTune(BASE, 5, 0.3), 6)), await open(context, BASE)]
  assert.deepEqual(await inspect(a, b, true), await inspect(a, b))
})

test(
  'trained models: descendants are derived without a look at tokens, others are not',
  needsShared('zoo'),
  async () => {
    for (const [a, b, verdict] of [
      ['oak-scrambled', 'oak', 'derived'],
      ['oak-cpt3', 'oak-scrambled-cpt', 'derived'],
      ['oak-shallow', 'oak-scrambled', 'derived'],
      ['oak-narrow-ff', 'oak-scrambled', 'derived'],
      ['oak-narrow-d', 'oak-scrambled', 'inconclusive'],
      ['birch', 'oak-scrambled', 'no-weight-evidence'],
    ] as const) {
      const found = await inspect(await openModel(join(ZOO, a)), await openModel(join(ZOO, b)))
      assert.equal(
        found.verdict,
        verdict,
        `${a} and ${b}: ${found.verdict}, ${found.log10p}, ${found.reasons.join(' ')}`,
      )
    }
  },
)
