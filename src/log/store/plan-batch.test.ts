import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { prepareLeaf, type LeafToAppend } from './leaf.ts'
import { planBatch, type Link, type Standing } from './plan-batch.ts'

const EMPTY: Standing = { next: 0, known: new Map(), heads: new Map(), links: new Map() }
const leaf = (text: string, more: Partial<LeafToAppend> = {}) => prepareLeaf({ leaf: Buffer.from(text), ...more })

test('planBatch() gives indices without a gap, in the order of the calls', () => {
  const texts = fc.array(fc.array(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 4 }), { maxLength: 6 })
  fc.assert(
    fc.property(texts, fc.nat(1000), fc.boolean(), (calls, next, once) => {
      const plan = planBatch(
        { ...EMPTY, next },
        calls.map((call) => call.map((text) => leaf(text, { once }))),
      )
      const indices = plan.outcomes.flatMap((outcome) => (outcome.ok ? outcome.value.map(({ index }) => index) : []))
      const distinct = new Set(calls.flat()).size
      assert.equal(plan.fresh.length, once ? distinct : calls.flat().length)
      assert.deepEqual(
        [...new Set(indices)].toSorted((a, b) => a - b),
        plan.fresh.map((_, at) => next + at),
      )
      if (!once)
        assert.deepEqual(
          indices,
          indices.toSorted((a, b) => a - b),
        )
    }),
  )
})

test('planBatch() takes the first index for a leaf that is to stand once, in the log or earlier in the batch', () => {
  const known = new Map([[leaf('old').leafHash, 3]])
  const plan = planBatch({ ...EMPTY, next: 9, known }, [
    [leaf('old', { once: true })],
    [leaf('new', { once: true }), leaf('new', { once: true })],
    [leaf('new', { once: true })],
    [leaf('new')],
  ])
  assert.deepEqual(
    plan.outcomes.map((outcome) => outcome.ok && outcome.value.map(({ index }) => index)),
    [[3], [9, 9], [9], [10]],
  )
})

test('planBatch() lets a chain grow only at its head, and refuses a call as a whole', () => {
  const first = leaf('first', { chain: { key: 'k', seq: 0, prev: null } })
  const second = leaf('second', { chain: { key: 'k', seq: 1, prev: first.leafHash } })
  const rival = leaf('rival', { chain: { key: 'k', seq: 1, prev: first.leafHash } })
  const plan = planBatch(EMPTY, [[first], [leaf('x'), rival, leaf('y')], [second], [leaf('z')]])
  const head: Link = { seq: 1, leafHash: rival.leafHash, index: 2 }
  assert.deepEqual(plan.outcomes[2], { ok: false, reason: { code: 'chain-conflict', key: 'k', head } })
  assert.deepEqual(
    plan.fresh.map(({ leaf: bytes }) => Buffer.from(bytes).toString()),
    ['first', 'x', 'rival', 'y', 'z'],
  )
})

test('planBatch() drops all of a call of which one leaf conflicts', () => {
  const wrong = leaf('wrong', { chain: { key: 'k', seq: 1, prev: null } })
  const right = leaf('right', { chain: { key: 'k', seq: 0, prev: null } })
  const plan = planBatch(EMPTY, [[leaf('dropped'), right, wrong], [right]])
  assert.deepEqual(
    plan.outcomes.map(({ ok }) => ok),
    [false, true],
  )
  assert.deepEqual([plan.fresh.length, plan.links.map(({ index }) => index)], [1, [0]])
})

test('planBatch() answers a repeated link with the place that it has, also when the chain has gone on', () => {
  const again = leaf('again', { chain: { key: 'k', seq: 4, prev: 'a'.repeat(64) } })
  const link = { seq: 4, leafHash: again.leafHash, index: 77 }
  const head = { seq: 9, leafHash: 'b'.repeat(64), index: 99 }
  const plan = planBatch({ ...EMPTY, next: 100, heads: new Map([['k', head]]), links: new Map([['4 k', link]]) }, [
    [again],
  ])
  assert.deepEqual(plan.outcomes[0], { ok: true, value: [{ index: 77, leafHash: again.leafHash }] })
  assert.equal(plan.fresh.length, 0)
})

test('prepareLeaf() takes a leaf of 65,535 bytes and no longer one, no empty one, and no chain without a name', () => {
  assert.equal(prepareLeaf({ leaf: new Uint8Array(65_535) }).hash.length, 32)
  for (const length of [0, 65_536])
    assert.throws(() => prepareLeaf({ leaf: new Uint8Array(length) }), { code: 'leaf-size' })
  for (const key of ['', 'a\0b', '\ud800', 'k'.repeat(513)]) {
    assert.throws(() => leaf('x', { chain: { key, seq: 0, prev: null } }), { code: 'bad-chain' })
  }
  for (const place of [
    { seq: -1, prev: null },
    { seq: 2 ** 53, prev: null },
    { seq: 1, prev: 'A'.repeat(64) },
  ]) {
    assert.throws(() => leaf('x', { chain: { key: 'k', ...place } }), { code: 'bad-chain' })
  }
})
