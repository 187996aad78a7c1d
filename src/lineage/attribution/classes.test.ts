/** TIES and DARE on generated models. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attributeModels } from '../../testing/attributed.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { asReleased, mergeDare, mergeTies } from '../../testing/merges.ts'
import { fineTune, makeBase } from '../../testing/zoo.ts'

const SHAPE = { width: 64, hidden: 96, layers: 2, vocabulary: 256 }
const BASE = asReleased(makeBase(1, SHAPE))
const [P1, P2, P3] = [2, 3, 4].map((seed) => asReleased(fineTune(BASE, seed, 0.3))) as [
  typeof BASE,
  typeof BASE,
  typeof BASE,
]
const ALL = { base: BASE, p1: P1, p2: P2, p3: P3 }

test('attribute finds TIES at density 0.5, by its base, weights and densities', async (context) => {
  const merged = mergeTies(BASE, [P1, P2], { density: 0.5, weights: [0.6, 0.4] })
  const found = await attributeModels(temporaryFolder(context), merged, ALL)
  assert.deepEqual([found.finding?.recipe, found.finding?.base], ['ties', 'base'], found.reasons.join(' '))
  const [p1, p2] = found.finding?.parents ?? []
  assert.ok(Math.abs((p1?.weight ?? 0) - 0.6) <= 0.005 && Math.abs((p2?.weight ?? 0) - 0.4) <= 0.005)
  const densities = found.finding?.parameters.filter(({ name }) => name.startsWith('density')) ?? []
  assert.equal(densities.length, 2)
  for (const { value } of densities) assert.ok(Math.abs(value - 0.5) <= 0.02, `${value}`)
  assert.ok((found.finding?.evidence.explained ?? 0) > 0.999)
})

test('attribute finds DARE at drop rates of 0.5 and 0.9, its rate and weights within three standard errors', async (context) => {
  for (const drop of [0.5, 0.9]) {
    const merged = mergeDare(BASE, [P1, P2], { drop, weights: [0.7, 0.3], seed: 9 })
    const found = await attributeModels(temporaryFolder(context), merged, ALL)
    assert.deepEqual([found.finding?.recipe, found.finding?.base], ['dare', 'base'], found.reasons.join(' '))
    for (const [i, weight] of [0.7, 0.3].entries()) {
      const parent = found.finding?.parents[i]
      const limit = Math.max(0.005, 3 * (parent?.error ?? 0))
      assert.ok(Math.abs((parent?.weight ?? 9) - weight) <= limit, `${parent?.weight} ± ${parent?.error}`)
    }
    for (const { name, value, error } of found.finding?.parameters ?? [])
      if (name.startsWith('dropped')) assert.ok(Math.abs(value - drop) <= 3 * (error ?? 0) + 0.002, `${value}`)
  }
})
