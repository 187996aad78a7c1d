/** Manifests against files at hand: what is the same, what is not, and what was not compared. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault, sha256 } from '../../base/index.ts'
import { holdFiles, unreadLink, type NamedBytes } from '../../testing/manifest.ts'
import { compareManifest, type ComparisonWishes, type FilesAtHand } from './compare.ts'
import type { OmsManifest } from './oms.ts'
import { splitIntoShards } from './shards.ts'

const model: NamedBytes = { 'a-b': 'one', 'a/b': 'two', 'a/c.bin': 'abcdefghij', empty: '' }

function manifestOf(named: NamedBytes, part: Partial<OmsManifest> = {}): OmsManifest {
  const resources = Object.entries(named).map(([path, text]) => ({ path, digest: sha256(Buffer.from(text)) }))
  const rest = { allowSymlinks: false, ignorePaths: [], warnings: [] }
  return { method: 'files', hash: 'sha256', ...rest, resources, ...part }
}

function shardsOf(named: NamedBytes, shardSize: number): OmsManifest {
  const resources = Object.entries(named).flatMap(([path, text]) =>
    splitIntoShards(Buffer.from(text).length, shardSize).map((range) => ({
      path,
      range,
      digest: sha256(Buffer.from(text).subarray(range.start, range.end)),
    })),
  )
  return { ...manifestOf({}), method: 'shards', shardSize, resources }
}

/** What comes of it: `pass`, or the reason. */
async function compare(
  manifest: OmsManifest,
  atHand: FilesAtHand,
  wishes: ComparisonWishes = {},
): Promise<string | null> {
  try {
    const { outcome, reason } = await compareManifest(manifest, atHand, wishes)
    return outcome === 'pass' ? outcome : `partial:${reason}`
  } catch (thrown) {
    assert.ok(isFault(thrown))
    return thrown.code
  }
}

test('compareManifest() holds for the same files and for nothing less', async () => {
  const manifest = manifestOf(model)
  const { empty: _, ...fewer } = model
  assert.equal(await compare(manifest, holdFiles(model)), 'pass')
  assert.equal(await compare(manifest, holdFiles(fewer)), 'file-missing')
  assert.equal(await compare(manifest, holdFiles({ ...model, more: '' })), 'file-extra')
  assert.equal(await compare(manifest, holdFiles({ ...model, empty: ' ' })), 'file-changed')
  assert.equal(await compare(manifest, holdFiles({ ...model, 'a-b': 'two', 'a/b': 'one' })), 'file-changed')
  assert.equal(await compare(manifest, holdFiles({ ...fewer, renamed: '' })), 'file-missing')
})

test('compareManifest() is partial for some of the files, and says when one of them is not signed', async () => {
  const manifest = manifestOf(model)
  const changed = holdFiles({ ...model, 'a-b': 'changed' })
  assert.equal(await compare(manifest, changed, { only: ['a/b'] }), 'partial:only-some-files')
  assert.equal(await compare(manifest, changed, { only: ['a'] }), 'partial:only-some-files')
  assert.equal(await compare(manifest, holdFiles(model), { only: Object.keys(model) }), 'partial:only-some-files')
  assert.equal(await compare(manifest, changed, { only: ['a-b'] }), 'file-changed')
  assert.equal(await compare(manifest, changed, { only: ['a/b', 'x'] }), 'file-unsigned')
  const { message } = await compareManifest(manifest, changed, { only: ['a/'] })
  assert.match(message, /^PARTIAL \(2 of 4 files\)/)
})

test('compareManifest() names what nobody signed or read and is partial, or refuses', async () => {
  const more = { ...model, '.github/x.py': '', 'x.py': '' }
  const manifest = manifestOf(model, { ignorePaths: ['.github', 'x.py'] })
  assert.equal(await compare(manifest, holdFiles(more)), 'partial:files-ignored')
  assert.equal(await compare(manifest, holdFiles(model)), 'pass')
  assert.equal(await compare(manifest, holdFiles({ ...model, 'x.pyc': '' })), 'file-extra')
  const plain = manifestOf(model)
  assert.equal(await compare(plain, holdFiles(more), { ignoreUnsigned: true }), 'partial:unsigned-files')
  assert.equal(await compare(plain, holdFiles(model), { ignoreUnsigned: true }), 'pass')
  assert.equal(await compare(plain, holdFiles({ ...model, 'model.sig': '{}' }), { signature: 'model.sig' }), 'pass')
})

