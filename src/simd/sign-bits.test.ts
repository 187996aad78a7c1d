import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hammingReference, nearestByHammingReference, signBitsReference } from './reference/vectors.ts'
import { newKernelArena, releaseKernelArena } from './kernel-memory.ts'
import { hammingDistance, hammingDistances, nearestByHamming, signBits } from './sign-bits.ts'

const word = fc.integer({ min: 0, max: 0xffffffff })

test('signBits() gives the bits of the reference for rows of any length', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 9 }),
      fc.float(),
      (dimension, rows, odd) => {
        const values = Float32Array.from({ length: rows * dimension }, (_, i) => (i % 7 === 3 ? odd : Math.sin(i * 3)))
        assert.deepEqual(signBits(values, dimension), signBitsReference(values, dimension))
      },
    ),
  )
})

test('signBits() takes neither −0 nor NaN for negative', () => {
  const values = Float32Array.of(-0, Number.NaN, -Infinity, -(2 ** -149), 0, 1)
  assert.deepEqual([...signBits(values)], [0b1100])
  assert.deepEqual(signBits(new Float32Array(0)), new Uint32Array(0))
})

test('hammingDistance() gives the count of the reference', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word), { maxLength: 40 }), (both) => {
      const [a, b] = [Uint32Array.from(both, ([x]) => x), Uint32Array.from(both, ([, y]) => y)]
      assert.equal(hammingDistance(a, b), hammingReference(a, b))
    }),
  )
  assert.throws(() => hammingDistance(new Uint32Array(1), new Uint32Array(2)), { code: 'length-mismatch' })
})

test('nearestByHamming() gives index, distance and tie of the reference', () => {
  const rows = (words: number): fc.Arbitrary<Uint32Array> =>
    fc
      .array(fc.array(fc.oneof(word, fc.constantFrom(0, 1)), { minLength: words, maxLength: words }), { maxLength: 12 })
      .map((lists) => Uint32Array.from(lists.flat()))
  const input = fc.integer({ min: 1, max: 9 }).chain((words) => fc.tuple(rows(words), rows(words), fc.constant(words)))
  fc.assert(
    fc.property(input, ([queries, references, words]) => {
      const expected = nearestByHammingReference(queries, references, words)
      assert.deepEqual(nearestByHamming(queries, references, words), expected)
    }),
  )
})

test('nearestByHamming() goes on across tiles', () => {
  const references = Uint32Array.from({ length: 70_000 }, (_, i) => Math.imul(i, 2654435761))
  const queries = Uint32Array.of(references[69_999]!, references[3]!)
  assert.deepEqual([...nearestByHamming(queries, references, 1).index], [69_999, 3])
})

test('hammingDistances() gives the distances of the reference, from an array and from an arena', () => {
  const rows = fc.array(fc.array(fc.oneof(word, fc.constantFrom(0, 1)), { minLength: 5, maxLength: 5 }), {
    maxLength: 9,
  })
  fc.assert(
    fc.property(fc.array(word, { minLength: 5, maxLength: 5 }), rows, (asked, lists) => {
      const query = Uint32Array.from(asked)
      const expected = lists.map((list) => hammingReference(query, Uint32Array.from(list)))
      const references = Uint32Array.from(lists.flat())
      const found = new Uint16Array(lists.length)
      hammingDistances(query, references, found)
      assert.deepEqual([...found], expected)
      const arena = newKernelArena(references.byteLength)
      const placed = new Uint32Array(arena.buffer, arena.byteOffset, references.length)
      placed.set(references)
      hammingDistances(query, placed, found.fill(0))
      assert.deepEqual([...found], expected)
      releaseKernelArena(arena)
    }),
  )
})

test('hammingDistances() goes on across tiles and refuses what does not fit', () => {
  const references = Uint32Array.from({ length: 20_000 }, (_, i) => i)
  const out = new Uint16Array(20_000)
  hammingDistances(Uint32Array.of(0), references, out)
  assert.ok(out.every((distance, i) => distance === hammingReference(Uint32Array.of(i), Uint32Array.of(0))))
  assert.throws(() => hammingDistances(new Uint32Array(2048), new Uint32Array(0), new Uint16Array(0)), {
    code: 'vector-too-long',
  })
  assert.throws(() => hammingDistances(new Uint32Array(1), references, new Uint16Array(1)), { code: 'length-mismatch' })
})
