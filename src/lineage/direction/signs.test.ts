/** Signs of direction on models made from seeds: found where they must be, silent where they must. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { decayUnused, takeTokens, toRelease, upTo } from '../../testing/zoo-changes.ts'
import { change, fineTune, makeBase, prune, writeModel, type ZooModel } from '../../testing/zoo.ts'
import { compareModels } from '../compare.ts'
import type { Comparison } from '../weights/comparison.ts'

const BASE = toRelease(makeBase(1))

async function compare(context: TestContext, a: ZooModel, b: ZooModel): Promise<Comparison> {
  const open = (each: ZooModel): ReturnType<typeof openModel> => openModel(writeModel(temporaryFolder(context), each))
  return compareModels(await open(a), await open(b))
}

function namesOf({ signs = [] }: Comparison): string[] {
  return signs.map(({ name, child }) => `${name} ${child}`)
}

function train(seed: number, factor: number, size = 0.1): ZooModel {
  return decayUnused(BASE, fineTune(BASE, seed, size), { used: 180, factor })
}

test('unused tokens: rows that are the released ones times one factor name the child, both ways round', async (context) => {
  for (const [seed, factor] of [
    [3, 0.97],
    [4, 0.7],
    [5, 0.996],
  ] as const) {
    const child = train(seed, factor)
    const forth = await compare(context, child, BASE)
    assert.deepEqual(namesOf(forth), ['exact decay a'])
    assert.equal(forth.direction, 'a-from-b')
    const found = /adds up to (\S+);/.exec(forth.signs?.[0]?.evidence ?? '')?.[1]
    assert.ok(Math.abs(Number(found) + Math.log(factor)) < 0.003, `${found}`)
    assert.equal((await compare(context, BASE, child)).direction, 'b-from-a')
  }
})

test('unused tokens: two children of one model show no exact decay, and no child is named', async (context) => {
  const result = await compare(context, toRelease(train(3, 0.97)), toRelease(train(4, 0.8)))
  assert.deepEqual(namesOf(result), ['unused-token decay b'])
  assert.equal(result.direction, 'open')
  assert.match(result.reasons.join(' '), /Direction open/)
})

test('unused tokens: no sign where all rows are scaled, none decayed, or all moved', async (context) => {
  const scaled = change(BASE, /embed_tokens/, ({ shape, values }) => ({
    shape,
    values: values.map((value) => 0.9 * value),
  }))
  assert.deepEqual(namesOf(await compare(context, scaled, BASE)), [])
  assert.deepEqual(namesOf(await compare(context, train(3, 1), BASE)), [])
  assert.deepEqual(namesOf(await compare(context, fineTune(BASE, 3, 0.1), BASE)), [])
})

test('structure and masks: the smaller and the sparser is the child; a conflict leaves it open', async (context) => {
  const cut = takeTokens(
    BASE,
    upTo(256).filter((row) => row % 4 !== 1),
  )
  assert.deepEqual(namesOf(await compare(context, cut, BASE)), ['structure a'])
  assert.deepEqual(namesOf(await compare(context, prune(BASE, 0.5), BASE)), ['zero mask a'])
  const both = await compare(context, cut, prune(BASE, 0.5))
  assert.equal(both.direction, 'open')
})
