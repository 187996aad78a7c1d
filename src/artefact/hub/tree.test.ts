import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { readTree } from './tree.ts'

test('readTree() takes the SHA-256 of large files and the git oid of small ones', () => {
  const sha256 = 'ab'.repeat(32)
  const git = 'cd'.repeat(20)
  const { files } = readTree([
    { type: 'directory', path: 'sub', oid: git, size: 0 },
    { type: 'file', path: 'sub/a', oid: git, size: 134, lfs: { oid: sha256, size: 9, pointerSize: 134 } },
    { type: 'file', path: 'b', oid: git, size: 3 },
  ])
  assert.deepEqual(files, [
    { path: 'sub/a', size: 9, declared: { sha256 } },
    { path: 'b', size: 3, declared: { git } },
  ])
})

test('readTree() never throws anything but a fault, and never gives a name that leaves the folder', () => {
  const part = fc.constantFrom('a', 'b', '..', '.', '', '\n', '\\', 'C:', '\ud800')
  const entry = fc.record(
    {
      type: fc.constantFrom('file', 'directory', 'x', 1),
      path: fc.oneof(
        fc.array(part, { maxLength: 4 }).map((parts) => parts.join('/')),
        fc.anything(),
      ),
      size: fc.oneof(fc.nat(), fc.anything()),
      oid: fc.oneof(fc.constant('cd'.repeat(20)), fc.anything()),
    },
    { requiredKeys: [] },
  )
  const entries = fc.array(fc.oneof({ weight: 9, arbitrary: entry }, { weight: 1, arbitrary: fc.anything() }))
  fc.assert(
    fc.property(entries, (list) => {
      try {
        for (const { path } of readTree(list).files) {
          assert.ok(!path.startsWith('/') && !path.split(/[/\\]/).includes('..') && !path.includes('\n'))
        }
      } catch (thrown) {
        assert.ok(isFault(thrown, 'remote-protocol'), String(thrown))
      }
    }),
  )
})
