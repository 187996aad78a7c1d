import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
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
  prune,
  restack,
  writeModel,
  writeQuantised,
  ZOO_SHAPE,
  type ZooModel,
} from '../testing/zoo.ts'
import { compareModels } from './compare.ts'
import type { Comparison } from './weights/comparison.ts'

const BASE = makeBase(1)

interface Written {
  readonly model: ZooModel
  readonly type?: 'BF16' | 'F16' | 'F32'
  readonly quantised?: boolean
}

async function open(context: TestContext, { model, type, quantised }: Written): ReturnType<typeof openModel> {
  const folder = temporaryFolder(context)
  return openModel(
    quantised === true ? writeQuantised(join(folder, 'model.gguf'), model) : writeModel(folder, model, type),
  )
}

async function compare(context: TestContext, a: Written, b: Written = { model: BASE }): Promise<Comparison> {
  return compareModels(await open(context, a), await open(context, b))
}

test('compareModels() calls a copy identical', async (context) => {
  const { verdict, direction, control } = await compare(context, { model: BASE })
  assert.equal(verdict, 'identical')
  assert.equal(direction, 'none')
  assert.equal(control?.holds, true)
})

test('compareModels() calls a cast re-derived and finds which was cast', async (context) => {
  const down = await compare(context, { model: BASE }, { model: BASE, type: 'F32' })
  assert.deepEqual([down.verdict, down.direction], ['re-derived', 'a-from-b'])
  assert.match(down.transformations.join(), /cast from F32 to BF16/)
  const rounded = change(BASE, /./, ({ shape, values }) => ({
    shape,
    values: new Float32Array(Uint32Array.from(new Uint32Array(values.buffer), (bits) => bits & 0xffff0000).buffer),
  }))
  const up = await compare(context, { model: rounded }, { model: rounded, type: 'F32' })
  assert.deepEqual([up.verdict, up.direction], ['re-derived', 'b-from-a'])
  const twice = await compare(context, { model: BASE }, { model: BASE, type: 'F16' })
  assert.deepEqual([twice.verdict, twice.direction], ['re-derived', 'open'])
})

test('compareModels() finds a fine-tuned child and leaves the direction open', async (context) => {
  const result = await compare(context, { model: fineTune(BASE, 2) })
  assert.equal(result.verdict, 'derived')
  assert.equal(result.direction, 'open')
  assert.ok(result.log10p < -400)
  assert.deepEqual(
    result.layers.map(({ b }) => b),
    [0, 1, 2, 3],
  )
  assert.equal(result.effect?.share, 1)
})

test('compareModels() finds a quantised child in another container, the child being the coarser', async (context) => {
  const result = await compare(context, { model: BASE, quantised: true })
  assert.deepEqual([result.verdict, result.direction], ['derived', 'a-from-b'])
  assert.match(result.transformations.join(), /quantised to q8_0: (9[5-9]|100)/)
})

test('compareModels() finds a pruned child', async (context) => {
  const result = await compare(context, { model: prune(BASE, 0.5) })
  assert.deepEqual([result.verdict, result.direction], ['derived', 'a-from-b'])
  assert.match(result.transformations.join(), /% of the weights of 20 matrices set to zero, all others unchanged/)
})

test('compareModels() finds dropped and doubled layers', async (context) => {
  const dropped = await compare(context, { model: fineTune(restack(BASE, [0, 1, 3]), 3) })
  assert.deepEqual([dropped.verdict, dropped.direction], ['derived', 'a-from-b'])
  assert.match(dropped.transformations.join(), /layer 2 of the 4 dropped/)
  const doubled = await compare(context, { model: fineTune(restack(BASE, [0, 1, 2, 1, 2, 3]), 4) })
  assert.deepEqual([doubled.verdict, doubled.direction], ['derived', 'a-from-b'])
  assert.match(doubled.transformations.join(), /layers 1 to 2 of 4 doubled/)
})

test('compareModels() finds a tuned child whose units were renumbered, and says that labels are scrambled', async (context) => {
  const result = await compare(context, { model: permuteUnits(fineTune(BASE, 5), 6) })
  assert.equal(result.verdict, 'derived')
  assert.ok(result.log10p < -12)
  assert.equal(result.alignment?.test, 'C2')
  assert.equal(result.alignment.scrambled, true)
  assert.match(result.transformations.join(), /labels scrambled.*hidden units renumbered/)
})

test('compareModels() finds nothing between bases, and the report says what was not tested', async (context) => {
  for (const seed of [7, 8, 9]) {
    const result = await compare(context, { model: makeBase(seed) })
    assert.equal(result.verdict, 'no-weight-evidence')
    assert.ok(result.log10p > -6 && result.untested.length > 0)
  }
})

test('compareModels() never says descent for planted units, however significant they are', async (context) => {
  const other = makeBase(10)
  const result = await compare(context, { model: plantUnits(other, BASE, 20) })
  assert.ok(result.log10p < -12, `${result.log10p}`)
  assert.equal(result.verdict, 'common-origin')
  assert.ok((result.effect?.high ?? 1) < 0.5)
  assert.match(result.reasons.join(' '), /planted units/)
})

