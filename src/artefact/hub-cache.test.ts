import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { sha256 } from '../base/index.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { openArtefact, parseReference } from './index.ts'

const COMMIT = '0123456789abcdef0123456789abcdef01234567'
const WEIGHTS = 'weights'
const CONFIG = '{}'
const GIT = createHash('sha1').update(`blob ${CONFIG.length}\0${CONFIG}`).digest('hex')

interface Cache {
  readonly root: string
  readonly repository: string
  readonly snapshot: string
}

/** A cache as huggingface_hub lays it out: large file by SHA-256, small one by git's SHA-1. */
function makeCache(context: TestContext): Cache {
  const root = temporaryFolder(context)
  const repository = join(root, 'models--org--name')
  const snapshot = join(repository, 'snapshots', COMMIT)
  mkdirSync(join(repository, 'blobs'), { recursive: true })
  mkdirSync(join(repository, 'refs'))
  mkdirSync(join(snapshot, 'sub'), { recursive: true })
  writeFileSync(join(repository, 'refs/main'), COMMIT)
  writeFileSync(join(repository, 'blobs', sha256(WEIGHTS)), WEIGHTS)
  writeFileSync(join(repository, 'blobs', GIT), CONFIG)
  symlinkSync(`../../blobs/${GIT}`, join(snapshot, 'config.json'))
  symlinkSync(`../../../blobs/${sha256(WEIGHTS)}`, join(snapshot, 'sub/model.safetensors'))
  return { root, repository, snapshot }
}

function open(path: string, hfCache = true) {
  return openArtefact(parseReference(path), { cacheFolder: '/nowhere', hfCache })
}

test('openArtefact() opens a hub cache by snapshot and by repository', async (context) => {
  const { snapshot, repository } = makeCache(context)
  for (const path of [snapshot, repository]) {
    const { artefact, locate } = await open(path)
    assert.deepEqual(
      artefact.files.map((file) => [file.path, file.sha256]),
      [
        ['config.json', sha256(CONFIG)],
        ['sub/model.safetensors', sha256(WEIGHTS)],
      ],
    )
    assert.deepEqual(artefact.problems, [])
    assert.equal(locate('config.json'), join(repository, 'blobs', GIT))
  }
})

test('openArtefact() hints at --hf-cache for a hub cache that was opened without it', async (context) => {
  const { snapshot, repository } = makeCache(context)
  for (const path of [snapshot, repository]) {
    await assert.rejects(open(path, false), { code: 'hub-cache', message: /--hf-cache$/ })
  }
})

test('openArtefact() asks which snapshot is meant when a hub cache has several and none is main', async (context) => {
  const { repository } = makeCache(context)
  writeFileSync(join(repository, 'refs/main'), 'f'.repeat(40))
  assert.equal((await open(repository)).artefact.files.length, 2)
  mkdirSync(join(repository, 'snapshots', 'e'.repeat(40)))
  await assert.rejects(open(repository), { code: 'which-snapshot', message: /2 snapshots; give one/ })
})

test('openArtefact() finds blobs of a hub cache that are not what their name says', async (context) => {
  const { snapshot, repository } = makeCache(context)
  writeFileSync(join(repository, 'blobs', sha256(WEIGHTS)), 'Weights')
  writeFileSync(join(repository, 'blobs', GIT), '[]')
  const { artefact } = await open(snapshot)
  assert.deepEqual(
    artefact.problems.map(({ kind, path, excluded }) => [kind, path, excluded]),
    [
      ['hub-digest', 'config.json', false],
      ['hub-digest', 'sub/model.safetensors', false],
    ],
  )
})

test('openArtefact() follows no link of a hub cache that leaves the blobs of its repository', async (context) => {
  const { root, repository, snapshot } = makeCache(context)
  mkdirSync(join(root, 'models--other--name/blobs'), { recursive: true })
  writeFileSync(join(root, 'models--other--name/blobs', sha256('x')), 'x')
  symlinkSync(`../../../models--other--name/blobs/${sha256('x')}`, join(snapshot, 'other'))
  symlinkSync('/etc/passwd', join(snapshot, 'passwd'))
  symlinkSync('/etc/passwd', join(repository, 'blobs', sha256('passwd')))
  symlinkSync(`../../blobs/${sha256('passwd')}`, join(snapshot, 'twice'))
  symlinkSync('../../blobs/none', join(snapshot, 'none'))
  const { artefact } = await open(snapshot)
  assert.equal(artefact.files.length, 2)
  assert.deepEqual(
    artefact.problems.map(({ kind, path, excluded }) => [kind, path, excluded]),
    ['none', 'other', 'passwd', 'twice'].map((path) => ['symlink', path, true]),
  )
})

test('openArtefact() follows a blob that repositories share only under the name of its digest', async (context) => {
  const { root, repository, snapshot } = makeCache(context)
  const xet = 'ab'.repeat(32)
  mkdirSync(join(root, 'blobs/ab'), { recursive: true })
  writeFileSync(join(root, 'blobs/ab', xet), 'shared')
  symlinkSync(`../../blobs/ab/${xet}`, join(repository, 'blobs', sha256('shared')))
  symlinkSync(`../../blobs/${sha256('shared')}`, join(snapshot, 'good'))
  symlinkSync(`../../blobs/ab/${xet}`, join(repository, 'blobs', 'unnamed'))
  symlinkSync('../../blobs/unnamed', join(snapshot, 'bad'))
  const { artefact } = await open(snapshot)
  assert.deepEqual(
    artefact.problems.map(({ kind, path }) => [kind, path]),
    [['symlink', 'bad']],
  )
  assert.equal(artefact.files.find(({ path }) => path === 'good')?.sha256, sha256('shared'))
})