test('compareManifest() follows no link that the signer did not follow, and says of others that it read none', async () => {
  const { empty: _, ...rest } = model
  const unread = [unreadLink('empty')]
  assert.equal(await compare(manifestOf(model), holdFiles(rest, { unread })), 'file-symlink')
  assert.equal(await compare(manifestOf(rest), holdFiles(rest, { unread })), 'file-symlink')
  const allowing = manifestOf(rest, { allowSymlinks: true })
  assert.equal(await compare(allowing, holdFiles(rest, { unread })), 'partial:symlink-not-followed')
  const fifo = [{ path: 'pipe', isLink: false, message: 'a FIFO, which is never opened' }]
  assert.equal(await compare(allowing, holdFiles(rest, { unread: fifo })), 'file-unreadable')
})

test('compareManifest() compares shards, their sizes, and the shards of chosen files', async () => {
  const { empty: _, ...rest } = model
  const manifest = shardsOf(rest, 4)
  assert.equal(await compare(manifest, holdFiles(rest)), 'pass')
  assert.equal(await compare(manifest, holdFiles(model)), 'partial:empty-files-unsigned')
  assert.equal(await compare(manifest, holdFiles(rest), { only: ['a/c.bin'] }), 'partial:only-some-files')
  assert.equal(await compare(manifest, holdFiles({ ...rest, 'a/c.bin': 'abcdefghiX' })), 'file-changed')
  assert.equal(await compare(manifest, holdFiles({ ...rest, 'a/c.bin': 'abcdefghijk' })), 'file-changed')
  assert.equal(await compare(manifest, holdFiles({ ...rest, 'a/c.bin': 'abcdefgh' })), 'file-changed')
  assert.equal(await compare(manifest, holdFiles({ ...rest, 'a/c.bin': 'efghabcdij' })), 'file-changed')
  const { recompute: __, ...cannot } = holdFiles(rest)
  assert.equal(await compare(manifest, cannot), 'partial:not-recomputed')
})

test('compareManifest() refuses a shard of another file', async () => {
  const [first, ...rest] = shardsOf({ 'a-b': 'one', 'a/b': 'two' }, 4).resources
  const foreign = {
    ...shardsOf({}, 4),
    resources: [
      { ...first, path: 'a/b' },
      { ...rest[0], path: 'a-b' },
    ],
  } as OmsManifest
  assert.equal(await compare(foreign, holdFiles({ 'a-b': 'one', 'a/b': 'two' })), 'file-changed')
})

test('compareManifest() never passes digests that it cannot compute', async () => {
  const blake3 = manifestOf(model, { hash: 'blake3' })
  assert.equal(await compare(blake3, holdFiles(model)), 'partial:hash-not-recomputed')
  assert.equal(await compare(blake3, holdFiles({ ...model, x: '' })), 'file-extra')
  const { recompute: _, ...cannot } = holdFiles(model)
  assert.equal(await compare(manifestOf(model, { hash: 'blake2b' }), cannot), 'partial:not-recomputed')
})

test('compareManifest() takes no longer for many ignored paths and many files than their number', async () => {
  const ignorePaths = Array.from({ length: 100_000 }, (_, index) => `ignored/${index}`)
  const files = Array.from({ length: 100_000 }, (_, index) => ({ path: `ignored/${index}/x`, sha256: '', size: 0 }))
  const start = process.cpuUsage()
  assert.equal(await compare(manifestOf({}, { ignorePaths }), { files }), 'partial:files-ignored')
  assert.ok(process.cpuUsage(start).user < 3e6)
})
