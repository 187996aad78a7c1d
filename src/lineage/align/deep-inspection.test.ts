import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { needsShared, sharedPath, temporaryFolder } from '../../testing/folders.ts'
import { openModel, type TestModel } from '../../testing/models.ts'
import { scramble } from '../../testing/scramble.ts'
import { fineTune, makeBase, writeModel, ZOO_SHAPE, type ZooModel } from '../../testing/zoo.ts'
import { deepInspection, deepOutcome, deepProgress, isDeepDone, startDeep, stepDeep } from './deep-inspection.ts'

const ZOO = sharedPath('zoo') ?? ''
const SHAPE = { ...ZOO_SHAPE, width: 64, hidden: 128, vocabulary: 64 }
const BASE = makeBase(1, SHAPE)

function open(context: TestContext, model: ZooModel): Promise<TestModel> {
  return openModel(writeModel(temporaryFolder(context), model))
}

test('a scrambled child without common tokens is found on layers that were not fitted', async (context) => {
  const child = scramble(fineTune(BASE, 2, 0.05), 3)
  const tokens = new Map([...child].filter(([name]) => !/embed|lm_head/.test(name)))
  const found = await deepInspection(await open(context, tokens), await open(context, BASE))
  assert.ok(found.log10p < -6, `${found.log10p}`)
  assert.equal(found.effect?.share, 1)
})

test('bases have nothing in common on held-out layers', async (context) => {
  const [a, b] = [await open(context, BASE), await open(context, makeBase(4, SHAPE))]
  const found = await deepInspection(a, b)
  assert.ok(['no-weight-evidence', 'inconclusive'].includes(found.verdict), found.verdict)
  assert.ok(found.log10p > -3)
  assert.equal(found.tests.length, 4)
})

test('an inspection that was stopped goes on from its state as if it had not been', async (context) => {
  const [a, b] = [await open(context, scramble(fineTune(BASE, 5, 0.3), 6)), await open(context, BASE)]
  const whole = await deepInspection(a, b)
  let state = startDeep(a, b)
  let last = -1
  while (!isDeepDone(state)) {
    state = JSON.parse(JSON.stringify(stepDeep(state, a, b)))
    assert.ok(deepProgress(state).done > last)
    last = deepProgress(state).done
  }
  assert.equal(deepProgress(state).done, deepProgress(state).total)
  assert.deepEqual(deepOutcome(state), whole)
})

test('an inspection stops when it is cancelled and refuses the state of other models', async (context) => {
  const [a, b] = [await open(context, BASE), await open(context, makeBase(7, SHAPE))]
  await assert.rejects(deepInspection(a, b, { signal: AbortSignal.abort() }), { code: 'cancelled' })
  const other = startDeep(a, await open(context, makeBase(8, SHAPE)))
  await assert.rejects(deepInspection(a, b, { state: other }), { code: 'wrong-model' })
})

test(
  'trained models: descendants are derived without a look at tokens, others are not',
  needsShared('zoo'),
  async () => {
    for (const [a, b, verdict] of [
      ['oak-scrambled', 'oak', 'derived'],
      ['oak-cpt3', 'oak-scrambled-cpt', 'derived'],
      ['oak-narrow-ff', 'oak-scrambled', 'derived'],
      ['oak-shallow', 'oak-scrambled', 'derived'],
      ['oak-narrow-d', 'oak-scrambled', 'inconclusive'],
      ['birch', 'oak-scrambled', 'no-weight-evidence'],
    ] as const) {
      const found = await deepInspection(await openModel(join(ZOO, a)), await openModel(join(ZOO, b)))
      assert.equal(found.verdict, verdict, `${a} and ${b}: ${found.verdict}, ${found.reasons.join(' ')}`)
    }
  },
)
