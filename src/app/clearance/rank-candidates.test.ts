/** The order of candidates when a recipe names some of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attributeModels } from '../../testing/attributed.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { asReleased, layerOf, mergeLinear, passLayers } from '../../testing/merges.ts'
import { openModel } from '../../testing/models.ts'
import { fineTune, makeBase, writeModel, type ZooModel } from '../../testing/zoo.ts'
import { compareModels } from '../../lineage/index.ts'
import { rankCandidates } from './trace-register.ts'

const BASE = asReleased(makeBase(1))
const SIBLING = asReleased(fineTune(BASE, 2))
const OTHER = asReleased(makeBase(3))

async function rank(folder: string, suspect: ZooModel, candidates: Readonly<Record<string, ZooModel>>) {
  const attribution = await attributeModels(folder, suspect, candidates)
  const subject = await openModel(`${folder}/suspect`)
  const compared = Object.entries(candidates).map(async ([ref, model]) => {
    const side = await openModel(writeModel(`${folder}/${ref}`, model))
    const comparison = await compareModels(subject, side)
    return { artefact: { ref, id: side.opened.artefact.id }, standing: 'unknown', comparison } as const
  })
  const ranked = rankCandidates(await Promise.all(compared), attribution)
  return ranked.map(({ artefact, comparison }) => [artefact.ref, comparison.verdict])
}

test('rankCandidates names the parents of layers that were passed through, and not the siblings of a parent', async (context) => {
  const suspect = passLayers([BASE, OTHER], (name) => Number(layerOf(name) === 3))
  const ranked = await rank(temporaryFolder(context), suspect, { sibling: SIBLING, other: OTHER, base: BASE })
  assert.deepEqual(ranked, [
    ['base', 'merge'],
    ['other', 'merge'],
    ['sibling', 'derived'],
  ])
})

test('rankCandidates puts the heavier parent first', async (context) => {
  const second = asReleased(fineTune(BASE, 5))
  const suspect = mergeLinear([SIBLING, second], [0.3, 0.7])
  const ranked = await rank(temporaryFolder(context), suspect, { base: BASE, sibling: SIBLING, second })
  assert.deepEqual(ranked, [
    ['second', 'merge'],
    ['sibling', 'merge'],
    ['base', 'derived'],
  ])
})
