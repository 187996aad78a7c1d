/** What must not be called a merge, and what must be left open. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attributeModels } from '../../testing/attributed.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { asReleased, mergeLinear } from '../../testing/merges.ts'
import { change, fineTune, makeBase } from '../../testing/zoo.ts'

const BASE = asReleased(makeBase(1))
const [P1, P2, P3] = [2, 3, 4].map((seed) => asReleased(fineTune(BASE, seed))) as [
  typeof BASE,
  typeof BASE,
  typeof BASE,
]
const ALL = { base: BASE, p1: P1, p2: P2, p3: P3 }

test('attribute does not call a child of one parent a merge, and puts the parent first', async (context) => {
  for (const size of [0.01, 0.1, 0.5]) {
    const found = await attributeModels(temporaryFolder(context), fineTune(P1, 50, size), ALL)
    assert.notEqual(found.outcome, 'merge', found.reasons.join(' '))
    assert.equal(found.finding, null)
    assert.deepEqual([found.ranking[0]?.ref, found.ranking[1]?.place], ['p1', 2])
  }
})

test('attribute does not call the ancestor of all candidates their merge', async (context) => {
  const found = await attributeModels(temporaryFolder(context), BASE, { p1: P1, p2: P2, p3: P3 })
  assert.equal(found.outcome, 'none')
})

test('attribute does not call a child that kept most tensors of its parent a merge', async (context) => {
  const child = change(BASE, /q_proj|v_proj/, (tensor, name) => P1.get(name) ?? tensor)
  const found = await attributeModels(temporaryFolder(context), child, { base: BASE, p2: P2, p3: P3 })
  assert.notEqual(found.outcome, 'merge')
})

test('attribute concludes nothing from a small part of the weights', async (context) => {
  const merged = mergeLinear([P1, P2], [0.6, 0.4])
  const part = (model: typeof BASE): typeof BASE =>
    new Map([...model].filter(([name]) => name.includes('.layers.0.') || !name.includes('.layers.')))
  const found = await attributeModels(temporaryFolder(context), merged, { p1: part(P1), p2: part(P2) })
  assert.deepEqual([found.outcome, found.finding], ['none', null])
  assert.match(found.reasons.join(' '), /Only \d+\.\d % of the weights/)
})

test('attribute names no unrelated candidate and gives it no weight', async (context) => {
  const unrelated = asReleased(makeBase(77))
  const merged = mergeLinear([P1, P2], [0.6, 0.4])
  const found = await attributeModels(temporaryFolder(context), merged, { p1: P1, unrelated, p2: P2 })
  assert.deepEqual(
    found.finding?.parents.map(({ ref }) => ref),
    ['p1', 'p2'],
  )
})

test('attribute is not deceived by noise that is offered as a parent', async (context) => {
  const noisy = asReleased(fineTune(P1, 60, 0.3))
  const found = await attributeModels(temporaryFolder(context), fineTune(P1, 50), { p1: P1, noisy })
  assert.equal(found.outcome, 'none')
  assert.equal(found.ranking[0]?.ref, 'p1')
})

test('attribute says of a merge that was trained on that its recipe is not identified', async (context) => {
  const trained = fineTune(mergeLinear([P1, P2], [0.5, 0.5]), 50, 0.01)
  const found = await attributeModels(temporaryFolder(context), trained, ALL)
  assert.deepEqual([found.outcome, found.finding], ['not-identified', null])
  assert.match(found.reasons.join(' '), /0\.50 p1 \+ 0\.50 p2.*inconclusive/)
})

test('attribute does not choose between candidates that are one but for rounding', async (context) => {
  const copy = new Map(P1)
  const found = await attributeModels(temporaryFolder(context), mergeLinear([P1, P2], [0.7, 0.3]), {
    p1: P1,
    copy,
    p2: P2,
  })
  assert.deepEqual(found.finding?.parents[0]?.sameAs, ['copy'])
})

test('attribute says nothing of parents that differ by less than their rounding', async (context) => {
  const near = asReleased(fineTune(P1, 61, 0.00001))
  const found = await attributeModels(temporaryFolder(context), mergeLinear([P1, near], [0.5, 0.5]), { p1: P1, near })
  assert.equal(found.outcome, 'not-identified')
  assert.match(found.reasons.join(' '), /cannot be told/)
})

test('attribute gives nothing when there is nobody', async (context) => {
  const found = await attributeModels(temporaryFolder(context), BASE, {})
  assert.deepEqual(found, { outcome: 'none', finding: null, ranking: [], reasons: [] })
})

test('attribute calls no faint child of one parent a merge, though a sibling learned half the same', async (context) => {
  for (const size of [0.0005, 0.002, 0.005]) {
    const shared = fineTune(BASE, 70, size)
    const sibling = asReleased(fineTune(shared, 71, size))
    const child = fineTune(shared, 72, size)
    const found = await attributeModels(temporaryFolder(context), child, { base: BASE, sibling, p1: P1 })
    assert.notEqual(found.outcome, 'merge', `${size}: ${found.reasons.join(' ')}`)
  }
})
