import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { OpenedArtefact } from '../artefact/index.ts'
import { needsShared, sharedPath, temporaryFolder } from '../testing/folders.ts'
import { f32Tensor, safetensorsOf, writeSafetensors } from '../testing/safetensors.ts'
import { HEAP_MEGABYTES } from './isolation/confinement.ts'
import { PLAIN_PROGRAM, prepareProgram } from './isolation/prepared-program.ts'
import { findNamespaces } from './isolation/namespaces.ts'
import { ReaderProcess } from './isolation/reader-process.ts'
import { readFacts } from './read-facts.ts'

/** An artefact of files that stand in a folder; digests are not what is tested here. */
function opened(folder: string, names: readonly string[]): OpenedArtefact {
  const files = names.map((path) => ({ path, size: statSync(join(folder, path)).size, sha256: '0'.repeat(64) }))
  const digests = { sha256: '0'.repeat(64), dirHash: '0'.repeat(64) }
  const size = files.reduce((sum, file) => sum + file.size, 0)
  const artefact = {
    id: 'tw1:0',
    source: { kind: 'folder', ref: folder } as const,
    files,
    size,
    digests,
    problems: [],
    ignored: [],
  }
  return { artefact, locate: (path) => join(folder, path) }
}

const MODEL = writeSafetensors([f32Tensor('a', [2], [1, 2])])

/** A header with a million tensors of one byte each. */
function millionTensors(): Uint8Array {
  const entries = Array.from(
    { length: 1_000_000 },
    (_, at) => `"${at}":{"dtype":"U8","shape":[1],"data_offsets":[${at},${at + 1}]}`,
  )
  return safetensorsOf(`{${entries.join(',')}}`, new Uint8Array(1_000_000))
}

