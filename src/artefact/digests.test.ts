import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256 } from '../base/index.ts'
import { needsShared, sharedPath, temporaryFolder } from '../testing/folders.ts'
import { artefactDigests, artefactId, compareCodePoints } from './digests.ts'
import { openArtefact } from './open-artefact.ts'
import { parseReference } from './reference.ts'

const file = (path: string) => ({ path, sha256: sha256(path) })

test('compareCodePoints() orders as the code points of the strings do', () => {
  const points = (text: string) => Array.from(text, (character) => character.codePointAt(0)!)
  const byPoints = (a: string, b: string) => {
    const [left, right] = [points(a), points(b)]
    const at = left.findIndex((point, i) => point !== right[i])
    return at === -1 ? left.length - right.length : right[at] === undefined ? 1 : left[at]! - right[at]
  }
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '\u{ffff}', '\u{e000}', '\u{10000}', '\u{1f600}') })
  fc.assert(fc.property(text, text, (a, b) => Math.sign(compareCodePoints(a, b)) === Math.sign(byPoints(a, b))))
})

test('compareCodePoints() differs from the order of UTF-16 above U+FFFF', () => {
  assert.deepEqual(['\u{1f600}', '\uff21'].toSorted(compareCodePoints), ['\uff21', '\u{1f600}'])
  assert.deepEqual(['\u{1f600}', '\uff21'].toSorted(), ['\u{1f600}', '\uff21'])
})

test('artefactDigests() does not depend on the order in which files are given', () => {
  const files = ['b', 'a/b', 'a-b', '\u{1f600}', '\uff21'].map(file)
  assert.deepEqual(artefactDigests(files), artefactDigests(files.toReversed()))
})

test('artefactDigests() binds names in the dirHash and not in the OMS root', () => {
  const [before, after] = [artefactDigests([file('a')]), artefactDigests([{ ...file('a'), path: 'b' }])]
  assert.equal(before.sha256, after.sha256)
  assert.notEqual(before.dirHash, after.dirHash)
})

test('artefactDigests() refuses a newline in a name, a name twice and what is no digest', () => {
  assert.throws(() => artefactDigests([file('a\nb')]), { code: 'bad-name' })
  assert.throws(() => artefactDigests([file('a'), file('a')]), { code: 'bad-name' })
  assert.throws(() => artefactDigests([{ path: 'a', sha256: 'AB' }]), { code: 'bad-digest' })
})

test('artefactDigests() gives what find, sort and sha256sum give in a shell', (context) => {
  const folder = temporaryFolder(context)
  mkdirSync(join(folder, 'a'))
  const paths = ['a/b', 'a-b', 'A', '\u{1f600}', '\uff21', '\u00e9 x']
  for (const path of paths) writeFileSync(join(folder, path), path)
  const shell =
    "find . -type f | cut -c3- | LC_ALL=C sort | tr '\\n' '\\0' | xargs -0 sha256sum | sha256sum | cut -c1-64"
  const dirHash = execFileSync('sh', ['-c', shell], { cwd: folder, encoding: 'utf8' }).trim()
  assert.equal(artefactDigests(paths.map(file)).dirHash, dirHash)
})

test(
  'openArtefact() gives the digests of the golden certificate',
  needsShared('vectors', 'interop'),
  async (context) => {
    const folder = temporaryFolder(context)
    const vectors = sharedPath('vectors', 'interop')!
    execFileSync('tar', ['xzf', join(vectors, 'model.tar.gz'), '-C', folder])
    const { subject } = JSON.parse(readFileSync(join(vectors, 'certificate.payload.json'), 'utf8'))
    const { artefact } = await openArtefact(parseReference(join(folder, 'model')), { cacheFolder: folder })
    assert.equal(artefact.digests.sha256, subject[0].digest.sha256)
    assert.equal(artefact.digests.dirHash, subject[0].digest.dirHash)
    assert.equal(artefact.id, artefactId({ dirHash: subject[0].digest.dirHash }))
  },
)
