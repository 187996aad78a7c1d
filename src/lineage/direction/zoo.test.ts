/** Proof on the shared zoo: of a model and its ancestor, the ancestor is never named as the child. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { compareModels } from '../compare.ts'
import { weighSigns } from './weigh-signs.ts'

const ZOO = sharedPath('zoo') ?? ''

/** Parents besides oak, as the README of the zoo says. */
const PARENTS: Readonly<Record<string, readonly string[]>> = {
  'oak-cpt3': ['oak-cpt'],
  'oak-sft-q40': ['oak-sft'],
  'merge-linear': ['oak-sft', 'oak-sft2'],
  'merge-slerp': ['oak-sft', 'oak-cpt'],
  'merge-ties': ['oak-sft', 'oak-sft2', 'oak-cpt'],
  'merge-dare': ['oak-sft', 'oak-cpt'],
  'oak-scrambled-cpt': ['oak-scrambled'],
}

function readDescendants(): string[] {
  const lines = readFileSync(join(ZOO, 'truth.csv'), 'utf8').trim().split('\n').slice(1)
  const rows = lines.map((line) => line.split(','))
  return rows
    .filter(([, , relation = '']) => ['derived', 're-derived', 'merge'].includes(relation))
    .map(([name = '']) => name)
}

const FROM_THE_ORIGINAL = [
  'oak-sft',
  'oak-cpt',
  'oak-cpt3',
  'oak-q80',
  'oak-q51',
  'oak-q40',
  'oak-prune50',
  'oak-deep',
  'merge-slerp',
]

/** oak is the bf16 release of oak-f32, from which all others were made. */
function linealPairs(): (readonly [string, string])[] {
  const descendants = readDescendants().filter((name) => name !== 'oak-f32')
  return [
    ...descendants.map((child) => ['oak', child] as const),
    ...FROM_THE_ORIGINAL.map((child) => ['oak-f32', child] as const),
    ...Object.entries(PARENTS).flatMap(([child, parents]) => parents.map((parent) => [parent, child] as const)),
  ]
}

const OF_ONE_NUMBER = new Set(['oak-f16', 'oak-sharded', 'oak-renamed'])

test('direction: no ancestor is named as the child of its descendant', needsShared('zoo'), async (context) => {
  const counts = new Map<string, { right: number; wrong: number }>()
  let named = 0
  const pairs = linealPairs().filter(([, child]) => !OF_ONE_NUMBER.has(child))
  for (const [parent, child] of pairs) {
    const { direction, signs = [] } = await compareModels(
      await openModel(join(ZOO, parent)),
      await openModel(join(ZOO, child)),
    )
    assert.notEqual(direction, 'a-from-b', `${parent} was named the child of ${child}`)
    if (direction === 'b-from-a') named += 1
    for (const sign of signs) {
      const count = counts.get(sign.name) ?? { right: 0, wrong: 0 }
      counts.set(
        sign.name,
        sign.child === 'b' ? { ...count, right: count.right + 1 } : { ...count, wrong: count.wrong + 1 },
      )
      if (sign.name !== 'unused-token decay') assert.equal(sign.child, 'b', `${sign.name} of ${parent} and ${child}`)
    }
    const isClear = signs.some(({ name }) => name !== 'unused-token decay')
    if (isClear) assert.equal(weighSigns(signs).direction, 'b-from-a', `${parent} and ${child}`)
  }
  for (const [name, { right, wrong }] of counts) context.diagnostic(`${name}: right ${right}, wrong ${wrong}`)
  context.diagnostic(`${named} of ${pairs.length} pairs named`)
})

test('direction: a sign that excludes siblings never names one', needsShared('zoo'), async () => {
  for (const [a, b] of [
    ['oak-sft', 'oak-sft2'],
    ['oak-sft', 'oak-cpt'],
    ['oak-cpt', 'oak-deep'],
    ['oak-q40', 'oak-sft'],
    ['oak-q80', 'oak-sft2'],
    ['oak-prune50', 'oak-lora-merged'],
    ['oak-prune24', 'franken'],
    ['oak-shallow', 'merge-linear'],
    ['merge-ties', 'merge-dare'],
    ['oak-f32', 'oak-noisy'],
  ] as const) {
    const { signs = [] } = await compareModels(await openModel(join(ZOO, a)), await openModel(join(ZOO, b)))
    assert.ok(
      !signs.some(({ excludesSiblings }) => excludesSiblings),
      `${a} and ${b}: ${signs.map(({ name }) => name).join()}`,
    )
  }
})