test('readFacts() gives the same facts from a confined process as from this one', async (context) => {
  const folder = temporaryFolder(context)
  const files = {
    'model.safetensors': MODEL,
    'config.json': '{"a":1,"a":2}',
    'README.md': '---\nlicense: mit\n---\n',
    empty: '',
    'x.py': 'import os\nos.system("id")\n',
    'chat_template.jinja': '{{ messages }}',
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  const artefact = opened(folder, Object.keys(files))
  const seen: string[] = []
  const apart = await readFacts(artefact, {
    onProgress: ({ path, done, total }) => seen.push(`${path} ${done}/${total}`),
  })
  const here = await readFacts(artefact, { isolation: 'in-process' })
  assert.deepEqual({ ...apart, assurance: 'in-process' }, here)
  assert.equal(apart.assurance, findNamespaces() === undefined ? 'process-permissions' : 'namespaces')
  assert.deepEqual(seen, [
    'model.safetensors 1/6',
    'config.json 2/6',
    'README.md 3/6',
    'empty 4/6',
    'x.py 5/6',
    'chat_template.jinja 6/6',
  ])
  assert.deepEqual(
    apart.files.map(({ reading }) => reading),
    ['full', 'full', 'full', 'unread', 'full', 'full'],
  )
  assert.deepEqual(apart.files[0]?.tensors, [
    { name: 'a', type: 'F32', shape: [2], file: 'model.safetensors', offset: MODEL.length - 8, length: 8 },
  ])
  assert.ok(apart.files[4]?.code?.some(({ target }) => target === 'os.system'))
  assert.equal(apart.files[5]?.templates?.length, 1)
  assert.ok(apart.readers.some(({ format, version }) => format === 'safetensors' && version >= 1))
})

test('readFacts() goes on with a fresh process after a file that brings one down', async (context) => {
  const folder = temporaryFolder(context)
  const tokens = Array.from({ length: 400_000 }, (_, id) => `"token-${id}":${id}`)
  const files = {
    'a.safetensors': MODEL,
    'tokenizer.json': `{"model":{"vocab":{${tokens.join(',')}}}}`,
    'z.safetensors': MODEL,
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  const facts = await readFacts(opened(folder, Object.keys(files)), { heapMegabytes: 24, wallMs: 60_000 })
  assert.deepEqual(
    facts.files.map(({ reading }) => reading),
    ['full', 'unread', 'full'],
  )
  assert.deepEqual(
    facts.files[1]?.anomalies.map(({ code }) => code),
    ['reader-crashed'],
  )
  assert.match(String(facts.files[1]?.reason), /memory/)
})

test('readFacts() leaves a file unread that is not of the size that it came in with, or is not there', async (context) => {
  const folder = temporaryFolder(context)
  for (const name of ['grown', 'gone']) writeFileSync(join(folder, name), MODEL)
  const artefact = opened(folder, ['grown', 'gone'])
  writeFileSync(join(folder, 'grown'), Buffer.concat([MODEL, MODEL]))
  const missing = { ...artefact, locate: (path: string) => join(folder, path === 'gone' ? 'elsewhere' : path) }
  const facts = await readFacts(missing)
  assert.deepEqual(
    facts.files.map(({ anomalies }) => anomalies.map(({ code }) => code)),
    [['changed-while-read'], ['not-readable']],
  )
})

test('readFacts() stops when it is told to', async (context) => {
  const folder = temporaryFolder(context)
  for (const name of ['a', 'b']) writeFileSync(join(folder, name), MODEL)
  const stop = new AbortController()
  const reading = readFacts(opened(folder, ['a', 'b']), { signal: stop.signal, onProgress: () => stop.abort() })
  await assert.rejects(reading, { code: 'aborted' })
  await assert.rejects(readFacts(opened(folder, ['a']), { signal: stop.signal }), { code: 'aborted' })
})

test('readFacts() takes a million tensors, and the reading process stays below 256 MB', async (context) => {
  const folder = temporaryFolder(context)
  const bytes = millionTensors()
  writeFileSync(join(folder, 'model.safetensors'), bytes)
  const file = join(folder, 'model.safetensors')
  const process = await ReaderProcess.start({
    program: await prepareProgram(),
    files: [file],
    heapMegabytes: HEAP_MEGABYTES,
    namespaces: findNamespaces(),
  })
  context.after(() => process.kill())
  const facts = await process.read({ path: 'model.safetensors', file, size: bytes.length, limits: {} }, 120_000)
  assert.deepEqual([facts.reading, facts.tensors.length], ['full', 1_000_000])
  assert.deepEqual(
    facts.anomalies.map(({ code }) => code),
    ['stn-header-share', 'stn-count'],
  )
  assert.equal(facts.tensors.at(-1)?.offset, bytes.length - 1)
  const status = `/proc/${process.pid}/status`
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, 'utf8'))?.[1]
  assert.ok(Number(peak) < 256 * 1024, `${peak} kB`)
})

test('prepareProgram() falls back to the sources where it cannot write', async (context) => {
  const file = join(temporaryFolder(context), 'file')
  writeFileSync(file, 'no folder')
  assert.deepEqual(await prepareProgram(file), PLAIN_PROGRAM)
})

test('prepareProgram() makes one copy of the sources, which runs', async (context) => {
  const cache = temporaryFolder(context)
  const [first, second] = [await prepareProgram(cache), await prepareProgram(cache)]
  assert.deepEqual(first, second)
  for (const program of [first, PLAIN_PROGRAM]) {
    const process = await ReaderProcess.start({
      program,
      files: [],
      heapMegabytes: HEAP_MEGABYTES,
      namespaces: findNamespaces(),
    })
    context.after(() => process.kill())
    assert.equal(process.hello.confined, true)
  }
})

test('readFacts() reads every model of the zoo in full', needsShared('zoo'), async () => {
  const zoo = sharedPath('zoo') as string
  const [, ...rows] = readFileSync(join(zoo, 'truth.csv'), 'utf8').trim().split('\n')
  const models = [...new Set(rows.map((row) => row.split(',')[0] as string))]
  const { readdirSync } = await import('node:fs')
  for (const model of models.filter((name) => statSync(join(zoo, name), { throwIfNoEntry: false })?.isDirectory())) {
    const facts = await readFacts(opened(join(zoo, model), readdirSync(join(zoo, model))), { isolation: 'in-process' })
    for (const { path, reading, anomalies } of facts.files)
      assert.deepEqual([reading, anomalies], ['full', []], `${model}/${path}`)
    assert.deepEqual(facts.anomalies, [], model)
  }
})
