/** Signing a model, and verifying what was signed: whole, in shards, in part, from a cache, and after changes. */
import assert from 'node:assert/strict'
import {
  appendFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { assertFault, jsonOf, runTidewaiter } from './program.ts'
import { homeWithRegister } from './home.ts'
import { assertContract } from './schemas.ts'

interface Place {
  readonly home: string
  readonly model: string
  readonly signature: string
}

function makePlace(context: TestContext): Place {
  const folder = temporaryFolder(context)
  const model = join(folder, 'model')
  mkdirSync(join(model, 'a'), { recursive: true })
  writeFileSync(join(model, 'a-b'), 'one')
  writeFileSync(join(model, 'a/b'), 'two')
  writeFileSync(join(model, 'weights:1.bin'), Buffer.alloc(5000, 'w'))
  return { home: join(folder, 'home'), model, signature: join(folder, 'model.sig') }
}

async function sign({ home, model, signature }: Place, words: readonly string[] = []) {
  const run = await runTidewaiter(['sign', model, '--out', signature, '--home', home, ...words, '--format', 'json'])
  const result = jsonOf(run)
  assertContract('signature', result)
  return result
}

async function verify({ home, model, signature }: Place, words: readonly string[] = []): Promise<string> {
  const run = await runTidewaiter([
    'verify',
    signature,
    '--artefact',
    model,
    '--home',
    home,
    ...words,
    '--format',
    'json',
  ])
  const { verdict, reason } = jsonOf(run)
  return `${run.status} ${verdict} ${reason}`
}

test('sign writes a signature that verify passes, and no change of the model escapes it', async (context) => {
  const place = makePlace(context)
  const { files, rehash } = await sign(place)
  assert.deepEqual([files, rehash], [3, 'full'])
  assert.equal(await verify(place), '0 pass null')
  const changes: readonly (readonly [string, (model: string) => void])[] = [
    ['file-changed', (model) => writeFileSync(join(model, 'a-b'), 'two')],
    ['file-missing', (model) => renameSync(join(model, 'a-b'), join(model, 'renamed'))],
    ['file-missing', (model) => rmSync(join(model, 'a/b'))],
    ['file-extra', (model) => writeFileSync(join(model, 'a/c'), '')],
    ['file-symlink', (model) => symlinkSync('a-b', join(model, 'link'))],
  ]
  for (const [reason, change] of changes) {
    const copy = join(temporaryFolder(context), 'model')
    cpSync(place.model, copy, { recursive: true })
    change(copy)
    assert.equal(await verify({ ...place, model: copy }), `1 fail ${reason}`)
  }
})

test('verify of some files is partial with exit code 5, and says how many of how many', async (context) => {
  const place = makePlace(context)
  await sign(place)
  writeFileSync(join(place.model, 'a-b'), 'changed')
  assert.equal(await verify(place, ['--only', 'a,weights:1.bin']), '5 partial only-some-files')
  assert.equal(await verify(place, ['--only', 'a-b']), '1 fail file-changed')
  const words = ['verify', place.signature, '--artefact', place.model, '--home', place.home, '--only', 'a']
  const { stdout, status } = await runTidewaiter(words)
  assert.equal(status, 5)
  assert.match(stdout, /PARTIAL \(1 of 3 files\)/)
  assert.doesNotMatch(stdout, /PASS/)
})

test('sign --shards writes shards that verify compares, and refuses empty files and small sizes', async (context) => {
  const place = makePlace(context)
  await sign(place, ['--shards', '1KiB'])
  assert.equal(await verify(place), '0 pass null')
  assert.equal(await verify(place, ['--only', 'weights:1.bin']), '5 partial only-some-files')
  appendFileSync(join(place.model, 'weights:1.bin'), 'x')
  assert.equal(await verify(place), '1 fail file-changed')
  writeFileSync(join(place.model, 'empty'), '')
  const words = ['sign', place.model, '--out', place.signature, '--home', place.home, '--shards']
  assertFault(await runTidewaiter([...words, '1MiB']), 'cannot-sign')
  assertFault(await runTidewaiter([...words, '10']), 'usage', 2)
})

test('sign may put the signature into the model, and signs it again without it', async (context) => {
  const place = makePlace(context)
  const inside = { ...place, signature: join(place.model, 'model.sig') }
  await sign(inside)
  assert.equal((await sign(inside)).files, 3)
  assert.equal(await verify(inside), '0 pass null')
})

test('sign refuses a model that holds what a signature would say nothing of', async (context) => {
  const place = makePlace(context)
  const words = ['sign', place.model, '--out', place.signature, '--home', place.home]
  symlinkSync('a-b', join(place.model, 'link'))
  assertFault(await runTidewaiter(words), 'cannot-sign')
  rmSync(join(place.model, 'link'))
  writeFileSync(join(place.model, '\u00e9'), '')
  writeFileSync(join(place.model, 'e\u0301'), '')
  assertFault(await runTidewaiter(words), 'cannot-sign')
  rmSync(join(place.model, '\u00e9'))
  writeFileSync(join(place.model, 'back\\slash'), '')
  assertFault(await runTidewaiter(words), 'oms-name')
})

/** A hub client's cache with one large file, one small one, and a signature over what they should be. */
async function makeCache(context: TestContext): Promise<Place & { readonly snapshot: string; readonly blobs: string }> {
  const place = makePlace(context)
  const repository = join(temporaryFolder(context), 'models--org--name')
  const snapshot = join(repository, 'snapshots', '0'.repeat(40))
  const blobs = join(repository, 'blobs')
  mkdirSync(snapshot, { recursive: true })
  mkdirSync(blobs)
  for (const name of ['a-b', 'weights:1.bin']) {
    const bytes = readFileSync(join(place.model, name))
    const blob = createHash('sha256').update(bytes).digest('hex')
    writeFileSync(join(blobs, blob), bytes)
    symlinkSync(`../../blobs/${blob}`, join(snapshot, name))
  }
  rmSync(join(place.model, 'a'), { recursive: true })
  await sign(place)
  return { ...place, snapshot, blobs }
}

test('verify --hf-cache follows links into the blobs of the repository, and only while blobs are what their names say', async (context) => {
  const { snapshot, blobs, ...place } = await makeCache(context)
  const cached = { ...place, model: snapshot }
  assert.equal(await verify(cached, ['--hf-cache']), '0 pass null')
  const outside = join(temporaryFolder(context), 'outside')
  writeFileSync(outside, 'one')
  rmSync(join(snapshot, 'a-b'))
  symlinkSync(outside, join(snapshot, 'a-b'))
  assert.equal(await verify(cached, ['--hf-cache']), '1 fail file-symlink')
  const blob = join(blobs, 'f'.repeat(64))
  linkSync(outside, blob)
  rmSync(join(snapshot, 'a-b'))
  symlinkSync(`../../blobs/${'f'.repeat(64)}`, join(snapshot, 'a-b'))
  assert.equal(await verify(cached, ['--hf-cache']), '1 fail file-unreadable')
})

test('sign --incremental reads only what changed, says so, and refuses what this key did not sign', async (context) => {
  const place = makePlace(context)
  await sign(place)
  await new Promise((done) => setTimeout(done, 2100))
  await sign(place)
  writeFileSync(join(place.model, 'a-b'), 'changed')
  const next = { ...place, signature: `${place.signature}.2` }
  const result = await sign(next, ['--incremental', place.signature])
  assert.deepEqual([result.rehash, result.reused, result.files], ['incremental', 2, 3])
  assert.equal(await verify(next), '0 pass null')
  const { dsseEnvelope } = JSON.parse(readFileSync(next.signature, 'utf8'))
  const { subject } = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8'))
  assert.deepEqual(subject[0].annotations, { rehash: 'incremental' })
  const elsewhere = join(temporaryFolder(context), 'home')
  const words = ['sign', place.model, '--out', next.signature, '--incremental', place.signature, '--home', elsewhere]
  assertFault(await runTidewaiter(words), 'hint')
  assertFault(await runTidewaiter([...words, '--shards', '1MiB']), 'usage', 2)
})

test('sign --log stamps and logs the signature; without it nothing is published', async (context) => {
  const place = { ...makePlace(context), home: await homeWithRegister(context) }
  assert.equal((await sign(place)).log, null)
  const root = join(place.home, 'trust/own/trusted_root.json')
  assert.equal(existsSync(root), false)
  for (const words of [[], ['--shards', '1024']]) {
    const { log } = await sign(place, ['--log', ...words])
    assert.match(log, /^\d{4}\.log\.tidewaiter\.localhost$/)
    assert.equal(await verify(place, ['--trusted-root', root]), '0 pass null')
  }
  const { stdout } = await runTidewaiter(['sign', place.model, '--out', place.signature, '--log', '--home', place.home])
  assert.match(stdout, /\n {2}log {3}\d{4}\.log\.tidewaiter\.localhost, stamped\n/)
  const bundle = JSON.parse(readFileSync(place.signature, 'utf8'))
  delete bundle.verificationMaterial.tlogEntries
  writeFileSync(place.signature, JSON.stringify(bundle))
  assert.equal(await verify(place, ['--trusted-root', root]), '1 fail log-entry-count')
  await sign(place)
  assert.equal(await verify(place, ['--trusted-root', root]), '1 fail log-entry-count')
})
