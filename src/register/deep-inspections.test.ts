import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sha256 } from '../base/index.ts'
import { useRegister } from '../testing/register.ts'
import type { DeepInspections, InspectionClaim, InspectionSide } from './deep-inspections.ts'

const side = (name: string): InspectionSide => ({ ref: name, id: `tw1:${sha256(name)}` })
const HOUR = 60 * 60 * 1000
const progress = { done: 1, total: 3, note: 'layer 0' }

let now = Date.parse('2026-11-23T12:00:00Z')
const home = useRegister({ now: () => (now += 1) })
const queue = (): DeepInspections => home.register.inspections

async function claim(worker: string): Promise<InspectionClaim> {
  const claimed = await queue().claim(worker)
  assert.ok(claimed)
  return claimed
}

test('DeepInspections.add() takes the same pair twice for one, and another order for another', async () => {
  const first = await queue().add(side('a'), side('b'), 'count')
  assert.deepEqual(await queue().add(side('a'), side('b'), 'count'), first)
  const second = await queue().add(side('b'), side('a'), 'count')
  assert.deepEqual(await queue().list(), [second, first])
  assert.deepEqual([first.status, first.attempts, first.progress, first.kind], ['waiting', 0, null, 'count'])
})

test('DeepInspections.claim() gives each inspection to one asker, the oldest first', async () => {
  const claims = await Promise.all(['one', 'two', 'three'].map((worker) => queue().claim(worker)))
  const taken = claims.flatMap((each) => each ?? [])
  assert.deepEqual(taken.map(({ record }) => record.a.ref).toSorted(), ['a', 'b'])
  for (const each of taken) {
    assert.deepEqual([each.record.status, each.record.attempts, each.kept], ['running', 1, null])
    await queue().finish(each, { verdict: each.worker })
  }
  assert.equal(await queue().claim('four'), undefined)
})

test('DeepInspections.find() knows an inspection by either end of its identifier, with its result', async () => {
  const [newest] = await queue().list()
  assert.ok(newest)
  for (const part of [newest.id, newest.id.slice(-12)]) {
    const [found, ...more] = await queue().find(part)
    assert.equal(found?.status, 'done')
    assert.equal(typeof (found.result as { verdict: string }).verdict, 'string')
    assert.deepEqual([found.id, more], [newest.id, []])
  }
  assert.equal((await queue().find(newest.id.slice(0, 6))).length, 2)
  assert.deepEqual(await queue().find('%%%%'), [])
})

test('DeepInspections.keep() and release() let another go on from what was kept', async () => {
  await queue().add(side('a'), side('c'), 'count')
  const first = await claim('one')
  await queue().keep(first, { kind: 'count/1', state: { cells: [0.5, 1] }, progress })
  assert.equal(await queue().claim('two'), undefined)
  await queue().release(first)
  const second = await claim('two')
  assert.deepEqual(second.kept, { kind: 'count/1', state: { cells: [0.5, 1] } })
  assert.deepEqual([second.record.progress, second.record.attempts], [progress, 1])
  await assert.rejects(queue().finish(first, {}), { code: 'lease-lost' })
  await queue().finish(second, {})
})

test('DeepInspections.claim() takes over from a silent holder, who can then change nothing', async () => {
  await queue().add(side('a'), side('d'), 'count')
  const first = await claim('one')
  await queue().keep(first, { kind: 'count/1', state: [7], progress })
  now += HOUR
  const second = await claim('two')
  assert.deepEqual(second.kept?.state, [7])
  await assert.rejects(queue().keep(first, { kind: 'count/1', state: [8], progress }), { code: 'lease-lost' })
  await queue().fail(second, 'the weights are gone')
  const [failed] = await queue().list()
  assert.deepEqual([failed?.status, failed?.failure], ['failed', 'the weights are gone'])
})

test('DeepInspections.claim() gives up what three holders left without coming further', async () => {
  const { id } = await queue().add(side('a'), side('e'), 'count')
  await queue().add(side('a'), side('f'), 'count')
  for (const attempt of [1, 2, 3]) {
    const { record } = await claim(`worker ${attempt}`)
    assert.deepEqual([record.id, record.attempts], [id, attempt])
    now += HOUR
  }
  const next = await claim('four')
  assert.equal(next.record.b.ref, 'f')
  const [failed] = await queue().find(id)
  assert.deepEqual([failed?.status, failed?.failure?.includes('3 times')], ['failed', true])
  await queue().finish(next, {})
})

test('DeepInspections.add() takes two kinds of inspection of one pair for two', async () => {
  const [one, other] = [
    await queue().add(side('p'), side('q'), 'count'),
    await queue().add(side('p'), side('q'), 'measure'),
  ]
  assert.deepEqual([one.kind, other.kind, one.id === other.id], ['count', 'measure', false])
  assert.deepEqual(await queue().add(side('p'), side('q'), 'count'), one)
})
