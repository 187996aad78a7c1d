/**
 * Frame-ups: somebody plants parts of another model in one that has nothing to do with it, and points at them.
 *
 * What is planted is really there, so the bound is small; but it is not descent, and the report says where it sits.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../testing/folders.ts'
import { openModel } from '../testing/models.ts'
import {
  change,
  fineTune,
  makeBase,
  permuteUnits,
  plantUnits,
  writeModel,
  ZOO_SHAPE,
  type ZooModel,
} from '../testing/zoo.ts'
import { compareModels } from './compare.ts'
import { fingerprintModel } from './fingerprint/fingerprint-model.ts'
import type { Comparison } from './weights/comparison.ts'

const VICTIM = makeBase(1)
const OTHER = makeBase(2)

async function compareBoth(context: TestContext, framed: ZooModel): Promise<readonly [Comparison, Comparison]> {
  const folder = temporaryFolder(context)
  const a = await openModel(writeModel(join(folder, 'framed'), framed))
  const b = await openModel(writeModel(join(folder, 'victim'), VICTIM))
  const [ours, theirs] = [await fingerprintModel(a.opened, a.facts), await fingerprintModel(b.opened, b.facts)]
  return [await compareModels(a, b), await compareModels({ fingerprint: ours }, { fingerprint: theirs })]
}

/** Takes whole tensors of the victim. */
function plantTensors(pattern: RegExp): ZooModel {
  return change(OTHER, pattern, (tensor, name) => VICTIM.get(name) ?? tensor)
}

const SHARES = [0.02, 0.1, 0.3, 0.45]

for (const share of SHARES)
  test(`${100 * share} % of the units of every layer planted is not descent, and the layers are named`, async (context) => {
    const count = Math.round(share * ZOO_SHAPE.hidden)
    for (const framed of [plantUnits(OTHER, VICTIM, count), fineTune(plantUnits(OTHER, VICTIM, count), 5, 0.05)])
      for (const { verdict, reasons, effect } of await compareBoth(context, framed)) {
        assert.ok(
          !['derived', 'merge', 're-derived', 'identical'].includes(verdict),
          `${verdict}: ${reasons.join(' ')}`,
        )
        if (verdict === 'common-origin') {
          assert.match(reasons.join(' '), /no layer of [AB]|\d of 4 layers of [AB]|planted units/)
          assert.ok((effect?.share ?? 1) < 0.5)
        }
      }
  })

const PLANTED: readonly (readonly [what: string, framed: ZooModel])[] = [
  ['the MLP of one layer', plantTensors(/layers\.1\.mlp/)],
  ['the whole of one layer', plantTensors(/layers\.2\./)],
  ['the embedding', plantTensors(/embed_tokens/)],
  ['embedding and head', plantTensors(/embed_tokens|lm_head/)],
  ['all norm gains', plantTensors(/norm/)],
  ['all attention', plantTensors(/self_attn/)],
  ['two of four layers', plantTensors(/layers\.[03]\./)],
  ['some units under other numbers', permuteUnits(plantUnits(OTHER, VICTIM, 30), 9)],
]

for (const [what, framed] of PLANTED)
  test(`${what} of another model, planted, is not descent`, async (context) => {
    for (const { verdict, reasons } of await compareBoth(context, framed))
      assert.ok(
        ['common-origin', 'inconclusive', 'no-weight-evidence'].includes(verdict),
        `${verdict}: ${reasons.join(' ')}`,
      )
  })

test('the report on a planted layer names the layer', async (context) => {
  const [{ verdict, reasons, layers }] = await compareBoth(context, plantTensors(/layers\.2\./))
  assert.equal(verdict, 'common-origin')
  assert.match(reasons.join(' '), /1 of 4 layers of [AB] \(2\)/)
  assert.deepEqual(
    layers.filter(({ b }) => b !== null).map(({ a, b }) => [a, b]),
    [[2, 2]],
  )
})
