import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findTwins, keepFirstNames } from './name-twins.ts'

const kinds = (paths: readonly string[]) => findTwins(paths).map(({ kind, path }) => [kind, path])

test('findTwins() reports names that differ only in case or normalisation', () => {
  assert.deepEqual(kinds(['Model.bin', 'model.bin']), [['name-case-twin', 'model.bin']])
  assert.deepEqual(kinds(['caf\u00e9', 'cafe\u0301']), [['name-form-twin', 'cafe\u0301']])
  assert.deepEqual(kinds(['STRASSE', 'stra\u00dfe']), [['name-case-twin', 'stra\u00dfe']])
})

test('findTwins() reports a pair of folders once and not each file in them', () => {
  assert.deepEqual(kinds(['Sub/a', 'Sub/b', 'sub/a', 'sub/b']), [['name-case-twin', 'sub']])
})

test('findTwins() says nothing of names that are distinct everywhere', () => {
  assert.deepEqual(kinds(['a', 'b', 'a-b', 'a/b', 'sub/a', 'other/a', 'ab']), [])
})

test('keepFirstNames() excludes a name that stands there twice and one that is also a folder', () => {
  const entries = ['a', 'b', 'a', 'c', 'c/d'].map((path) => ({ path }))
  const { kept, problems } = keepFirstNames(entries)
  assert.deepEqual(kept, [{ path: 'a' }, { path: 'b' }, { path: 'c/d' }])
  assert.deepEqual(
    problems.map(({ kind, path, excluded }) => [kind, path, excluded]),
    [
      ['name-duplicate', 'a', true],
      ['name-duplicate', 'c', true],
    ],
  )
})
