import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { sha256 } from '../base/index.ts'
import { needsShared, sharedPath, temporaryFolder } from '../testing/folders.ts'
import { openArtefact, parseReference, type OpenOptions } from './index.ts'

function open(path: string, options: Partial<OpenOptions> = {}) {
  return openArtefact(parseReference(path), { cacheFolder: join(path, 'no-cache'), ...options })
}

function makeFolder(context: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder(context)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

test('openArtefact() opens a folder: files by code points, digests, places', async (context) => {
  const folder = makeFolder(context, { 'b.txt': 'b', 'a/z.txt': 'z', 'a-b': '', '\u{1f600}': 's', '\uff21': 'f' })
  const { artefact, locate } = await open(folder)
  assert.deepEqual(
    artefact.files.map(({ path }) => path),
    ['a-b', 'a/z.txt', 'b.txt', '\uff21', '\u{1f600}'],
  )
  assert.deepEqual(artefact.files[0], { path: 'a-b', size: 0, sha256: sha256(''), blocks: [] })
  assert.deepEqual(artefact.files[1], { path: 'a/z.txt', size: 1, sha256: sha256('z'), blocks: [sha256('z')] })
  assert.equal(artefact.id, `tw1:${artefact.digests.dirHash}`)
  assert.equal(artefact.size, 4)
  assert.deepEqual(artefact.source, { kind: 'folder', ref: folder })
  assert.equal(locate('a/z.txt'), join(folder, 'a/z.txt'))
  assert.throws(() => locate('c'), { code: 'no-such-file' })
})

test('openArtefact() opens one file under its base name', async (context) => {
  const folder = makeFolder(context, { 'sub/model.gguf': 'G' })
  const { artefact } = await open(join(folder, 'sub/model.gguf'), { blocks: false })
  assert.deepEqual(artefact.files, [{ path: 'model.gguf', size: 1, sha256: sha256('G') }])
  assert.equal(artefact.source.kind, 'file')
})

test(
  'openArtefact() gives the digests of the golden certificate',
  needsShared('vectors', 'interop'),
  async (context) => {
    const folder = temporaryFolder(context)
    const vectors = sharedPath('vectors', 'interop') ?? ''
    execFileSync('tar', ['xzf', join(vectors, 'model.tar.gz'), '-C', folder])
    const { subject } = JSON.parse(readFileSync(join(vectors, 'certificate.payload.json'), 'utf8'))
    const { artefact } = await open(join(folder, 'model'))
    assert.equal(artefact.digests.sha256, subject[0].digest.sha256)
    assert.equal(artefact.id, `tw1:${subject[0].digest.dirHash}`)
  },
)

test('openArtefact() passes over a working copy and a client cache at the top, and only there', async (context) => {
  const folder = makeFolder(context, {
    '.git/config': '',
    '.cache/huggingface/x': '',
    '.cache/other/y': '',
    'sub/.git/z': '',
    model: 'm',
  })
  const { artefact } = await open(folder)
  assert.deepEqual(artefact.ignored, ['.cache/huggingface', '.git'])
  assert.deepEqual(
    artefact.files.map(({ path }) => path),
    ['.cache/other/y', 'model', 'sub/.git/z'],
  )
})

test('openArtefact() lists what is no file and never opens it', async (context) => {
  const folder = makeFolder(context, { model: 'm' })
  execFileSync('mkfifo', [join(folder, 'fifo')])
  const server = createServer().listen(join(folder, 'socket'))
  context.after(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  symlinkSync('model', join(folder, 'link'))
  symlinkSync('b', join(folder, 'a'))
  symlinkSync('a', join(folder, 'b'))
  mkdirSync(join(folder, 'sub'))
  symlinkSync('../..', join(folder, 'sub/up'))
  symlinkSync('/etc/passwd', join(folder, 'sub/out'))
  const { artefact } = await open(folder)
  assert.deepEqual(
    artefact.problems.map(({ kind, path, excluded }) => [path, kind, excluded]),
    [
      ['a', 'link-loop', true],
      ['b', 'link-loop', true],
      ['fifo', 'not-a-file', true],
      ['link', 'symlink', true],
      ['socket', 'not-a-file', true],
      ['sub/out', 'symlink', true],
      ['sub/up', 'link-loop', true],
    ],
  )
  assert.deepEqual(
    artefact.files.map(({ path }) => path),
    ['model'],
  )
})

test('openArtefact() sees names as bytes and excludes what is not UTF-8', async (context) => {
  const folder = makeFolder(context, { model: 'm' })
  const bad = Buffer.concat([Buffer.from(`${folder}/bad-`), Buffer.of(0xff)])
  mkdirSync(bad)
  writeFileSync(Buffer.concat([bad, Buffer.from('/inside')]), '')
  writeFileSync(join(folder, 'a\nb'), '')
  writeFileSync(join(folder, 'm\u043edel'), '')
  const { artefact } = await open(folder)
  assert.deepEqual(
    artefact.problems.map(({ kind, path, excluded }) => [path, kind, excluded]),
    [
      ['a\\u{a}b', 'name-control', true],
      ['bad-\\xff', 'name-not-utf8', true],
      ['m\u043edel', 'name-confusable', false],
    ],
  )
  assert.equal(artefact.files.length, 2)
})

test('openArtefact() refuses a folder without files, and says when everything was excluded', async (context) => {
  const folder = temporaryFolder(context)
  await assert.rejects(open(folder), { code: 'empty-artefact' })
  writeFileSync(join(folder, 'a\nb'), 'x')
  await assert.rejects(open(folder), { code: 'empty-artefact', message: /1 entries have no place in it: a\\u\{a\}b/ })
})

test('openArtefact() refuses a path that is not there, a FIFO and a loop of links', async (context) => {
  const folder = temporaryFolder(context)
  execFileSync('mkfifo', [join(folder, 'fifo')])
  symlinkSync('loop', join(folder, 'loop'))
  await assert.rejects(open(join(folder, 'nothing')), { code: 'no-such-path' })
  await assert.rejects(open(join(folder, 'fifo')), { code: 'not-a-file' })
  await assert.rejects(open(join(folder, 'loop')), { code: 'link-loop' })
})

test('openArtefact() does not take a file that has more bytes than it says for an empty one', async (context) => {
  if (!existsSync('/proc/version')) return context.skip('there is no /proc here')
  await assert.rejects(open('/proc/version'), { code: 'changed-while-read', message: /^version grew/ })
})

test('openArtefact() refuses a folder in which something changes before the end', async (context) => {
  const changes = new Map<string, (folder: string) => void>([
    ['grew', (folder) => appendFileSync(join(folder, 'a'), 'x')],
    ['got or lost an entry', (folder) => writeFileSync(join(folder, 'new'), 'x')],
    [
      'was replaced',
      (folder) => {
        writeFileSync(join(folder, '../other'), 'A')
        renameSync(join(folder, '../other'), join(folder, 'a'))
      },
    ],
  ])
  for (const [how, change] of changes) {
    const folder = join(makeFolder(context, { 'm/a': 'A', 'm/b': 'B' }), 'm')
    const onProgress = ({ path }: { path: string }) => path === 'b' && change(folder)
    await assert.rejects(open(folder, { onProgress }), { code: 'changed-while-read', message: new RegExp(how) }, how)
  }
})

test('confirmUnchanged() holds until a file is touched', async (context) => {
  const folder = makeFolder(context, { a: 'A', b: 'B' })
  const opened = await open(folder)
  opened.confirmUnchanged()
  appendFileSync(join(folder, 'b'), 'x')
  assert.throws(() => opened.confirmUnchanged(), { code: 'changed-while-read', message: /^b grew/ })
})

test('openArtefact() tells how far it is and stops when it is called off', async (context) => {
  const folder = makeFolder(context, { a: 'AA', b: 'BBB' })
  const progress: unknown[] = []
  await open(folder, { onProgress: (step) => progress.push(step) })
  assert.deepEqual(progress, [
    { stage: 'hash', path: 'a', done: 2, total: 5 },
    { stage: 'hash', path: 'b', done: 5, total: 5 },
  ])
  await assert.rejects(open(folder, { signal: AbortSignal.abort() }), { code: 'aborted' })
})

test('openArtefact() names a file that may not be read', (context) => {
  const folder = makeFolder(context, { a: 'A', 'sub/secret': 'B' })
  chmodSync(folder, 0o755)
  chmodSync(join(folder, 'sub/secret'), 0o000)
  const script = `
    const { openArtefact, parseReference } = await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))})
    process.getuid() === 0 && process.setuid(65534)
    await openArtefact(parseReference(${JSON.stringify(folder)}), { cacheFolder: '/nowhere' })
      .catch(({ code, message }) => console.log(code, message))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  assert.match(stdout, /^unreadable sub\/secret: no permission to read it\n$/, stderr)
})
