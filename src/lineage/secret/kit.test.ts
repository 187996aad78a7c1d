import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel, type TestModel } from '../../testing/models.ts'
import {
  change,
  fineTune,
  makeBase,
  permuteUnits,
  prune,
  restack,
  writeModel,
  writeQuantised,
  type ZooModel,
} from '../../testing/zoo.ts'
import type { Comparison } from '../weights/comparison.ts'
import { examineAgainstKit } from './examine-kit.ts'
import { maskKit } from './mask-kit.ts'
import { makeKit, type MadeKit } from './make-kit.ts'
import { decodeKit, encodeKit } from './secret-kit.ts'

const KEY = { seed: Buffer.alloc(32, 7), panel: Buffer.alloc(32, 8) }
const SECRET = Buffer.alloc(32, 9)
const BASE = makeBase(1)

async function write(context: TestContext, model: ZooModel, quantised = false): Promise<TestModel> {
  const folder = temporaryFolder(context)
  return openModel(quantised ? writeQuantised(join(folder, 'model.gguf'), model) : writeModel(folder, model))
}

async function make(context: TestContext, model: ZooModel = BASE, key = KEY): Promise<MadeKit> {
  const { opened, facts } = await write(context, model)
  return makeKit(opened, facts, { key, secret: SECRET, threads: 1 })
}

async function examine(context: TestContext, model: ZooModel, quantised = false): Promise<Comparison> {
  const { kit } = await make(context)
  return examineAgainstKit(await write(context, model, quantised), kit, { seed: KEY.seed, threads: 1 })
}

test('makeKit() gives the same bytes again, which fit and decode to the same kit', async (context) => {
  const one = encodeKit((await make(context)).kit)
  const two = encodeKit((await make(context)).kit)
  assert.deepEqual(one, two)
  assert.ok(one.length <= 130_000, `${one.length}`)
  assert.deepEqual(encodeKit(decodeKit(one)), one)
})

test('makeKit() under another key, or with another secret, gives bits, marks and root that share nothing', async (context) => {
  const one = (await make(context)).kit
  const two = (await make(context, BASE, { ...KEY, seed: Buffer.alloc(32, 17) })).kit
  const marks = new Set(one.places.map(({ mark }) => Buffer.from(mark).toString('hex')))
  assert.ok(two.places.every(({ mark }) => !marks.has(Buffer.from(mark).toString('hex'))))
  const bits = (kit: typeof one): Buffer => Buffer.concat((kit.units?.layers ?? []).map((layer) => layer.bits))
  const [x, y] = [bits(one), bits(two)]
  const same = x.reduce((sum, byte, i) => sum + 8 - (byte ^ (y[i] ?? 0)).toString(2).replaceAll('0', '').length, 0)
  const share = same / (8 * x.length)
  assert.ok(Math.abs(share - 0.5) < 4 * Math.sqrt(0.25 / (8 * x.length)), `${share}`)
  assert.notEqual(
    one.root,
    (
      await makeKit((await write(context, BASE)).opened, (await write(context, BASE)).facts, {
        key: KEY,
        secret: Buffer.alloc(32, 1),
        threads: 1,
      })
    ).kit.root,
  )
})

test('decodeKit() refuses what encodeKit() would not write', async (context) => {
  const text = Buffer.from(encodeKit((await make(context)).kit)).toString()
  const bad = [
    '',
    '{}',
    `${text} `,
    text.replace('"depth":4', '"depth":4,"depth":4'),
    text.replace('"width":64', '"width":-1'),
    text.replace('"marks":"', '"marks":"AAAA'),
    text.replace('"bitsPerView":', '"bitsPerView":8,"x":'),
  ]
  for (const each of bad) assert.throws(() => decodeKit(Buffer.from(each)), { code: 'bad-kit' })
})

test('examineAgainstKit() finds children of the secret model and calls them kin, no more', async (context) => {
  const children: [string, ZooModel, boolean?][] = [
    ['fine-tuned', fineTune(BASE, 2, 0.5)],
    ['pruned', prune(BASE, 0.5)],
    ['quantised', BASE, true],
    ['a layer dropped', fineTune(restack(BASE, [0, 1, 3]), 3)],
  ]
  for (const [name, child, quantised] of children) {
    const { verdict, log10p, control } = await examine(context, child, quantised)
    assert.equal(verdict, 'common-origin', name)
    assert.ok(log10p < -150, `${name} ${log10p}`)
    assert.equal(control?.holds, true)
  }
})

