import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calibrationOf } from '../calibration.ts'
import type { ZooModel } from '../model.ts'
import { ZooKeep } from './keep.ts'
import { planZoo } from './pairs.ts'
import { fullZoo } from './recipe.ts'
import { pairKey, runPairs, type PairOutcome } from './run-pairs.ts'

test('planZoo() has at least 3,000 independent pairs of bases of one width, and every name it uses', () => {
  const { recipes, pairs } = planZoo(fullZoo('s'))
  const isUsual = (name: string): boolean => recipes.get(name)?.shape.width === 64
  const negatives = pairs.filter(({ cell, a, b }) => cell === 'independent' && isUsual(a) && isUsual(b))
  assert.ok(negatives.length >= 2990, String(negatives.length))
  assert.ok(pairs.filter(({ cell }) => cell === 'independent' || cell === 'distilled').length >= 3000)
  for (const { a, b } of pairs) assert.ok(recipes.has(a) && recipes.has(b), `${a}, ${b}`)
  for (const { parents } of recipes.values()) for (const parent of parents) assert.ok(recipes.has(parent), parent)
  assert.equal(new Set(pairs.map(pairKey)).size, pairs.length)
})

/** Remembers what was saved. */
function memoryStore(): {
  readonly saved: Map<string, ZooModel>
  load(name: string): ZooModel | undefined
  save(name: string, model: ZooModel): void
} {
  const saved = new Map<string, ZooModel>()
  return { saved, load: (name) => saved.get(name), save: (name, model) => void saved.set(name, model) }
}

test('runPairs() goes on where it was and comes to the same table', async () => {
  const plan = planZoo({ seed: 't', bases: 4, steps: 2, parents: 1, changed: 1 })
  const wanted = plan.pairs.filter(({ cell }) => ['sft', 'int8', 'franken', 'independent', 'scramble'].includes(cell))
  const store = memoryStore()
  const journal: PairOutcome[] = []
  const onOutcome = async (each: PairOutcome): Promise<void> => void journal.push(each)
  const first = new AbortController()
  await assert.rejects(
    runPairs(wanted, new ZooKeep(plan.recipes, store), {
      known: [],
      onOutcome,
      signal: first.signal,
      onProgress: ({ done }) => done === 3 && first.abort(),
    }),
    { code: 'cancelled' },
  )
  assert.equal(journal.length, 3)
  const rest = await runPairs(wanted, new ZooKeep(plan.recipes, store), { known: [...journal], onOutcome })
  const whole = await runPairs(wanted, new ZooKeep(plan.recipes, memoryStore()), {
    known: [],
    onOutcome: async () => {},
  })
  assert.equal(journal.length, wanted.length)
  assert.deepEqual(rest, whole)
  assert.equal(calibrationOf(rest, plan).digest, calibrationOf(whole, plan).digest)
  assert.ok(
    whole.filter(({ truth }) => truth === 'independent').every(({ verdict }) => verdict === 'no-weight-evidence'),
  )
})
