import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { openArtefact, parseReference } from '../../artefact/index.ts'
import { buildIndex, tensorEntry } from '../../testing/checkpoint.ts'
import { temporaryFolder, type Cleanable } from '../../testing/folders.ts'
import { buildOnnx, externalTensor, graph } from '../../testing/onnx.ts'
import type { ArtefactFacts } from '../facts.ts'
import { readFacts } from '../read-facts.ts'

const model = buildOnnx({
  graph: graph([
    [
      'initializer',
      externalTensor('a', [
        ['location', 'w.bin'],
        ['offset', '0'],
        ['length', '8'],
      ]),
    ],
    [
      'initializer',
      externalTensor('b', [
        ['location', 'w.bin'],
        ['offset', '16'],
        ['length', '8'],
      ]),
    ],
  ]),
})

/** Bytes that no format begins with, padded by zeros between 8 and 16. */
function data(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, at) => (at >= 8 && at < 16 ? 0 : 0xf0 + (at % 7))))
}

async function factsOf(context: Cleanable, files: Readonly<Record<string, Uint8Array>>): Promise<ArtefactFacts> {
  const folder = temporaryFolder(context)
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  const opened = await openArtefact(parseReference(folder), { cacheFolder: folder, blocks: false, threads: 0 })
  return readFacts(opened, { isolation: 'in-process' })
}

function summary({ files, anomalies }: ArtefactFacts): unknown {
  return [files.map(({ path, format, reading }) => [path, format, reading]), anomalies.map(({ code }) => code)]
}

test('readFacts() reads external data in full when the model accounts for all of it', async (context) => {
  const facts = await factsOf(context, { 'm/model.onnx': model, 'm/w.bin': data(24) })
  assert.deepEqual(summary(facts), [
    [
      ['m/model.onnx', 'onnx', 'full'],
      ['m/w.bin', 'tensor-data', 'full'],
    ],
    [],
  ])
})

test("readFacts() leaves external data unread when bytes of it are nobody's", async (context) => {
  const facts = await factsOf(context, { 'model.onnx': model, 'w.bin': data(40) })
  assert.equal(facts.files.find(({ path }) => path === 'w.bin')?.reading, 'unread')
})

test('readFacts() does not take for data what is something else', async (context) => {
  const pickle = Buffer.from('80049514000000000000008c026f73948c0673797374656d9493942e', 'hex').subarray(0, 24)
  const facts = await factsOf(context, { 'model.onnx': model, 'w.bin': pickle })
  assert.notEqual(facts.files.find(({ path }) => path === 'w.bin')?.format, 'tensor-data')
})

test('readFacts() notes external data that is missing or too short', async (context) => {
  assert.deepEqual(summary(await factsOf(context, { 'model.onnx': model })), [
    [['model.onnx', 'onnx', 'full']],
    ['external-missing'],
  ])
  const cut = await factsOf(context, { 'model.onnx': model, 'w.bin': data(20) })
  assert.deepEqual(
    cut.anomalies.map(({ code, path }) => [code, path]),
    [['external-outside', 'model.onnx']],
  )
})

test('readFacts() holds the shards of a checkpoint against its index', async (context) => {
  const index = buildIndex([tensorEntry('a', 0), tensorEntry('b', 8)])
  const shard = Buffer.alloc(16, 0xf1)
  const facts = await factsOf(context, { 'x.index': index, 'x.data-00000-of-00001': shard })
  assert.deepEqual(summary(facts), [
    [
      ['x.data-00000-of-00001', 'tensor-data', 'full'],
      ['x.index', 'tf-checkpoint', 'full'],
    ],
    [],
  ])
})

test('readFacts() knows nothing of a file that a link stands for', async (context) => {
  const folder = temporaryFolder(context)
  writeFileSync(join(folder, 'model.onnx'), model)
  symlinkSync('/etc/hostname', join(folder, 'w.bin'))
  const opened = await openArtefact(parseReference(folder), { cacheFolder: folder, blocks: false, threads: 0 })
  const facts = await readFacts(opened, { isolation: 'in-process' })
  assert.deepEqual(
    facts.anomalies.map(({ code }) => code),
    ['external-missing'],
  )
})

test('readFacts() takes a shard that begins with counters for no compressed stream', async (context) => {
  // Two counters of 32 bits and a zero of 64 are what the head of an empty LZMA stream looks like.
  const shard = Buffer.concat([Buffer.from('01000000010000000000000000000000', 'hex'), Buffer.alloc(8, 0x3f)])
  const index = buildIndex([tensorEntry('a', 0), tensorEntry('b', 8), tensorEntry('c', 16)])
  const facts = await factsOf(context, { 'x.index': index, 'x.data-00000-of-00001': shard })
  assert.deepEqual(
    facts.files.map(({ format, reading }) => [format, reading]),
    [
      ['tensor-data', 'full'],
      ['tf-checkpoint', 'full'],
    ],
  )
})
