/** Weighted merges of generated models, whose recipes are known. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attributeModels } from '../../testing/attributed.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { asReleased, layerOf, mergeLinear, mergeSlerp, passLayers } from '../../testing/merges.ts'
import { fineTune, makeBase } from '../../testing/zoo.ts'
import type { Attribution } from './attribution.ts'

const BASE = asReleased(makeBase(1))
const [P1, P2, P3, P4] = [2, 3, 4, 5].map((seed) => asReleased(fineTune(BASE, seed))) as [
  typeof BASE,
  typeof BASE,
  typeof BASE,
  typeof BASE,
]
const ALL = { base: BASE, p1: P1, p2: P2, p3: P3, p4: P4 }

function weightsOf({ finding }: Attribution): Record<string, number | null> {
  return Object.fromEntries(finding?.parents.map(({ ref, weight }) => [ref, weight]) ?? [])
}

function assertWeights(found: Attribution, wanted: Readonly<Record<string, number>>): void {
  const weights = weightsOf(found)
  assert.deepEqual(Object.keys(weights).toSorted(), Object.keys(wanted).toSorted(), found.reasons.join(' '))
  for (const [ref, weight] of Object.entries(wanted))
    assert.ok(Math.abs((weights[ref] ?? 9) - weight) <= 0.005, `${ref}: ${weights[ref]}, not ${weight}`)
}

test('attribute finds the weights of linear merges of two, three and four parents among five candidates', async (context) => {
  for (const weights of [
    { p1: 0.3, p2: 0.7 },
    { p1: 0.5, p2: 0.3, p4: 0.2 },
    { p1: 0.25, p2: 0.25, p3: 0.25, p4: 0.25 },
  ]) {
    const parents = Object.keys(weights).map((ref) => ALL[ref as keyof typeof ALL])
    const merged = mergeLinear(parents, Object.values(weights))
    const found = await attributeModels(temporaryFolder(context), merged, ALL)
    assert.equal(found.outcome, 'merge')
    assert.equal(found.finding?.recipe, 'linear')
    assertWeights(found, weights)
    assert.ok(found.finding.evidence.explained > 0.999)
    assert.ok(found.finding.evidence.byChance < 0.5)
  }
})

test('attribute finds task arithmetic with a negative weight, and the base from which differences are counted', async (context) => {
  const merged = mergeLinear([P1, P2, BASE], [0.8, -0.4, 0.6])
  const found = await attributeModels(temporaryFolder(context), merged, ALL)
  assert.deepEqual([found.finding?.recipe, found.finding?.base], ['task-arithmetic', 'base'])
  assertWeights(found, { p1: 0.8, p2: -0.4 })
})

test('attribute finds weights that do not sum to one, and says so', async (context) => {
  const found = await attributeModels(temporaryFolder(context), mergeLinear([P1, P2], [0.5, 0.4]), { p1: P1, p2: P2 })
  assertWeights(found, { p1: 0.5, p2: 0.4 })
  assert.match(found.reasons.join(' '), /sum of weights 0\.9/)
})

test('attribute finds slerp with one t, and with a t of each layer', async (context) => {
  const [far1, far2] = [asReleased(fineTune(BASE, 6, 0.5)), asReleased(fineTune(BASE, 7, 0.5))]
  const candidates = { far1, far2, p3: P3 }
  const one = await attributeModels(
    temporaryFolder(context),
    mergeSlerp(far1, far2, () => 0.35),
    candidates,
  )
  assert.equal(one.finding?.recipe, 'slerp')
  assertWeights(one, { far1: 0.65, far2: 0.35 })
  const gradient = (name: string): number => 0.2 + 0.15 * (layerOf(name) + 1)
  const many = await attributeModels(temporaryFolder(context), mergeSlerp(far1, far2, gradient), candidates)
  assert.equal(many.finding?.recipe, 'slerp')
  for (const { layer, weights } of many.finding.layers)
    assert.ok(Math.abs((weights[1] ?? 0) - (0.2 + 0.15 * (layer + 1))) <= 0.005, `layer ${layer}: ${weights.join()}`)
  assert.equal(many.finding.layers.length, 5)
})

test('attribute finds a linear recipe whose weights vary by layer', async (context) => {
  const weights = (name: string): number[] => [0.1 + 0.2 * (layerOf(name) + 1), 0.9 - 0.2 * (layerOf(name) + 1)]
  const found = await attributeModels(temporaryFolder(context), mergeLinear([P1, P2], weights), ALL)
  assert.equal(found.finding?.recipe, 'per-layer')
  for (const { layer, weights: got } of found.finding.layers)
    assert.ok(Math.abs((got[0] ?? 0) - (0.1 + 0.2 * (layer + 1))) <= 0.005)
})

test('attribute finds layers passed through from unrelated parents, and leaves those of relatives open', async (context) => {
  const other = asReleased(makeBase(99))
  const from = (name: string): number => Number(layerOf(name) >= 2)
  const found = await attributeModels(temporaryFolder(context), passLayers([P1, other], from), {
    p1: P1,
    other,
    p2: P2,
  })
  assert.deepEqual([found.outcome, found.finding?.recipe], ['merge', 'passthrough'])
  assert.deepEqual(
    found.finding?.layers.map(({ weights }) => weights),
    [
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 1],
    ],
  )
  const kin = await attributeModels(temporaryFolder(context), passLayers([P1, P2], from), ALL)
  assert.deepEqual([kin.outcome, kin.finding?.recipe], ['not-identified', 'passthrough'])
})

test('attribute finds a quantised merge', async (context) => {
  const [far1, far2] = [asReleased(fineTune(BASE, 6, 0.5)), asReleased(fineTune(BASE, 7, 0.5))]
  const merged = mergeLinear([far1, far2], [0.6, 0.4])
  const found = await attributeModels(temporaryFolder(context), merged, { far1, far2, p3: P3 }, 'q8_0')
  assert.equal(found.outcome, 'merge')
  assertWeights(found, { far1: 0.6, far2: 0.4 })
})

test('attribute finds weights where most parents differ by a tenth of the step of their numbers', async (context) => {
  const near = asReleased(fineTune(P1, 61, 0.0005))
  const found = await attributeModels(temporaryFolder(context), mergeLinear([P1, near], [0.7, 0.3]), { p1: P1, near })
  assertWeights(found, { p1: 0.7, near: 0.3 })
})
