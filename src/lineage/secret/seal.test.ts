import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel, type TestModel } from '../../testing/models.ts'
import {
  change,
  fineTune,
  makeBase,
  prune,
  restack,
  writeModel,
  writeQuantised,
  type ZooModel,
  type ZooTensor,
} from '../../testing/zoo.ts'
import { openWeights } from '../weights/weights.ts'
import { identifySeal, testRecipients } from './identify-seal.ts'
import { makeKit } from './make-kit.ts'
import { planSeal, sealOrder } from './seal-plan.ts'
import { sealModel } from './seal-model.ts'
import type { UnitMatch } from './seal-matches.ts'

const KEY = Buffer.alloc(32, 3)
const BASE = makeBase(1)
const RECIPIENTS = Array.from({ length: 1000 }, (_, i) => `recipient ${i}`)

function write(context: TestContext, model: ZooModel, type: 'BF16' | 'F16' | 'F32' = 'BF16'): Promise<TestModel> {
  return openModel(writeModel(temporaryFolder(context), model, type))
}

async function seal(context: TestContext, original: TestModel, recipient: string): Promise<TestModel> {
  const folder = join(temporaryFolder(context), 'sealed')
  sealModel(original.opened, original.facts, { recipient, key: KEY, folder })
  return openModel(folder)
}

/** The values of a model as it was written. */
function readBack({ opened, facts }: TestModel, like: ZooModel): ZooModel {
  const weights = openWeights(opened, facts)
  try {
    const parts = new Map(weights.model.parts.map((part) => [part.tensor.name, part]))
    return new Map(
      [...like].map(([name, { shape }]): [string, ZooTensor] => {
        const part = parts.get(name)
        assert.ok(part)
        return [name, { shape, values: weights.rows(part, 0, part.rows) }]
      }),
    )
  } finally {
    weights.close()
  }
}

async function identify(context: TestContext, suspect: TestModel, recipients: readonly string[] = RECIPIENTS) {
  return identifySeal(suspect, await write(context, BASE), { key: KEY, recipients })
}

/** One MLP on one vector, in f64; terms summed in ascending order, so that no order of units can show. */
function forward(model: ZooModel, layer: number, input: readonly number[]): number[] {
  const at = (name: string): ZooTensor => model.get(`model.layers.${layer}.mlp.${name}_proj.weight`) as ZooTensor
  const dot = ({ shape, values }: ZooTensor, row: number): number =>
    input.reduce((sum, x, i) => sum + x * (values[row * (shape[1] ?? 0) + i] ?? 0), 0)
  const hidden = at('gate').shape[0] ?? 0
  const active = Array.from({ length: hidden }, (_, unit) => {
    const gate = dot(at('gate'), unit)
    return (gate / (1 + Math.exp(-gate))) * dot(at('up'), unit)
  })
  const down = at('down')
  return input.map((_, row) =>
    active
      .map((value, unit) => value * (down.values[row * hidden + unit] ?? 0))
      .toSorted((a, b) => a - b)
      .reduce((sum, term) => sum + term, 0),
  )
}

test('sealModel() moves exact bytes into the recipient’s order and changes no output', async (context) => {
  for (const type of ['BF16', 'F16', 'F32'] as const) {
    const original = await write(context, BASE, type)
    const sealed = await seal(context, original, 'Ada')
    const before = readBack(original, BASE)
    const after = readBack(sealed, BASE)
    for (const [name, { values, shape }] of before) {
      const moved = after.get(name)?.values ?? new Float32Array(0)
      const layer = Number(name.split('.')[2])
      if (!name.includes('.mlp.')) assert.deepEqual(moved, values)
      else {
        const order = sealOrder(KEY, 'Ada', { layer, expert: -1, width: 96 })
        const columns = shape[1] ?? 0
        const expected = values.map((_, i) => {
          const [row, column] = [Math.floor(i / columns), i % columns]
          const from = name.includes('down')
            ? row * columns + (order[column] ?? 0)
            : (order[row] ?? 0) * columns + column
          return values[from] ?? 0
        })
        assert.deepEqual(moved, expected)
        assert.notDeepEqual(moved, values)
      }
    }
    const input = Array.from({ length: 64 }, (_, i) => Math.sin(i + 1))
    for (let layer = 0; layer < 4; layer++)
      assert.deepEqual(forward(after, layer, input), forward(before, layer, input))
  }
})

test('sealModel() leaves every other byte as it was, and nothing behind when it refuses', async (context) => {
  const folder = writeModel(temporaryFolder(context), BASE)
  writeFileSync(join(folder, 'tokenizer.json'), '{"model":{}}')
  const out = join(temporaryFolder(context), 'sealed')
  const { opened, facts } = await openModel(folder)
  const record = sealModel(opened, facts, { recipient: 'Ada', key: KEY, folder: out })
  assert.equal(record.groups.length, 4)
  assert.ok(!JSON.stringify(record).includes(KEY.toString('hex')))
  for (const name of ['config.json', 'tokenizer.json'])
    assert.deepEqual(readFileSync(join(out, name)), readFileSync(join(folder, name)))
  const [a, b] = [folder, out].map((each) => readFileSync(join(each, 'model.safetensors')))
  assert.equal(a?.length, b?.length)
  assert.deepEqual(a?.toSorted(), b?.toSorted())
  assert.throws(() => sealModel(opened, facts, { recipient: 'Ada', key: KEY, folder: out }), { code: 'cannot-write' })
  for (const recipient of ['', 'a\nb', 'x'.repeat(201)])
    assert.throws(() => sealModel(opened, facts, { recipient, key: KEY, folder: `${out}2` }), { code: 'bad-recipient' })
  assert.ok(!existsSync(`${out}2`))
})

