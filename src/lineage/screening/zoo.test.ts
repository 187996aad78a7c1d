/**
 * Proof on trained models: whoever descends from one meets it in the index before all strangers, and a first answer
 * finds what is kin, says nothing of strangers, and never says more than a sample allows.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { needsShared, sharedPath, temporaryFolder } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { fingerprintModel } from '../fingerprint/fingerprint-model.ts'
import { firstAnswer, type FirstSide } from '../first-answer/first-answer.ts'
import { readSample } from '../first-answer/sample.ts'
import { appendToIndex } from './append.ts'
import { indexRow, type IndexRow } from './index-row.ts'
import { ModelIndex } from './read-index.ts'
import { screenIndex } from './screen-index.ts'

const ZOO = sharedPath('zoo') ?? ''
/** Trained apart; dogwood on the outputs of oak. */
const STRANGERS = ['birch', 'cedar', 'gorse', 'dogwood']
/** Trained on; renumbered; two layers of three; merged; quantised. */
const KIN = ['oak-sft', 'oak-cpt3', 'oak-permuted', 'oak-shallow', 'merge-ties', 'oak-q40']

async function rowOf(name: string): Promise<IndexRow> {
  const { opened, facts } = await openModel(join(ZOO, name))
  return indexRow(await fingerprintModel(opened, facts, { threads: 0 }))
}

async function indexOf(context: TestContext, names: readonly string[]): Promise<ModelIndex> {
  const folder = join(temporaryFolder(context), 'index')
  appendToIndex(folder, await Promise.all(names.map(rowOf)), '')
  const index = ModelIndex.open(folder)
  context.after(() => index.close())
  return index
}

test(
  'screenIndex() puts oak before all strangers for each of its kin, and nobody far before the others for a stranger',
  needsShared('zoo'),
  async (context) => {
    const index = await indexOf(context, ['oak', ...STRANGERS])
    const { model: oak } = await rowOf('oak')
    for (const name of KIN) {
      const [first, second] = screenIndex(index, await rowOf(name))
      assert.equal(first?.model, oak, name)
      assert.ok((first?.score ?? 0) > 2 * (second?.score ?? 0), `${name}: ${first?.score} against ${second?.score}`)
    }
    for (const name of STRANGERS) {
      const row = await rowOf(name)
      const others = screenIndex(index, row).filter(({ model }) => model !== row.model)
      assert.ok(
        others.every(({ score, inOrder }) => score < 12 && (inOrder ?? 0) < 5),
        `${name}: ${others[0]?.score}`,
      )
    }
  },
)

test('firstAnswer() finds kin of oak by a sample, and nothing in strangers', needsShared('zoo'), async () => {
  const sideOf = async (name: string): Promise<FirstSide> => {
    const { opened, facts } = await openModel(join(ZOO, name))
    const sample = readSample({ opened, facts, isHere: () => true }, { layers: 2 })
    return { sample, cost: { bytes: sample.bytes, requests: 0, size: opened.artefact.size } }
  }
  const oak = await sideOf('oak')
  for (const name of KIN) assert.equal(firstAnswer(await sideOf(name), oak).verdict, 'common-origin', name)
  for (const name of [...STRANGERS, 'oak-scrambled']) {
    const { verdict, untested } = firstAnswer(await sideOf(name), oak)
    assert.equal(verdict, 'no-weight-evidence', name)
    assert.match(untested.join('; '), /rotated/)
  }
})
