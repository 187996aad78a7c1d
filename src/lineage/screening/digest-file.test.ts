import assert from 'node:assert/strict'
import { closeSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { temporaryFolder } from '../../testing/folders.ts'
import { ENTRY_BYTES, findOwners, mergeDigests, splitDigest, writeDigests, type DigestEntry } from './digest-file.ts'

const hex = (value: number): string => value.toString(16).padStart(8, '0')

/** Digests as they come and, among them, many that differ in their last bits alone. */
const half = fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(0, 1, 7, 0xffffffff))
const entry = fc.tuple(half, half, fc.integer({ min: 0, max: 9 }))

function ownersIn(path: string, digest: string, most = 1000): readonly number[] {
  const file = openSync(path, 'r')
  try {
    return findOwners(file, statSync(path).size / ENTRY_BYTES, { digest, most })
  } finally {
    closeSync(file)
  }
}

function expected(entries: readonly DigestEntry[], digest: string): number[] {
  const [high, low] = splitDigest(digest)
  return entries.flatMap((each) => (each[0] === high && each[1] === low ? [each[2]] : [])).toSorted((a, b) => a - b)
}

test('findOwners() finds every model with a digest in a list, before and after it was merged with another', (context) => {
  const folder = temporaryFolder(context)
  const [a, b, both] = ['a', 'b', 'both'].map((name) => join(folder, name)) as [string, string, string]
  const lists = fc.tuple(fc.array(entry, { maxLength: 40 }), fc.array(entry, { maxLength: 40 }), half, half)
  fc.assert(
    fc.property(lists, ([ours, theirs, high, low]) => {
      writeDigests(a, ours)
      writeDigests(b, theirs)
      mergeDigests({ path: a, entries: ours.length }, { path: b, entries: theirs.length }, both)
      const asked = [...ours, ...theirs].map(([x, y]) => hex(x) + hex(y))
      for (const digest of [...asked, hex(high) + hex(low)]) {
        assert.deepEqual(ownersIn(a, digest), expected(ours, digest))
        assert.deepEqual(ownersIn(both, digest), expected([...ours, ...theirs], digest))
      }
    }),
    { numRuns: 15 },
  )
})

test('findOwners() finds digests in a long list, evenly spread or all in one corner, and stops at the most', (context) => {
  const path = join(temporaryFolder(context), 'list')
  for (const spread of [2 ** 32 / 70_000, 1, 1 / 64]) {
    const entries = Array.from({ length: 70_000 }, (_, i): DigestEntry => [Math.floor(i * spread), i, i % 11])
    writeDigests(path, entries)
    for (const i of [0, 1, 511, 512, 513, 35_000, 69_998, 69_999]) {
      const [high, low, model] = entries[i] as DigestEntry
      assert.deepEqual(ownersIn(path, hex(high) + hex(low)), [model])
    }
    assert.deepEqual(ownersIn(path, hex(0xffffffff) + hex(0)), [])
  }
  writeDigests(
    path,
    Array.from({ length: 5000 }, (_, i): DigestEntry => [9, 9, i]),
  )
  assert.equal(ownersIn(path, hex(9) + hex(9)).length, 1000)
})
