/** Weights that are made to hurt or to deceive: every command ends well, and nobody is accused. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../testing/folders.ts'
import { HOSTILITIES, makeHostile } from '../testing/hostile-zoo.ts'
import { openModel } from '../testing/models.ts'
import { writeSafetensors } from '../testing/safetensors.ts'
import { change, fineTune, makeBase, writeModel, type ZooModel } from '../testing/zoo.ts'
import { compareModels, type ComparedSide, type ModelSide } from './compare.ts'
import { fingerprintModel } from './fingerprint/fingerprint-model.ts'
import { decodeFingerprint, encodeFingerprint } from './fingerprint/twf.ts'
import type { Comparison } from './weights/comparison.ts'

const BASE = makeBase(1)

function written(context: TestContext, model: ZooModel, type: 'BF16' | 'F16' | 'F32' = 'F32'): Promise<ModelSide> {
  return openModel(writeModel(temporaryFolder(context), model, type))
}

async function fingerprintOf({ opened, facts }: ModelSide): Promise<ComparedSide> {
  const fingerprint = await fingerprintModel(opened, facts, { threads: 0 })
  return { fingerprint: decodeFingerprint(encodeFingerprint(fingerprint)) }
}

/** By weights, then by fingerprints. All that is said must be JSON as it stands. */
async function compareBoth(a: ModelSide, b: ModelSide): Promise<readonly Comparison[]> {
  const both = [await compareModels(a, b), await compareModels(await fingerprintOf(a), await fingerprintOf(b))]
  for (const comparison of both) assert.deepEqual(JSON.parse(JSON.stringify(comparison)), comparison)
  return both
}

const SILENT = ['no-weight-evidence', 'inconclusive', 'insufficient']
/** Of these no unit is told apart in any view, so that silence must not pass for an answer. */
const SAYS_NOTHING = [
  'NaN everywhere',
  'infinities everywhere',
  'subnormals everywhere',
  'zero tensors',
  'one number everywhere',
  'one row over and over',
]
/** Of these any two are the same bytes. */
const SAME_BYTES = ['NaN everywhere', 'zero tensors', 'one number everywhere']

for (const hostility of HOSTILITIES) {
  test(`compareModels() accuses nobody by ${hostility.name}, and says why it cannot tell`, async (context) => {
    const hostile = await written(context, makeHostile(hostility, 2))
    for (const { verdict, reasons } of await compareBoth(hostile, await written(context, BASE))) {
      assert.ok(SILENT.includes(verdict), verdict)
      if (!SAYS_NOTHING.includes(hostility.name)) continue
      assert.equal(verdict, 'inconclusive')
      assert.match(reasons.join(' '), /told apart|not finite/)
    }
    for (const { verdict } of await compareBoth(hostile, await written(context, makeHostile(hostility, 3)))) {
      if (SAME_BYTES.includes(hostility.name)) assert.equal(verdict, 'identical')
      else assert.ok(SILENT.includes(verdict), verdict)
    }
  })
}

test('compareModels() takes constants that unrelated models share for no kinship', async (context) => {
  const constant = (seed: number): ZooModel =>
    change(makeBase(seed), /(gate_proj|lm_head|q_proj)/, ({ shape, values }) => ({
      shape,
      values: values.map(() => 0.5),
    }))
  for (const { verdict } of await compareBoth(await written(context, constant(2)), await written(context, constant(3))))
    assert.ok(SILENT.includes(verdict), verdict)
})

test('compareModels() takes weights so small that rounding flushes them for no copies of each other', async (context) => {
  const tiny = (seed: number): ZooModel =>
    change(makeBase(seed), /./, ({ shape, values }) => ({ shape, values: values.map((value) => value * 2 ** -24) }))
  for (const other of ['F32', 'BF16'] as const) {
    const sides = [await written(context, tiny(2)), await written(context, tiny(3), other)] as const
    for (const { verdict } of await compareBoth(...sides)) assert.ok(SILENT.includes(verdict), verdict)
  }
})

test('compareModels() still finds the child whose weights were all made tiny', async (context) => {
  const tiny = (model: ZooModel): ZooModel =>
    change(model, /./, ({ shape, values }) => ({ shape, values: values.map((value) => value * 2 ** -24) }))
  const child = await written(context, tiny(fineTune(BASE, 4)))
  assert.equal((await compareModels(child, await written(context, tiny(BASE)))).verdict, 'derived')
})

/** A model of bf16 numbers whose header calls them something else of the same size. */
function lie(context: TestContext, model: ZooModel, told: 'F16' | 'I16'): Promise<ModelSide> {
  const folder = temporaryFolder(context)
  const tensors = [...model].map(([name, { shape, values }]) => {
    const bits = new Uint32Array(Float32Array.from(values).buffer)
    return { name, type: told, shape, bytes: new Uint8Array(Uint16Array.from(bits, (word) => word >>> 16).buffer) }
  })
  writeFileSync(join(folder, 'model.safetensors'), writeSafetensors(tensors))
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'llama', num_attention_heads: 4 }))
  return openModel(folder)
}

for (const told of ['F16', 'I16'] as const) {
  test(`compareModels() accuses nobody by bf16 numbers that are called ${told}`, async (context) => {
    const liar = await lie(context, makeBase(2), told)
    for (const other of [await written(context, BASE, 'BF16'), await lie(context, makeBase(3), told)])
      for (const { verdict } of await compareBoth(liar, other)) assert.ok(SILENT.includes(verdict), verdict)
  })
}

test('compareModels() says insufficient of tensors that have not the bytes of their type', async (context) => {
  const folder = writeModel(temporaryFolder(context), BASE, 'BF16')
  const path = join(folder, 'model.safetensors')
  const half = [...BASE].map(([name, { shape }]) => ({
    name,
    type: 'F32',
    shape,
    bytes: new Uint8Array(2 * shape.reduce((all, one) => all * one, 1)),
  }))
  writeFileSync(path, writeSafetensors(half))
  const liar = await openModel(folder)
  for (const { verdict, reasons } of await compareBoth(liar, await written(context, BASE))) {
    assert.equal(verdict, 'insufficient')
    assert.ok(reasons.length > 0)
  }
})
