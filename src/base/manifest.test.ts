import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { needsShared, sharedPath, temporaryFolder } from '../testing/folders.ts'
import { sha256 } from './digest.ts'
import { compareCodePoints, dirHash, dirHashLines, omsPreimage, omsRoot, type ManifestFile } from './manifest.ts'

const file = (path: string): ManifestFile => ({ path, sha256: sha256(path) })

test('compareCodePoints() orders as the bytes of UTF-8 do', () => {
  const text = fc.string({ unit: 'binary', maxLength: 6 })
  fc.assert(
    fc.property(text, text, (a, b) => {
      assert.equal(Math.sign(compareCodePoints(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)))
    }),
  )
  assert.ok(compareCodePoints('\u{10000}', '\uffff') > 0)
})

test('omsRoot() and dirHash() do not depend on the order in which files come', () => {
  const files = ['b', 'a/b', 'a-b', '\u{1f600}', '\uff21', 'a'].map(file)
  fc.assert(
    fc.property(fc.shuffledSubarray(files, { minLength: files.length }), (shuffled) => {
      assert.equal(omsRoot(shuffled), omsRoot(files))
      assert.equal(dirHash(shuffled), dirHash(files))
    }),
  )
})

test('dirHash() tells renamed files apart, which omsRoot() by its definition does not', () => {
  const [one, two] = [file('a'), file('b')]
  const renamed = [
    { ...one, path: 'x' },
    { ...two, path: 'y' },
  ]
  assert.equal(omsRoot(renamed), omsRoot([one, two]))
  assert.notEqual(dirHash(renamed), dirHash([one, two]))
})

test('dirHash() and omsRoot() equal what a shell computes over real files', (context) => {
  const folder = temporaryFolder(context)
  const paths = ['a/b', 'a-b', 'a b', 'é', '\u{1f600}', '\uff21']
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), path)
  }
  const sums = "find . -type f -print0 | cut -z -c3- | LC_ALL=C sort -z | xargs -0 sha256sum | sed 's/^\\\\//'"
  const shell = (rest: string): string =>
    execFileSync('bash', ['-c', `${sums}${rest} | sha256sum | cut -c1-64`], { cwd: folder, encoding: 'utf8' }).trim()
  const unhex = 'process.stdout.write(Buffer.from(require("fs").readFileSync(0, "latin1").replace(/\\s/g, ""), "hex"))'
  assert.equal(dirHash(paths.map(file)), shell(''))
  assert.equal(omsRoot(paths.map(file)), shell(` | cut -c1-64 | ${process.execPath} -e '${unhex}'`))
})

test('omsRoot() and dirHash() give the digests of the golden model', needsShared('vectors', 'interop'), (context) => {
  const folder = temporaryFolder(context)
  execFileSync('tar', ['xzf', sharedPath('vectors', 'interop', 'model.tar.gz') ?? '', '-C', folder])
  const listed = execFileSync('bash', ['-c', 'find . -type f | cut -c3- | xargs sha256sum'], {
    cwd: join(folder, 'model'),
  })
  const files = listed
    .toString()
    .trim()
    .split('\n')
    .map((line) => ({ sha256: line.slice(0, 64), path: line.slice(66) }))
  assert.equal(omsRoot(files), 'b15c95947cf9629edfeb0336317e528851cb066d6f866845cdc6712cd283cc84')
  assert.equal(dirHash(files), '803f13901cb0f28802893932f4490dd90bac9e44614d1f3ad6044214fb86acb0')
})

test('dirHash() refuses names that could be misread and names that come twice', () => {
  assert.throws(() => dirHash([file('a\nb')]), { code: 'bad-path' })
  assert.throws(() => dirHash([file('')]), { code: 'bad-path' })
  assert.throws(() => dirHash([file('\ud800')]), { code: 'bad-path' })
  assert.throws(() => dirHash([file('a'), file('b'), file('a')]), { code: 'duplicate-path' })
  assert.throws(() => dirHash([{ path: 'a', sha256: 'AB' }]), { code: 'bad-digest' })
})

test('omsPreimage() keeps the order it is given', () => {
  const digests = [sha256('b'), sha256('a')]
  assert.equal(Buffer.from(omsPreimage(digests)).toString('hex'), digests.join(''))
  assert.throws(() => omsPreimage(['00']), { code: 'bad-digest' })
})

test('dirHashLines() are the lines of sha256sum', () => {
  assert.deepEqual(dirHashLines([file('b'), file('a')]), [`${sha256('a')}  a\n`, `${sha256('b')}  b\n`])
})