test('examineAgainstKit() sees through units that were turned round, and through renumbered units by the embedding', async (context) => {
  const turned = change(fineTune(BASE, 2), /mlp\.(up|down)_proj/, ({ shape, values }, name) => {
    const [rows = 0, columns = 0] = shape
    const unit = (i: number): number => (name.includes('down') ? i % columns : Math.floor(i / columns))
    assert.equal(values.length, rows * columns)
    return { shape, values: values.map((value, i) => (unit(i) % 2 === 0 ? -value : value)) }
  })
  const found = await examine(context, turned)
  assert.ok(found.log10p < -150 && found.verdict === 'common-origin')
  const renumbered = await examine(context, permuteUnits(fineTune(BASE, 2), 5))
  assert.equal(renumbered.verdict, 'common-origin')
  assert.ok(renumbered.log10p < -40)
})

test('examineAgainstKit() calls the secret model itself re-derived', async (context) => {
  const { verdict, reasons } = await examine(context, BASE)
  assert.equal(verdict, 're-derived', reasons.join(' '))
})

test('examineAgainstKit() finds no evidence in strangers, and its counts follow Poisson(1)', async (context) => {
  const { kit } = await make(context)
  const counts: number[] = []
  for (let seed = 100; seed < 112; seed++) {
    const found = await examineAgainstKit(await write(context, makeBase(seed)), kit, { seed: KEY.seed, threads: 1 })
    assert.equal(found.verdict, 'no-weight-evidence')
    counts.push(...found.map.map(({ fixed }) => fixed))
  }
  // Two views a cell, mean 1 and variance 1 each: 192 cells of mean 2.
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  assert.equal(counts.length, 192)
  assert.ok(Math.abs(mean - 2) < 4 * Math.sqrt(2 / 192), `${mean}`)
})

test('examineAgainstKit() compares nothing under a key that is not the kit’s', async (context) => {
  const { kit } = await make(context)
  const suspect = await write(context, BASE)
  await assert.rejects(examineAgainstKit(suspect, kit, { seed: Buffer.alloc(32, 1) }), { code: 'wrong-key' })
})

test('a kit without its key cannot be told from noise by somebody who holds the very weights', async (context) => {
  const { kit } = await make(context)
  // The strongest guess: the attacker knows which units and coordinates were drawn, and lacks the mask alone.
  const { units } = maskKit(kit, KEY.seed)
  const stored = Buffer.concat((kit.units?.layers ?? []).map(({ bits }) => bits))
  const clear = Buffer.concat((units?.layers ?? []).map(({ bits }) => bits))
  const differing = stored.reduce(
    (sum, byte, i) => sum + (byte ^ (clear[i] ?? 0)).toString(2).replaceAll('0', '').length,
    0,
  )
  const z = (differing - 4 * stored.length) / Math.sqrt(2 * stored.length)
  assert.ok(Math.abs(z) < 4, `${z}`)
})

test('a kit with all that it may hold is at most 130,000 bytes', async (context) => {
  const { kit } = await make(context)
  const layer = { layer: 1000, views: ['down', 'gate', 'up'] as const, bits: new Uint8Array((64 * 3 * 136) / 8) }
  const units = {
    width: 28672,
    units: 64,
    inner: 8192,
    bitsPerView: 136,
    layers: Array.from({ length: 16 }, () => layer),
  }
  const panelLayer = { ...layer, bits: new Uint8Array((64 * 3 * 40) / 8) }
  const panel = { ...units, bitsPerView: 40, layers: Array.from({ length: 8 }, () => panelLayer) }
  const residual = (['embedding', 'head'] as const).map((role) => {
    return { role, vocabulary: 151_936, tokens: 512, dimensions: 64, bits: new Uint8Array(64 * 64) }
  })
  const place = { layer: 1000, role: 'gate' as const, sketch: new Uint8Array(8), mark: new Uint8Array(8) }
  const places = Array.from({ length: 600 }, () => place)
  const bytes = encodeKit({ ...kit, units, panel, residual, places, width: 8192, depth: 1023, leaves: 200_000 })
  assert.ok(bytes.length <= 130_000, `${bytes.length}`)
  assert.throws(() => encodeKit({ ...kit, units, panel: units, residual, places }), { code: 'kit-too-large' })
})
