import assert from 'node:assert/strict'
import { appendFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import { change, fineTune, makeBase, permutation, restack, writeModel, type ZooModel } from '../../testing/zoo.ts'
import { fingerprintModel } from '../fingerprint/fingerprint-model.ts'
import { appendToIndex } from './append.ts'
import { indexRow, type IndexRow } from './index-row.ts'
import { readManifest } from './manifest.ts'
import { ModelIndex, type IndexOptions } from './read-index.ts'
import { screenIndex, type IndexHit, type ScreenOptions } from './screen-index.ts'

const BASE = makeBase(1)

async function rowOf(context: TestContext, model: ZooModel): Promise<IndexRow> {
  const { opened, facts } = await openModel(writeModel(temporaryFolder(context), model))
  return indexRow(await fingerprintModel(opened, facts, { threads: 0 }))
}

function screen(folder: string, row: IndexRow, options: ScreenOptions & IndexOptions = {}): readonly IndexHit[] {
  const index = ModelIndex.open(folder, options)
  try {
    return screenIndex(index, row, options)
  } finally {
    index.close()
  }
}

/** Rows of the shape of a template whose bits are drawn: models that nobody is kin to. */
function strangers(template: IndexRow, count: number, seed: number): IndexRow[] {
  const random = seededRandom(seed)
  const bits = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(256 * random()))
  const digits = (length: number): string => Buffer.from(bits(length)).toString('hex')
  return Array.from({ length: count }, () => ({
    ...template,
    model: `tw1:${digits(32)}`,
    fingerprint: digits(32),
    whole: bits(512),
    layerSketches: bits(template.layerSketches.length),
    gains: bits(64),
    tokens: bits(64),
    digests: [digits(8)],
  }))
}

/** The hidden units of every layer in another order: the same function. */
function renumberUnits(model: ZooModel, hidden: number): ZooModel {
  return change(model, /mlp/, ({ shape, values }, name) => {
    const order = permutation(hidden, Number(/layers\.(\d+)/.exec(name)?.[1]))
    const columns = shape[1] ?? 1
    const isDown = name.includes('down')
    const from = (at: number): number => {
      const [row, column] = [Math.floor(at / columns), at % columns]
      return isDown ? row * columns + (order[column] ?? 0) : (order[row] ?? 0) * columns + column
    }
    return { shape, values: values.map((_, at) => values[from(at)] ?? 0) }
  })
}

test('screenIndex() puts the parent first among strangers: fine-tuned, restacked, with equal matrices, renumbered', async (context) => {
  const folder = join(temporaryFolder(context), 'index')
  const parent = await rowOf(context, BASE)
  const others = await Promise.all([2, 3].map((seed) => rowOf(context, makeBase(seed))))
  appendToIndex(folder, [...strangers(parent, 500, 4), ...others, parent, ...strangers(parent, 500, 5)], 'x')
  const first = async (child: ZooModel): Promise<IndexHit> => {
    const row = await rowOf(context, child)
    const hits = screen(folder, row)
    assert.equal(hits[0]?.model, parent.model)
    assert.ok((hits[0]?.score ?? 0) > 1.5 * (hits[1]?.score ?? 0), `${hits[0]?.score} against ${hits[1]?.score}`)
    return hits[0]
  }
  const tuned = await first(fineTune(BASE, 6, 0.5))
  assert.ok((tuned.whole ?? 0) > 30 && (tuned.inOrder ?? 0) > 20)
  const dropped = await first(fineTune(restack(BASE, [3, 0, 1]), 7, 0.2))
  assert.equal(dropped.whole, null)
  assert.deepEqual(
    new Map(dropped.layers.map(({ ours, theirs }) => [ours, theirs])),
    new Map([
      [0, 3],
      [1, 0],
      [2, 1],
    ]),
  )
  const renumbered = await first(renumberUnits(fineTune(BASE, 8, 0.2), 96))
  assert.ok((renumbered.gains ?? 0) > 6 && (renumbered.tokens ?? 0) > 6)
  const frozen = change(makeBase(9), /layers\.2\.mlp\.up/, (tensor, name) => BASE.get(name) ?? tensor)
  assert.equal((await first(frozen)).equal, 1)
})

