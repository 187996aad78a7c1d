import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dirHash, omsRoot, sha256 } from '../base/index.ts'
import { digestFiles } from './digest-files.ts'

test('digestFiles() gives the digests of omsRoot() and dirHash(), whatever the order of the files', async () => {
  const file = fc.record({ path: fc.string({ minLength: 1, unit: 'grapheme' }), sha256: fc.string().map(sha256) })
  const files = fc.uniqueArray(file, { selector: ({ path }) => path, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(files, async (given) => {
      const sound = given.filter(({ path }) => !path.includes('\n'))
      const wanted = { sha256: omsRoot(sound), dirHash: dirHash(sound), files: sound }
      assert.deepEqual(await digestFiles(sound), wanted)
    }),
  )
})

test('digestFiles() refuses a name that comes twice', async () => {
  const file = { path: 'a', sha256: sha256('a') }
  await assert.rejects(digestFiles([file, file]), { code: 'duplicate-path' })
})
