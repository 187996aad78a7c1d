import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findDifferences } from './differences.ts'

function reference(a: Uint16Array, b: Uint16Array): number[] {
  return [...a.keys()].filter((i) => a[i] !== b[i])
}

test('findDifferences() finds every place at which two lists differ and no other', () => {
  const code = fc.integer({ min: 0, max: 0xffff })
  const pairs = fc.array(fc.tuple(code, fc.option(code, { freq: 3, nil: undefined })), { maxLength: 60 })
  fc.assert(
    fc.property(pairs, (both) => {
      const a = Uint16Array.from(both, ([x]) => x)
      const b = Uint16Array.from(both, ([x, y]) => y ?? x)
      assert.deepEqual([...findDifferences(a, b)], reference(a, b))
    }),
  )
})

test('findDifferences() goes on across tiles', () => {
  const a = new Uint16Array(2 ** 20 + 100)
  const b = Uint16Array.from(a)
  for (const place of [0, 2 ** 20 - 1, 2 ** 20, a.length - 1]) b[place] = 1
  assert.deepEqual([...findDifferences(a, b)], [0, 2 ** 20 - 1, 2 ** 20, a.length - 1])
})

test('findDifferences() refuses lists of different lengths', () => {
  assert.throws(() => findDifferences(new Uint16Array(1), new Uint16Array(2)), { code: 'length-mismatch' })
})
