import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { sha256 } from '../../base/index.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { permuteHeads, rotateResidual, scaleUnits, scramble } from '../../testing/scramble.ts'
import { fineTune, makeBase, permutation, permuteUnits, writeModel, type ZooModel } from '../../testing/zoo.ts'
import { openWeights, type Weights } from '../weights/weights.ts'
import { buildExhibit } from './build-exhibit.ts'
import { checkExhibit } from './check-exhibit.ts'
import type { Exhibit } from './exhibit.ts'
import { readExhibit } from './read-exhibit.ts'
import { summariseExhibit } from './summarise-exhibit.ts'

const BASE = makeBase(1)

async function open(context: TestContext, model: ZooModel): Promise<Weights> {
  const { opened, facts } = await openModel(writeModel(temporaryFolder(context), model, 'F32'))
  const weights = openWeights(opened, facts)
  context.after(() => weights.close())
  return weights
}

async function build(context: TestContext, model: ZooModel): Promise<{ exhibit: Exhibit; a: Weights; b: Weights }> {
  const [a, b] = [await open(context, BASE), await open(context, model)]
  const exhibit = buildExhibit(a, b)
  assert.ok(exhibit !== null)
  return { exhibit, a, b }
}

test('the exhibit of a scrambled model leaves nothing over, and says what was done', async (context) => {
  const scrambled = scramble(BASE, 5)
  const { exhibit, a, b } = await build(context, scrambled)
  const { holds, reasons, matrices } = checkExhibit(JSON.parse(JSON.stringify(exhibit)), a, b)
  assert.deepEqual([holds, reasons], [true, []])
  assert.equal(matrices.length, 4 * 7 + 2)
  for (const { role, residual } of matrices) assert.ok(residual < 1e-3, `${role}: ${residual}`)
  for (const { b: layer, units, heads } of exhibit.layers) {
    assert.deepEqual(units, [...permutation(96, 5 + layer)])
    assert.deepEqual(heads?.groups, [...permutation(2, 7 + layer)])
  }
})

test('the exhibit has the form of its schema', async (context) => {
  const schema = JSON.parse(readFileSync(new URL('exhibit.schema.json', import.meta.url), 'utf8'))
  const validate = new Ajv2020({ strict: false }).compile(schema)
  const { exhibit } = await build(context, permuteUnits(BASE, 2))
  assert.ok(validate(exhibit), JSON.stringify(validate.errors))
  assert.ok(!validate({ ...exhibit, more: 1 }))
})

test('each change of labels is undone by itself, in either direction', async (context) => {
  for (const change of [permuteUnits, scaleUnits, rotateResidual, permuteHeads]) {
    const { exhibit, a, b } = await build(context, change(BASE, 3))
    for (const { role, residual } of checkExhibit(exhibit, a, b).matrices)
      assert.ok(residual < 1e-3, `${role} ${residual}`)
    const back = buildExhibit(b, a)
    for (const { role, residual } of back?.matrices ?? []) assert.ok(residual < 1e-3, `${role} ${residual}`)
  }
})

test('training that went on is what is left over', async (context) => {
  const { exhibit, a, b } = await build(context, scramble(fineTune(BASE, 4, 0.2), 6))
  for (const { role, residual } of checkExhibit(exhibit, a, b).matrices)
    assert.ok(residual > 0.1 && residual < 0.6, `${role}: ${residual}`)
})

test('an exhibit does not hold for other models, other numbers or another rotation', async (context) => {
  const { exhibit, a, b } = await build(context, scramble(BASE, 8))
  assert.ok(!checkExhibit(exhibit, a, await open(context, makeBase(9))).holds)
  assert.ok(!checkExhibit(exhibit, b, a).holds)
  const [first, ...rest] = exhibit.layers
  assert.ok(first !== undefined)
  const swapped = { ...first, units: first.units.toReversed() }
  const { holds, matrices } = checkExhibit({ ...exhibit, layers: [swapped, ...rest] }, a, b)
  assert.ok(!holds && (matrices[0]?.residual ?? 0) > 1)
  const turned = { ...exhibit.rotation, digest: 'a'.repeat(64) }
  assert.deepEqual(checkExhibit({ ...exhibit, rotation: turned }, a, b).reasons, ['the rotation has another digest'])
  const foreign = {
    ...exhibit,
    matrices: exhibit.matrices.map((each) => ({ ...each, a: { ...each.a, tensor: 'no' } })),
  }
  assert.throws(() => checkExhibit(foreign, a, b), { code: 'no-such-part' })
})

test('a matrix that is no rotation is told from one, whatever the exhibit says of it', async (context) => {
  const { exhibit, a, b } = await build(context, scramble(BASE, 11))
  const values = new Float32Array(Uint8Array.from(Buffer.from(exhibit.rotation.values, 'base64')).buffer)
  const bytes = new Uint8Array(values.map((value) => 2 * value).buffer)
  const rotation = { ...exhibit.rotation, values: Buffer.from(bytes).toString('base64'), digest: sha256(bytes) }
  const { defect, reasons } = checkExhibit({ ...exhibit, rotation }, a, b)
  assert.ok(defect > 0.1, `${defect}`)
  assert.match(reasons[0] ?? '', /^the rotation is off by /)
})

test('an exhibit that leaves matrices out covers less, and one without any does not hold', async (context) => {
  const { exhibit, a, b } = await build(context, permuteUnits(BASE, 12))
  const values = exhibit.layers.map((layer) => ({
    ...layer,
    matrices: layer.matrices.filter(({ role }) => role === 'v'),
  }))
  assert.deepEqual(summariseExhibit({ ...exhibit, layers: values }, b).units, { paired: 0, of: 0 })
  const none = { ...exhibit, layers: [], matrices: [] }
  assert.deepEqual(summariseExhibit(none, b).layers, { shown: 0, of: 4 })
  assert.deepEqual(checkExhibit(none, a, b).reasons, ['it shows no matrix'])
})

test('readExhibit() takes what buildExhibit() gives and refuses lists that do not belong together', async (context) => {
  const { exhibit, b } = await build(context, permuteUnits(BASE, 2))
  const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))
  assert.deepEqual(readExhibit(bytesOf(exhibit)), exhibit)
  assert.deepEqual(summariseExhibit(exhibit, b).changes, ['renumbering the hidden units'])
  const [layer] = exhibit.layers
  assert.ok(layer?.heads)
  const { heads, matrices } = layer
  const wrong = [
    { rotation: { ...exhibit.rotation, rows: exhibit.rotation.rows + 1 } },
    { layers: [layer, layer] },
    { layers: [{ ...layer, up: layer.up.slice(1) }] },
    { layers: [{ ...layer, heads: { ...heads, mix: heads.mix.map((mix) => mix.slice(1)) } }] },
    { layers: [{ ...layer, heads: { ...heads, planes: [] } }] },
    { layers: [{ ...layer, heads: { ...heads, groups: heads.groups.slice(1) } }] },
    { layers: [{ ...layer, matrices: [...matrices.slice(1), matrices[1]] }] },
    { layers: [{ ...layer, units: layer.units.map((unit) => unit + 0.5) }] },
  ]
  for (const change of wrong)
    assert.throws(() => readExhibit(bytesOf({ ...exhibit, ...change })), { code: 'bad-exhibit' })
  assert.throws(() => readExhibit(Uint8Array.of(0x22, 0xff, 0x22)), { code: 'bad-exhibit' })
})

test('there is no exhibit of bases', async (context) => {
  assert.equal(buildExhibit(await open(context, BASE), await open(context, makeBase(10))), null)
})