test('sealModel() refuses blocks that hold several units and tensors that it does not understand', async (context) => {
  const folder = temporaryFolder(context)
  const quantised = await openModel(writeQuantised(join(folder, 'model.gguf'), BASE))
  const out = join(folder, 'sealed')
  const options = { recipient: 'Ada', key: KEY, folder: out }
  assert.throws(() => sealModel(quantised.opened, quantised.facts, options), { code: 'seal-crosses-blocks' })
  const odd = new Map([...BASE, ['model.layers.1.mlp.act_scale.weight', { shape: [96], values: new Float32Array(96) }]])
  const { opened, facts } = await write(context, odd)
  assert.throws(() => sealModel(opened, facts, options), { code: 'seal-not-understood' })
  assert.ok(!existsSync(out))
})

test('identifySeal() names the recipient of 1,000 from fine-tuned, pruned, quantised, cut and merged copies', async (context) => {
  const original = await write(context, BASE)
  const ours = readBack(await seal(context, original, 'recipient 123'), BASE)
  const other = readBack(await seal(context, original, 'recipient 777'), BASE)
  const halves = change(ours, /./, ({ shape, values }, name) => ({
    shape,
    values: values.map((value, i) => 0.5 * value + 0.5 * (other.get(name)?.values[i] ?? 0)),
  }))
  const copies: [string, ZooModel, string[]][] = [
    ['itself', ours, ['recipient 123']],
    ['fine-tuned', fineTune(ours, 2, 1), ['recipient 123']],
    ['pruned', prune(ours, 0.7), ['recipient 123']],
    ['a layer dropped', fineTune(restack(ours, [0, 2, 3]), 4), ['recipient 123']],
    ['a merge of two releases', halves, ['recipient 123', 'recipient 777']],
  ]
  for (const [name, copy, expected] of copies) {
    const { named } = await identify(context, await write(context, copy))
    assert.deepEqual(named.toSorted(), expected, name)
  }
  const gguf = await openModel(writeQuantised(join(temporaryFolder(context), 'model.gguf'), ours))
  assert.deepEqual((await identify(context, gguf)).named, ['recipient 123'])
})

test('identifySeal() works from the kit alone', async (context) => {
  const original = await write(context, BASE)
  const key = { seed: Buffer.alloc(32, 5), panel: null }
  const { kit } = await makeKit(original.opened, original.facts, { key, secret: KEY, threads: 1 })
  const sealed = readBack(await seal(context, original, 'recipient 9'), BASE)
  const suspect = await write(context, fineTune(sealed, 2, 0.3))
  const { named } = identifySeal(suspect, { kit, seed: key.seed }, { key: KEY, recipients: RECIPIENTS })
  assert.deepEqual(named, ['recipient 9'])
  assert.deepEqual(identifySeal(original, { kit, seed: key.seed }, { key: KEY, recipients: RECIPIENTS }).named, [])
})

test('identifySeal() names nobody for the unsealed original, a stranger, or an unlisted recipient', async (context) => {
  const original = await write(context, BASE)
  const unsealed = await identify(context, await write(context, fineTune(BASE, 9)))
  assert.deepEqual([unsealed.verdict, unsealed.named], ['none', []])
  assert.ok(unsealed.unsealed > 380)
  assert.match(unsealed.reasons.join(), /from before sealing/)
  assert.deepEqual((await identify(context, await write(context, makeBase(2)))).named, [])
  const unlisted = await seal(context, original, 'not on the list')
  assert.deepEqual((await identify(context, unlisted)).named, [])
})

test('testRecipients() under the null: counts follow Poisson(Λ), p is super-uniform, none of 5,000 is named', () => {
  const matches: UnitMatch[] = [0, 1, 2, 3].map((layer) => ({
    layer,
    expert: -1,
    width: 96,
    places: Uint32Array.from({ length: 96 }, (_, i) => i),
    // Any map will do, also one that sends many places to one unit.
    originals: Int32Array.from({ length: 96 }, (_, i) => (layer < 2 ? i : i % 7)),
  }))
  const counts: number[] = []
  const ps: number[] = []
  let named = 0
  for (let key = 0; key < 5; key++) {
    const results = testRecipients(matches, { key: Buffer.alloc(32, key), recipients: RECIPIENTS })
    counts.push(...results.map(({ fixed }) => fixed))
    ps.push(...results.map(({ log10p }) => 10 ** log10p))
    named += results.filter((each) => each.named).length
  }
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  assert.equal(counts.length, 5_000)
  assert.ok(Math.abs(mean - 4) < 4 * Math.sqrt(4 / counts.length), `${mean}`)
  for (const level of [0.1, 0.01, 0.001]) {
    const share = ps.filter((p) => p <= level).length / ps.length
    assert.ok(share <= level + 3 * Math.sqrt(level / ps.length), `${share} at ${level}`)
  }
  assert.equal(named, 0)
})

test('planSeal() gives every expert of a mixture a permutation of its own', async (context) => {
  const experts = new Map(
    [...BASE].flatMap(([name, tensor]) =>
      name.includes('.mlp.')
        ? [0, 1].map((e) => [name.replace('.mlp.', `.mlp.experts.${e}.`), tensor] as const)
        : [[name, tensor] as const],
    ),
  )
  const { opened, facts } = await write(context, experts)
  const weights = openWeights(opened, facts)
  const groups = planSeal(weights.model)
  weights.close()
  assert.equal(groups.length, 8)
  const [a, b] = groups.map((group) => sealOrder(KEY, 'Ada', group).join())
  assert.notEqual(a, b)
})
