import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { change, fineTune, makeBase, restack, writeModel, type ZooModel } from '../../testing/zoo.ts'
import { fingerprintModel } from '../fingerprint/fingerprint-model.ts'
import { firstAnswer, type FirstSide } from './first-answer.ts'
import { planRanges, rangeBytes, type WantedRange } from './plan-ranges.ts'
import { listSampleReads, readSample, type SampleSize } from './sample.ts'

const SHAPE = { width: 64, hidden: 128, layers: 8, vocabulary: 256 }
const BASE = makeBase(1, SHAPE)
const TWO: SampleSize = { layers: 2 }

/** A sample of a model of which only the planned ranges count as being here. */
async function sampled(context: TestContext, model: ZooModel, size: SampleSize = TWO): Promise<FirstSide> {
  const { opened, facts } = await openModel(writeModel(temporaryFolder(context), model))
  const plan = planRanges(listSampleReads(opened, facts, size), { requests: 64, gap: 0 })
  const isHere = ({ file, from, to }: WantedRange): boolean =>
    plan.some((range) => range.file === file && range.from <= from && to <= range.to)
  const sample = readSample({ opened, facts, isHere }, size)
  return { sample, cost: { bytes: rangeBytes(plan), requests: plan.length, size: opened.artefact.size } }
}

async function whole(context: TestContext, model: ZooModel): Promise<FirstSide> {
  const { opened, facts } = await openModel(writeModel(temporaryFolder(context), model))
  return { fingerprint: await fingerprintModel(opened, facts, { threads: 0 }) }
}

test('firstAnswer() finds a child kin, by a sample of both and by a sample against a fingerprint, and never derived', async (context) => {
  const parent = await sampled(context, BASE)
  const fingerprint = await whole(context, BASE)
  for (const size of [0, 0.7])
    for (const other of [parent, fingerprint]) {
      const answer = firstAnswer(await sampled(context, size === 0 ? BASE : fineTune(BASE, 2, size)), other)
      assert.equal(answer.verdict, 'common-origin')
      assert.equal(answer.direction, 'open')
      assert.ok(answer.log10p < -50, `${answer.log10p}`)
      assert.deepEqual(answer.transformations, [])
      assert.match(answer.reasons.join(' '), /First answer: what was read is kin/)
      assert.doesNotMatch(
        answer.reasons.join(' '),
        /descends from the other[^,]|transplanted|\b(stolen|independent|clean)\b/,
      )
      assert.match(answer.untested.join('; '), /6 of the 8 layers of A: their hidden units were not read/)
    }
})

test('firstAnswer() finds nothing in models of other seeds, and says how little was read', async (context) => {
  const parent = await sampled(context, BASE)
  const fingerprint = await whole(context, BASE)
  for (const seed of [3, 4]) {
    const other = await sampled(context, makeBase(seed, SHAPE))
    for (const against of [parent, fingerprint]) {
      const answer = firstAnswer(other, against)
      assert.equal(answer.verdict, 'no-weight-evidence')
      assert.ok(answer.log10p > -3)
      assert.match(answer.reasons[0] ?? '', /nothing significant in what was read/)
    }
  }
})

test('firstAnswer() is open about a shared embedding alone, and finds moved layers by a fingerprint', async (context) => {
  const graft = change(makeBase(7, SHAPE), /embed_tokens/, (tensor, name) => BASE.get(name) ?? tensor)
  assert.equal(firstAnswer(await sampled(context, graft), await sampled(context, BASE)).verdict, 'common-origin')
  const moved = fineTune(restack(BASE, [3, 4, 5, 6, 7]), 8, 0.1)
  const answer = firstAnswer(await sampled(context, moved), await whole(context, BASE))
  assert.deepEqual(
    answer.layers.map(({ a, b }) => [a, b]),
    [
      [1, 4],
      [3, 6],
    ],
  )
})

test('readSample() reads what was planned and nothing else, the same from all of a model and from the ranges alone', async (context) => {
  const { opened, facts } = await openModel(writeModel(temporaryFolder(context), BASE))
  const everywhere = readSample({ opened, facts, isHere: () => true }, TWO)
  const side = await sampled(context, BASE)
  assert.deepEqual('sample' in side ? side.sample : null, everywhere)
  assert.throws(() => readSample({ opened, facts, isHere: () => false }, TWO), { code: 'not-fetched' })
  assert.ok(everywhere.bytes < 0.4 * opened.artefact.size)
  assert.deepEqual(everywhere.layers, [2, 6])
})
