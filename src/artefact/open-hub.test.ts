import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { sha256 } from '../base/index.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { startHub, TEST_COMMIT, type TestHub, type TestHubOptions, type TestRepository } from '../testing/hub-server.ts'
import { openArtefact, parseReference, type OpenOptions } from './index.ts'

const WEIGHTS = randomBytes(3_000_000)
const REPOSITORY: TestRepository = {
  id: 'org/name',
  files: new Map<string, Uint8Array>([
    ['config.json', Buffer.from('{}')],
    ['empty', new Uint8Array(0)],
    ['sub dir/model#1.safetensors', WEIGHTS],
  ]),
  large: ['sub dir/model#1.safetensors'],
}

interface Harbour {
  readonly hub: TestHub
  readonly cacheFolder: string
  open(reference?: string, options?: Partial<OpenOptions>): ReturnType<typeof openArtefact>
}

async function arrive(context: TestContext, repository = REPOSITORY, options: TestHubOptions = {}): Promise<Harbour> {
  const hub = await startHub(context, repository, options)
  const cacheFolder = join(temporaryFolder(context), 'cache')
  const environment = { HF_ENDPOINT: hub.url, ...(options.token !== undefined && { HF_TOKEN: options.token }) }
  const open = (reference = 'hf:org/name', more: Partial<OpenOptions> = {}) =>
    openArtefact(parseReference(reference), { cacheFolder, environment, sleep: async () => {}, ...more })
  return { hub, cacheFolder, open }
}

test('openArtefact() pins a branch to its commit and takes all files of it in', async (context) => {
  const { hub, open } = await arrive(context)
  const { artefact } = await open()
  assert.deepEqual(artefact.source, { kind: 'hub', ref: 'hf:org/name', location: 'org/name', commit: TEST_COMMIT })
  assert.deepEqual(
    artefact.files.map(({ path, sha256: digest }) => [path, digest]),
    [...REPOSITORY.files].map(([path, bytes]) => [path, sha256(bytes)]),
  )
  assert.deepEqual(artefact.problems, [])
  const urls = hub.seen.map(({ url }) => url)
  assert.deepEqual(urls.slice(0, 2), ['/api/models/org/name/revision/main', `/api/models/org/name/tree/${TEST_COMMIT}`])
  assert.ok(urls.slice(2).every((url) => !url.includes('/main/')))
})

test('openArtefact() fetches nothing twice, and nothing at all for a commit that is there', async (context) => {
  const { hub, open } = await arrive(context)
  const first = await open()
  hub.seen.length = 0
  assert.deepEqual((await open()).artefact.digests, first.artefact.digests)
  assert.deepEqual(
    hub.seen.map(({ url }) => url),
    ['/api/models/org/name/revision/main'],
  )
  hub.seen.length = 0
  await open(`hf:org/name@${TEST_COMMIT}`)
  assert.deepEqual(hub.seen, [])
})

test('openArtefact() sends its token to the hub and to no other host', async (context) => {
  const { hub, open } = await arrive(context, REPOSITORY, { token: 'hf_secret' })
  await open()
  const storage = hub.seen.filter(({ server }) => server === 'storage')
  assert.equal(storage.length, 1)
  assert.equal(storage[0]?.headers.authorization, undefined)
  for (const { server, headers } of hub.seen) {
    if (server === 'hub') assert.equal(headers.authorization, 'Bearer hf_secret')
    assert.equal(headers['accept-encoding'], 'identity')
  }
})

test('openArtefact() follows the pages of the list of files', async (context) => {
  const { hub, open } = await arrive(context, REPOSITORY, { pageSize: 1 })
  assert.equal((await open()).artefact.files.length, 3)
  assert.equal(hub.seen.filter(({ url }) => url.includes('/tree/')).length, 3)
})

test('openArtefact() tells how much is downloaded', async (context) => {
  const { open } = await arrive(context)
  const steps: { done: number; total: number }[] = []
  await open('hf:org/name', { onProgress: (step) => step.stage === 'download' && steps.push(step) })
  assert.ok(steps.every(({ done, total }) => done <= total && total === WEIGHTS.length + 2))
  assert.equal(steps.at(-1)?.done, WEIGHTS.length + 2)
})

test('openArtefact() makes no file from a name of the hub that leaves the folder', async (context) => {
  const oid = 'ab'.repeat(20)
  const hostile = ['../../escape', '/abs', 'a\nb', 'x/../../y', 'config.json', 'config.json/inside']
  const treeEntries = [
    { type: 'directory', path: '../dir', oid, size: 0 },
    { type: 'submodule', path: 'module', oid, size: 0 },
    { type: 'file', path: 'empty', oid: 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391', size: 0 },
    ...hostile.map((path) => ({ type: 'file', path, oid: 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391', size: 0 })),
  ]
  const files = new Map([
    ['empty', new Uint8Array(0)],
    ['config.json/inside', new Uint8Array(0)],
  ])
  const { open, cacheFolder } = await arrive(context, { ...REPOSITORY, files, treeEntries })
  const { artefact } = await open()
  assert.deepEqual(
    artefact.problems.map(({ path, kind, excluded }) => [path, kind, excluded]),
    [
      ['../../escape', 'name-escapes', true],
      ['/abs', 'name-escapes', true],
      ['a\\u{a}b', 'name-control', true],
      ['config.json', 'name-duplicate', true],
      ['module', 'not-a-file', true],
      ['x/../../y', 'name-escapes', true],
    ],
  )
  assert.deepEqual(
    artefact.files.map(({ path }) => path),
    ['config.json/inside', 'empty'],
  )
  assert.ok(!existsSync(join(cacheFolder, '../escape')) && !existsSync(join(cacheFolder, 'snapshots/escape')))
})

test('openArtefact() removes a stored copy that was changed, and fetches it anew', async (context) => {
  const { open } = await arrive(context)
  const { locate, artefact } = await open()
  const path = locate('sub dir/model#1.safetensors')
  chmodSync(path, 0o644)
  writeFileSync(path, WEIGHTS.toReversed())
  await assert.rejects(open(), { code: 'cache-damaged', message: /model#1\.safetensors had changed/ })
  assert.equal((await open()).artefact.id, artefact.id)
})

test('openArtefact() refuses to download what another process is downloading', async (context) => {
  const { open, cacheFolder } = await arrive(context)
  const { locate } = await open()
  const lock = `${join(locate('empty'), '..')}.lock`
  writeFileSync(lock, String(process.ppid))
  await open()
  for (const name of readdirSync(join(cacheFolder, 'blobs'))) chmodSync(join(cacheFolder, 'blobs', name), 0o644)
  writeFileSync(locate('sub dir/model#1.safetensors'), 'x')
  await assert.rejects(open(), { code: 'in-use', message: new RegExp(`process ${process.ppid} `) })
  writeFileSync(lock, '999999999')
  assert.equal((await open()).artefact.files.length, 3)
})
