import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { f32Tensor, writeSafetensors } from '../../testing/safetensors.ts'
import {
  change,
  fineTune,
  makeBase,
  prune,
  restack,
  writeModel,
  writeQuantised,
  type ZooModel,
} from '../../testing/zoo.ts'
import { compareModels } from '../compare.ts'
import type { Comparison } from '../weights/comparison.ts'
import { ExceptionDigest } from './exceptions.ts'
import type { Fingerprint } from './fingerprint.ts'
import { fingerprintModel } from './fingerprint-model.ts'
import { screenFingerprint } from './screen.ts'
import { decodeFingerprint, encodeFingerprint } from './twf.ts'

const BASE = makeBase(1)

async function take(path: string, threads = 0): Promise<Fingerprint> {
  const { opened, facts } = await openModel(path)
  return decodeFingerprint(encodeFingerprint(await fingerprintModel(opened, facts, { threads })))
}

function takeModel(context: TestContext, model: ZooModel, type: 'BF16' | 'F16' | 'F32' = 'BF16'): Promise<Fingerprint> {
  return take(writeModel(temporaryFolder(context), model, type))
}

async function compare(context: TestContext, a: ZooModel, b: ZooModel = BASE): Promise<Comparison> {
  return compareModels({ fingerprint: await takeModel(context, a) }, { fingerprint: await takeModel(context, b) })
}

test('fingerprintModel() gives the same bytes with any number of threads', async (context) => {
  const wide = makeBase(2, { width: 256, hidden: 768, layers: 10, vocabulary: 1024 })
  const folder = writeModel(temporaryFolder(context), wide, 'F32')
  const digests = await Promise.all(
    [0, 1, 3].map(async (threads) =>
      createHash('sha256')
        .update(encodeFingerprint(await take(folder, threads)))
        .digest('hex'),
    ),
  )
  assert.equal(new Set(digests).size, 1)
})

test('fingerprintModel() gives one canonical digest to a tensor in f32 and its bf16 copy, and two to their bytes', async (context) => {
  const [wide, narrow] = [await takeModel(context, BASE, 'F32'), await takeModel(context, BASE)]
  const digests = (fingerprint: Fingerprint, kind: 'raw' | 'canonical'): string[] =>
    fingerprint.records.map((record) => record[kind])
  assert.deepEqual(digests(wide, 'canonical'), digests(narrow, 'canonical'))
  assert.ok(digests(wide, 'raw').every((raw, i) => raw !== digests(narrow, 'raw')[i]))
})

test('compareModels() of fingerprints finds copies, casts and children, and nothing between bases', async (context) => {
  assert.equal((await compare(context, BASE)).verdict, 'identical')
  const cast = await compareModels(
    { fingerprint: await takeModel(context, BASE, 'F32') },
    { fingerprint: await takeModel(context, BASE) },
  )
  assert.equal(cast.verdict, 're-derived')
  const tuned = await compare(context, fineTune(BASE, 3))
  assert.equal(tuned.verdict, 'derived')
  assert.ok(tuned.log10p < -300)
  for (const seed of [4, 5]) assert.equal((await compare(context, makeBase(seed))).verdict, 'no-weight-evidence')
})

test('compareModels() of fingerprints finds pruned, quantised and restacked children and who is the child', async (context) => {
  const pruned = await compare(context, prune(BASE, 0.5))
  assert.deepEqual([pruned.verdict, pruned.direction], ['derived', 'a-from-b'])
  const dropped = await compare(context, fineTune(restack(BASE, [0, 1, 3]), 6))
  assert.deepEqual([dropped.verdict, dropped.direction], ['derived', 'a-from-b'])
  assert.match(dropped.transformations.join(), /layer 2 of the 4 dropped/)
  const gguf = await take(writeQuantised(join(temporaryFolder(context), 'model.gguf'), BASE))
  const quantised = await compareModels({ fingerprint: gguf }, { fingerprint: await takeModel(context, BASE) })
  assert.deepEqual([quantised.verdict, quantised.direction], ['derived', 'a-from-b'])
})

test('compareModels() takes the fingerprint of a side that has only weights', async (context) => {
  const side = await openModel(writeModel(temporaryFolder(context), fineTune(BASE, 7)))
  const result = await compareModels(side, { fingerprint: await takeModel(context, BASE) }, { threads: 0 })
  assert.equal(result.verdict, 'derived')
})

test('compareModels() of fingerprints says which parts a shared embedding is', async (context) => {
  const graft = change(makeBase(8), /embed_tokens/, (tensor, name) => BASE.get(name) ?? tensor)
  const result = await compare(context, graft)
  assert.equal(result.verdict, 'common-origin')
  assert.match(result.reasons.join(' '), /no layer of [AB]; 64 of 64 residual dimensions by embedding/)
})

test('fingerprintModel() says why there is nothing to compare', async (context) => {
  const folder = temporaryFolder(context)
  writeFileSync(join(folder, 'notes.txt'), 'no weights here')
  const empty = await take(folder)
  assert.match(empty.insufficient ?? '', /no weight tensors/)
  const result = await compareModels({ fingerprint: empty }, { fingerprint: await takeModel(context, BASE) })
  assert.equal(result.verdict, 'insufficient')
})

