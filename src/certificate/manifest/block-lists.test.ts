import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BLOCK_SIZE, sha256 } from '../../base/index.ts'
import { readBlockLists, writeBlockLists, type BlockListedFile } from './block-lists.ts'

const digest = sha256('x')
const files: readonly BlockListedFile[] = [
  { path: 'empty', size: 0, sha256: sha256(''), blocks: [] },
  { path: 'small', size: 5, sha256: digest, blocks: [digest] },
  { path: 'large', size: 2 * BLOCK_SIZE + 1, sha256: digest, blocks: [sha256('1'), sha256('2'), sha256('3')] },
]

test('readBlockLists() gives what writeBlockLists() wrote, and nothing under another digest', () => {
  const lists = writeBlockLists(files)
  assert.deepEqual(readBlockLists(Buffer.from(lists.text), lists.digest), files)
  assert.throws(() => readBlockLists(Buffer.from(`${lists.text} `), lists.digest), { code: 'block-lists-digest' })
})

test('readBlockLists() refuses lists whose blocks do not make up their file', () => {
  const wrong = (change: Partial<BlockListedFile>) => () => {
    const { text, digest: of } = writeBlockLists(
      files.map((file) => (file.path === 'large' ? { ...file, ...change } : file)),
    )
    return readBlockLists(Buffer.from(text), of)
  }
  assert.throws(wrong({ size: 3 * BLOCK_SIZE + 1 }), { code: 'block-lists' })
  assert.throws(wrong({ size: BLOCK_SIZE }), { code: 'block-lists' })
  assert.throws(wrong({ blocks: [digest, digest, 'x'] }), { code: 'block-lists' })
  assert.throws(wrong({ path: 'small' }), { code: 'duplicate-path' })
  assert.throws(wrong({ path: 'a\nb' }), { code: 'bad-path' })
  const other = Buffer.from(JSON.stringify({ schema: 'x', blockSize: 1, files: [] }))
  assert.throws(() => readBlockLists(other, sha256(other)), { code: 'json-type' })
})