test('compareModels() never says descent for a shared beginning without shared learning', async (context) => {
  const relearned = (seed: number): ZooModel => {
    const other = makeBase(seed)
    return change(fineTune(BASE, seed, 0.4), /norm/, (tensor, name) => other.get(name) ?? tensor)
  }
  const result = await compare(context, { model: relearned(11) }, { model: relearned(12) })
  assert.ok(result.log10p < -100)
  assert.equal(result.verdict, 'common-origin')
  assert.match(result.reasons.join(' '), /shared initialisation/)
})

test('compareModels() names the one transplanted layer and the shared embeddings', async (context) => {
  const other = makeBase(13)
  const graft = change(other, /layers\.2\./, (tensor, name) => BASE.get(name) ?? tensor)
  const result = await compare(context, { model: graft })
  assert.equal(result.verdict, 'common-origin')
  assert.match(result.reasons.join(' '), /1 of 4 layers of [AB] \(2\)/)
  const embedded = await compare(context, {
    model: change(other, /embed_tokens/, (tensor, name) => BASE.get(name) ?? tensor),
  })
  assert.equal(embedded.verdict, 'common-origin')
  assert.match(embedded.reasons.join(' '), /no layer of [AB]; 64 of 64 residual dimensions by embedding/)
})

test('compareModels() is inconclusive when units are sorted by one template', async (context) => {
  const sorted = (seed: number): ZooModel => {
    const template = makeBase(99)
    return change(makeBase(seed), /mlp\.(gate|up)_proj/, ({ shape, values }) => {
      const shared = template.get('model.layers.0.mlp.gate_proj.weight')?.values
      return { shape, values: values.map((value, i) => value + 0.7 * (shared?.[i] ?? 0)) }
    })
  }
  const result = await compare(context, { model: sorted(20) }, { model: sorted(21) })
  assert.equal(result.verdict, 'inconclusive')
  assert.match(result.reasons.join(' '), /invalid for this pair/)
})

test('compareModels() says insufficient or inconclusive of models too narrow to be tested', async (context) => {
  const narrow = { ...ZOO_SHAPE, hidden: 48 }
  const result = await compare(context, { model: makeBase(30, narrow) }, { model: makeBase(31, narrow) })
  assert.equal(result.verdict, 'inconclusive')
  assert.match(result.reasons.join(' '), /64/)
  const thin = { ...ZOO_SHAPE, width: 32 }
  const kin = await compare(context, { model: fineTune(makeBase(32, thin), 1) }, { model: makeBase(32, thin) })
  assert.equal(kin.verdict, 'inconclusive')
  assert.ok(kin.log10p < -6)
})

test('compareModels() gives the same answer with the sides changed', async (context) => {
  const child = { model: fineTune(restack(BASE, [0, 1, 3]), 3) }
  const there = await compare(context, child)
  const back = await compare(context, { model: BASE }, child)
  assert.equal(back.verdict, there.verdict)
  assert.ok(Math.abs(back.log10p - there.log10p) < 1e-6)
  assert.equal(back.direction, 'b-from-a')
})

test('compareModels() writes plain JSON', async (context) => {
  const result = await compare(context, { model: fineTune(BASE, 2) })
  assert.deepEqual(JSON.parse(JSON.stringify(result)), result)
})

test('compareModels() stops when it is cancelled', async (context) => {
  const side = await open(context, { model: BASE })
  await assert.rejects(compareModels(side, side, { signal: AbortSignal.abort() }), { code: 'cancelled' })
})

test('compareModels() bears weights that are not numbers and gives plain JSON all the same', async (context) => {
  const spoiled = change(BASE, /./, ({ shape, values }) => ({
    shape,
    values: values.map((value, i) => (i % 3 === 0 ? Number.NaN : i % 7 === 0 ? Number.POSITIVE_INFINITY : value)),
  }))
  const zeros = change(BASE, /./, ({ shape, values }) => ({ shape, values: values.map(() => 0) }))
  for (const [a, b] of [
    [spoiled, BASE],
    [spoiled, spoiled],
    [zeros, BASE],
    [zeros, zeros],
  ] as const) {
    const result = await compare(context, { model: a }, { model: b })
    assert.deepEqual(JSON.parse(JSON.stringify(result)), result)
    assert.notEqual(result.verdict, 'derived')
  }
})

test('compareModels() says that a shard which could not be read is not covered', async (context) => {
  const folder = writeModel(temporaryFolder(context), BASE)
  writeFileSync(join(folder, 'model-00002-of-00002.safetensors'), 'broken')
  const broken = await openModel(folder)
  const result = await compareModels(broken, await open(context, { model: BASE }))
  assert.match(result.untested.join(), /1 file of A that may hold weights and could not be read/)
  assert.notEqual(result.verdict, 'identical')
})