test('screenIndex() gives the same answer with sketches kept in memory, and whatever the order of appending', async (context) => {
  const parent = await rowOf(context, BASE)
  const row = await rowOf(context, fineTune(BASE, 6, 0.3))
  const rows = [...strangers(parent, 300, 4), parent]
  const folder = join(temporaryFolder(context), 'index')
  for (let at = 0; at < rows.length; at += 70) appendToIndex(folder, rows.slice(at, at + 70), `${at}`)
  const other = join(temporaryFolder(context), 'index')
  appendToIndex(other, rows.toReversed(), 'all')
  const answer = screen(folder, row)
  for (const keepBytes of [2 ** 20, 100_000]) assert.deepEqual(screen(folder, row, { keepBytes }), answer)
  const leading = (hits: readonly IndexHit[]): ReadonlyMap<string, number> =>
    new Map(hits.filter(({ score }) => score > 2).map(({ model, score }) => [model, score]))
  assert.ok(leading(answer).size > 5)
  assert.deepEqual(leading(screen(other, row)), leading(answer))
})

test('screenIndex() finds nothing in strangers that stands out: z of whole sketches is that of chance', async (context) => {
  const template = await rowOf(context, BASE)
  const folder = join(temporaryFolder(context), 'index')
  appendToIndex(folder, strangers(template, 3000, 1), 'x')
  const [asked] = strangers(template, 1, 2)
  const scores = screen(folder, asked as IndexRow, { most: 3000, anyLayer: false }).map(({ whole }) => whole ?? 0)
  const mean = scores.reduce((sum, z) => sum + z, 0) / scores.length
  const square = scores.reduce((sum, z) => sum + z * z, 0) / scores.length
  assert.equal(scores.length, 3000)
  assert.ok(Math.abs(mean) < 0.08 && Math.abs(square - 1) < 0.12, `mean ${mean}, square ${square}`)
  assert.ok(Math.max(...scores) < 5)
})

test('appendToIndex() loses nothing when it was interrupted: what no manifest names does not count', async (context) => {
  const template = await rowOf(context, BASE)
  const [first, second] = [strangers(template, 20, 1), strangers(template, 20, 2)]
  const folder = join(temporaryFolder(context), 'index')
  appendToIndex(folder, first, 'first')
  for (const name of readdirSync(folder).filter((each) => each !== 'manifest.json'))
    appendFileSync(join(folder, name), Buffer.alloc(999, 7))
  writeFileSync(join(folder, 'manifest.json.part'), '{"half')
  assert.equal(appendToIndex(folder, second, 'second').models, 40)
  for (const row of [first[3], second[19]] as IndexRow[]) {
    const [hit] = screen(folder, row)
    assert.deepEqual([hit?.model, hit?.fingerprint, hit?.equal], [row.model, row.fingerprint, 1])
  }
  assert.equal(readManifest(folder)?.cursor, 'second')
})

test('ModelIndex refuses an index that is damaged, with what to do', async (context) => {
  const template = await rowOf(context, BASE)
  const folder = join(temporaryFolder(context), 'index')
  assert.throws(() => ModelIndex.open(folder), { code: 'no-index' })
  appendToIndex(folder, strangers(template, 20, 1), 'x')
  const whole = join(folder, `${template.place}.whole`)
  truncateSync(whole, statSync(whole).size - 1)
  assert.throws(() => screen(folder, template), { code: 'bad-index' })
  rmSync(join(folder, 'digests-1'))
  assert.throws(() => ModelIndex.open(folder), { code: 'bad-index' })
  writeFileSync(join(folder, 'manifest.json'), '{}')
  assert.throws(() => ModelIndex.open(folder), { code: 'bad-index', message: /build it again/ })
})

test('indexRow() gives one place to models of one shape, and one shape to models of other depth', async (context) => {
  const row = await rowOf(context, BASE)
  const same = await rowOf(context, makeBase(5))
  const deeper = await rowOf(context, restack(BASE, [0, 1, 1, 2, 3]))
  assert.deepEqual([same.place, same.shape], [row.place, row.shape])
  assert.notEqual(deeper.place, row.place)
  assert.equal(deeper.shape, row.shape)
  assert.deepEqual([row.layerBits, row.wholeBits], [512, 4096])
})
