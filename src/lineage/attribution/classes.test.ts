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

/** What is checked of a finding, with numbers instead of what may be missing. */
async function findClasses(folder: string, merged: typeof BASE) {
  const { finding, reasons } = await attributeModels(folder, merged, ALL)
  assert.ok(finding !== null, reasons.join(' '))
  const parents = finding.parents.map(({ weight, error }) => ({ weight: weight ?? Number.NaN, error: error ?? 0 }))
  const parameters = finding.parameters.map(({ name, value, error }) => ({ name, value, error: error ?? 0 }))
  return { ...finding, parents, parameters }
}

test('attribute finds TIES at density 0.5, by its base, weights and densities', async (context) => {
  const merged = mergeTies(BASE, [P1, P2], { density: 0.5, weights: [0.6, 0.4] })
  const { recipe, base, parents, parameters, evidence } = await findClasses(temporaryFolder(context), merged)
  assert.deepEqual([recipe, base, parents.length], ['ties', 'base', 2])
  for (const [i, weight] of [0.6, 0.4].entries())
    assert.ok(Math.abs(parents[i]!.weight - weight) <= 0.005, `${parents[i]!.weight}`)
  const densities = parameters.filter(({ name }) => name.startsWith('density'))
  assert.equal(densities.length, 2)
  for (const { value } of densities) assert.ok(Math.abs(value - 0.5) <= 0.02, `${value}`)
  assert.ok(evidence.explained > 0.999)
})

test('attribute finds DARE at drop rates of 0.5 and 0.9, its rate and weights within three standard errors', async (context) => {
  for (const drop of [0.5, 0.9]) {
    const merged = mergeDare(BASE, [P1, P2], { drop, weights: [0.7, 0.3], seed: 9 })
    const { recipe, base, parents, parameters } = await findClasses(temporaryFolder(context), merged)
    assert.deepEqual([recipe, base, parents.length], ['dare', 'base', 2])
    for (const [i, truth] of [0.7, 0.3].entries()) {
      const { weight, error } = parents[i]!
      assert.ok(Math.abs(weight - truth) <= Math.max(0.005, 3 * error), `${weight} ± ${error}`)
    }
    for (const { value, error } of parameters.filter(({ name }) => name.startsWith('dropped')))
      assert.ok(Math.abs(value - drop) <= 3 * error + 0.002, `${value} ± ${error}`)
  }
})

test('attribute tells drop rates apart that differ, and takes those together that chance alone tells apart', async (context) => {
  const droppedOf = async (drop: number | readonly number[]) => {
    const merged = mergeDare(BASE, [P1, P2], { drop, weights: [0.7, 0.3], seed: 9 })
    const { parameters } = await findClasses(temporaryFolder(context), merged)
    return parameters.filter(({ name }) => name.startsWith('dropped'))
  }
  const [first, second] = await droppedOf([0.5, 0.6])
  assert.ok(Math.abs(first!.value - 0.5) <= 3 * first!.error && Math.abs(second!.value - 0.6) <= 3 * second!.error)
  const [one, other] = await droppedOf(0.5)
  assert.deepEqual([one!.value, one!.error], [other!.value, other!.error])
})