test('fingerprintModel() follows every bit of the stored bytes, those that canonicalising flushes too', async (context) => {
  const folder = temporaryFolder(context)
  const digests = await Promise.all(
    [0, 1e-30, 2e-30, -0].map(async (tiny, i) => {
      const values = Float32Array.from({ length: 128 * 64 }, (_, at) => (at === 77 ? tiny : 0.5))
      const bytes = new Uint8Array(Uint16Array.from(new Uint32Array(values.buffer), (bits) => bits >>> 16).buffer)
      const tensor = { name: 'model.layers.0.mlp.up_proj.weight', type: 'BF16', shape: [128, 64], bytes }
      mkdirSync(join(folder, `${i}`))
      writeFileSync(
        join(folder, `${i}`, 'model.safetensors'),
        writeSafetensors([tensor, f32Tensor('model.norm.weight', [64], values.subarray(0, 64))]),
      )
      const { records } = await take(join(folder, `${i}`))
      const { raw = '', canonical = '' } = records.find(({ role }) => role === 'up') ?? {}
      return { raw, canonical }
    }),
  )
  assert.equal(new Set(digests.map(({ raw }) => raw)).size, 4)
  assert.equal(new Set(digests.map(({ canonical }) => canonical)).size, 1)
})

test('ExceptionDigest tells lists apart by place and by code, wherever they lie in a stride', () => {
  const digestOf = (edits: readonly (readonly [number, number])[], length = 37): string => {
    const codes = new Uint16Array(length).fill(0x3f80)
    const stored = Uint16Array.from(codes)
    for (const [at, code] of edits) {
      stored[at] = code
      codes[at] = 0
    }
    const digest = new ExceptionDigest()
    digest.update(stored, codes)
    return digest.digest().toString('hex')
  }
  const lists = [
    [],
    [[0, 1]],
    [[0, 2]],
    [[1, 1]],
    [[15, 1]],
    [[16, 1]],
    [[36, 1]],
    [[3, 0x8000]],
    [
      [0, 1],
      [1, 1],
    ],
  ] as const
  assert.equal(new Set(lists.map((list) => digestOf(list))).size, lists.length)
  assert.equal(digestOf([[5, 0]]), digestOf([]))
})

test('screenFingerprint() puts the parent before relatives by shape alone', async (context) => {
  const suspect = await takeModel(context, fineTune(BASE, 9))
  const scores = await Promise.all(
    [BASE, makeBase(10), makeBase(11)].map(async (model) =>
      screenFingerprint(suspect, await takeModel(context, model)),
    ),
  )
  assert.equal(scores.indexOf(Math.max(...scores)), 0)
  assert.ok((scores[0] ?? 0) > 50 && Math.max(scores[1] ?? 0, scores[2] ?? 0) < 12, scores.join())
})

test('fingerprintModel() stops when it is cancelled', async (context) => {
  const { opened, facts } = await openModel(writeModel(temporaryFolder(context), BASE))
  await assert.rejects(fingerprintModel(opened, facts, { threads: 0, signal: AbortSignal.abort() }), {
    code: 'cancelled',
  })
})

test('fingerprintModel() cuts the kit of a model of 126 layers to fit, and kin are still found by it', async (context) => {
  const deep = makeBase(12, { width: 64, hidden: 64, layers: 126, vocabulary: 64 })
  const folder = temporaryFolder(context)
  const { opened, facts } = await openModel(writeModel(join(folder, 'a'), deep))
  const fingerprint = await fingerprintModel(opened, facts, { threads: 0 })
  const size = encodeFingerprint(fingerprint).length
  assert.ok(size > 100_000 && size <= 130_000, `${size} bytes`)
  assert.equal(fingerprint.kit?.layers.length, 126)
  const tuned = await take(writeModel(join(folder, 'b'), fineTune(deep, 13, 0.3)))
  const { verdict, control } = await compareModels({ fingerprint: tuned }, { fingerprint })
  assert.equal(verdict, 'derived')
  assert.equal(control?.cells, 126 * 125)
  assert.ok(control.holds, JSON.stringify(control))
})

test('ExceptionDigest tells dense lists apart by every code and by where they begin', () => {
  const digestOf = (...stretches: readonly Uint16Array[]): string => {
    const digest = new ExceptionDigest()
    for (const stored of stretches) digest.update(stored, new Uint16Array(stored.length))
    return digest.digest().toString('hex')
  }
  const dense = Uint16Array.from({ length: 64 }, (_, i) => i + 1)
  const changed = dense.map((code, i) => (i === 63 ? 1 : code))
  const digests = [
    digestOf(dense),
    digestOf(changed),
    digestOf(new Uint16Array(64), dense),
    digestOf(dense, new Uint16Array(64)),
    digestOf(dense, dense),
  ]
  assert.equal(new Set(digests).size, 4)
  assert.equal(digests[0], digestOf(dense, new Uint16Array(64)))
})
