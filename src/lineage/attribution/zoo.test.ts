/**
 * Attribution on models that were really trained: the merges of the shared zoo, and who comes first among siblings.
 *
 * `oak-cpt` stands apart: `oak-sft` was trained on data that begin alike, stands on the way from `oak` to it and is
 * nearer than the parent, so the two must share the first place.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { compareModels } from '../compare.ts'
import { attribute } from './attribute.ts'
import type { Attribution } from './attribution.ts'

const ZOO = sharedPath('zoo') ?? ''
const PARENTS = ['oak', 'oak-sft', 'oak-sft2', 'oak-cpt']

/** Relatives whose layers stand in the same order need no comparison to say so. */
const LAYERS = [0, 1, 2, 3].map((a) => ({ a, b: a, fixed: 160, sampled: 160 }))
const IN_ORDER = { verdict: 'derived', direction: 'open', log10p: -100, layers: LAYERS } as const
const COMPARED = new Set(['oak-shallow', 'oak-deep', 'franken', 'merge-linear'])

async function attributeZoo(suspect: string, refs: readonly string[]): Promise<Attribution> {
  const side = await openModel(join(ZOO, suspect))
  const candidates = refs.map(async (ref) => {
    const other = await openModel(join(ZOO, ref))
    return { ref, side: other, comparison: COMPARED.has(suspect) ? await compareModels(side, other) : IN_ORDER }
  })
  return attribute(side, await Promise.all(candidates))
}

/** Recipe, base and weights as `truth.csv` has them; of TIES the weights are relative. */
const MERGES = {
  'merge-linear': ['linear', null, { 'oak-sft': 0.7, 'oak-sft2': 0.3 }],
  'merge-slerp': ['slerp', null, { 'oak-sft': 0.6, 'oak-cpt': 0.4 }],
  'merge-ties': ['ties', 'oak', { 'oak-sft': 1 / 3, 'oak-sft2': 1 / 3, 'oak-cpt': 1 / 3 }],
  'merge-dare': ['dare', 'oak', { 'oak-sft': 0.5, 'oak-cpt': 0.5 }],
} as const

test('attribute takes the merges of the zoo apart, weights within 0.005', needsShared('zoo'), async (context) => {
  for (const [model, [recipe, base, weights]] of Object.entries(MERGES)) {
    const { outcome, finding, reasons } = await attributeZoo(model, PARENTS)
    context.diagnostic(`${model}: ${reasons.join(' ')}`)
    assert.deepEqual([outcome, finding?.recipe, finding?.base], ['merge', recipe, base], model)
    const found = new Map(finding?.parents.map(({ ref, weight }) => [ref, weight]))
    assert.deepEqual([...found.keys()].toSorted(), Object.keys(weights).toSorted(), model)
    for (const [ref, weight] of Object.entries(weights))
      assert.ok(Math.abs((found.get(ref) ?? 9) - weight) <= 0.005, `${model}, ${ref}: ${found.get(ref)}`)
    assert.ok((finding?.evidence.explained ?? 0) > 0.999, model)
  }
})

test('attribute finds the layer of franken that came from birch', needsShared('zoo'), async () => {
  const { outcome, finding } = await attributeZoo('franken', ['oak', 'birch', 'cedar'])
  assert.deepEqual([outcome, finding?.recipe], ['merge', 'passthrough'])
  const layers = finding?.layers.map(({ layer, weights }) => [layer, ...weights])
  assert.deepEqual(layers, [
    [-1, 1, 0],
    [0, 1, 0],
    [1, 1, 0],
    [2, 1, 0],
    [3, 0, 1],
  ])
})

/** Suspect, its parent, and relatives that are neither its descendants nor its copies. */
const CHILDREN: readonly (readonly [string, string, readonly string[]])[] = [
  ['oak-sft', 'oak', ['oak-sft2', 'oak-cpt', 'oak-lora-merged']],
  ['oak-sft2', 'oak', ['oak-sft', 'oak-cpt', 'oak-prune50']],
  ['oak-cpt3', 'oak-cpt', ['oak', 'oak-sft', 'oak-sft2']],
  ['oak-sft-q40', 'oak-sft', ['oak', 'oak-sft2']],
  ['oak-lora-merged', 'oak', ['oak-sft', 'oak-sft2']],
  ['oak-shallow', 'oak', ['oak-sft2', 'oak-cpt']],
  ['oak-deep', 'oak', ['oak-sft2', 'oak-cpt']],
  ['oak-narrow-ff', 'oak', ['oak-sft2', 'oak-cpt']],
  ['oak-prune24', 'oak', ['oak-prune50', 'oak-sft2']],
  ['oak-noisy', 'oak', ['oak-sft2', 'oak-sft']],
]

test(
  'attribute puts the parent before siblings, grandparents and cousins, and calls no child a merge',
  needsShared('zoo'),
  async () => {
    for (const [suspect, parent, others] of CHILDREN) {
      const { outcome, ranking } = await attributeZoo(suspect, [...others, parent])
      assert.notEqual(outcome, 'merge', suspect)
      assert.deepEqual([ranking[0]?.ref, ranking[1]?.place], [parent, 2], suspect)
    }
  },
)

test('attribute leaves open whether a sibling on the way or the parent is the parent', needsShared('zoo'), async () => {
  const { ranking } = await attributeZoo('oak-cpt', ['oak-sft', 'oak'])
  assert.deepEqual(
    ranking.map(({ ref, place }) => [ref, place]),
    [
      ['oak', 1],
      ['oak-sft', 1],
    ],
  )
})
