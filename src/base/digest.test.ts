import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BLOCK_SIZE } from './block-list.ts'
import { BlockHasher, digestOf, isSha256, sha256 } from './digest.ts'

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

test('sha256() gives the digests of FIPS 180-4', () => {
  assert.equal(sha256(''), EMPTY)
  assert.equal(sha256('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('digestOf() depends on the value and not on the order of its members', () => {
  assert.equal(digestOf({ a: 1, b: 2 }), digestOf({ b: 2, a: 1 }))
  assert.equal(digestOf({ a: 1 }), sha256('{"a":1}'))
  assert.notEqual(digestOf({ a: 1 }), digestOf({ a: '1' }))
})

test('isSha256() takes 64 lower-case hex digits and nothing else', () => {
  assert.ok(isSha256(EMPTY))
  for (const text of [EMPTY.toUpperCase(), EMPTY.slice(1), `${EMPTY}\n`, `${EMPTY}0`, '']) assert.ok(!isSha256(text))
})

function hashInPieces(bytes: Uint8Array, cuts: readonly number[]): ReturnType<BlockHasher['finish']> {
  const hasher = new BlockHasher()
  const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
  edges.slice(1).forEach((to, index) => hasher.update(bytes.subarray(edges[index], to)))
  return hasher.finish()
}

test('BlockHasher gives the same whatever pieces the bytes come in', () => {
  const bytes = Uint8Array.from({ length: 2 * BLOCK_SIZE + 3 }, (_, index) => (index * 31) % 251)
  const blocks = [0, 1, 2].map((n) => sha256(bytes.subarray(n * BLOCK_SIZE, (n + 1) * BLOCK_SIZE)))
  const expected = { size: bytes.length, sha256: sha256(bytes), blocks }
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 4 }), (cuts) => {
      assert.deepEqual(hashInPieces(bytes, cuts), expected)
    }),
    { numRuns: 8 },
  )
  assert.deepEqual(hashInPieces(bytes, [BLOCK_SIZE - 1, BLOCK_SIZE, BLOCK_SIZE + 1, 2 * BLOCK_SIZE]), expected)
})

test('BlockHasher gives an empty file no block and a full block no empty one after it', () => {
  assert.deepEqual(hashInPieces(new Uint8Array(0), []), { size: 0, sha256: EMPTY, blocks: [] })
  assert.equal(hashInPieces(new Uint8Array(BLOCK_SIZE), []).blocks.length, 1)
})
