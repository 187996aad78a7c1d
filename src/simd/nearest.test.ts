import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256 } from '../base/index.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { nearestByCosine, NO_NEIGHBOUR } from './nearest.ts'
import { floatOfBits } from './reference/floats.ts'
import { nearestByCosineReference } from './reference/vectors.ts'

function random(count: number, seed: number): Float32Array {
  const next = seededRandom(seed)
  return Float32Array.from({ length: count }, () => next() - 0.5)
}

const element = fc.oneof(
  { weight: 6, arbitrary: fc.float({ noNaN: true, min: -2, max: 2 }) },
  fc.integer({ min: 0, max: 0xffffffff }).map(floatOfBits),
  fc.constantFrom(0, -0, 1, -1),
)

/** A matrix of rows, some of which are zero, not finite, or twice there. */
function matrix(dimension: number): fc.Arbitrary<Float32Array> {
  const row = fc.oneof(
    { weight: 6, arbitrary: fc.array(element, { minLength: dimension, maxLength: dimension }) },
    fc.constantFrom(0, 1, Infinity, Number.NaN).map((value) => Array.from({ length: dimension }, () => value)),
  )
  return fc.array(row, { maxLength: 21 }).map((rows) => Float32Array.from(rows.flat()))
}

test('nearestByCosine() gives the bits of the reference for any rows', () => {
  const input = fc
    .integer({ min: 1, max: 19 })
    .chain((dimension) => fc.tuple(matrix(dimension), matrix(dimension), fc.constant(dimension), fc.boolean()))
  fc.assert(
    fc.property(input, ([queries, references, dimension, absolute]) => {
      const expected = nearestByCosineReference(queries, references, dimension, { absolute })
      assert.deepEqual(nearestByCosine(queries, references, dimension, { absolute }), expected)
    }),
    { numRuns: 150 },
  )
})

test('nearestByCosine() gives the bits of the reference across tiles and stretches of dimensions', () => {
  for (const [m, h, dimension] of [
    [5, 300, 1030],
    [70, 40, 515],
    [9, 2100, 6],
    [2060, 9, 7],
  ] as const) {
    const [queries, references] = [random(m * dimension, 1), random(h * dimension, 2)]
    for (const absolute of [false, true]) {
      const expected = nearestByCosineReference(queries, references, dimension, { absolute })
      assert.deepEqual(nearestByCosine(queries, references, dimension, { absolute }), expected)
    }
  }
})

test('nearestByCosine() gives the same bits on every machine', () => {
  const values = Float32Array.from({ length: 200 * 96 }, (_, i) => ((i * 7919) % 1009) / 1009 - 0.5)
  const { index, similarity } = nearestByCosine(values.subarray(0, 40 * 96), values.subarray(40 * 96), 96)
  assert.equal(
    sha256(new Uint8Array(similarity.buffer)),
    '9572f0d6fe808e0d4d8858c77041dee1bb2f6653d5f6dc00b257dd9d78581353',
  )
  assert.equal(sha256(new Uint8Array(index.buffer)), '0fd5b0b7212189d780b4bbe1321dcbc01475df0bdbebafd947dd0c86d304c02b')
})

test('nearestByCosine() finds a shuffled, scaled and flipped copy', () => {
  const rows = random(64 * 33, 3)
  const copy = Float32Array.from({ length: rows.length }, (_, i) => {
    const row = Math.floor(i / 33)
    return rows[((row * 5) % 64) * 33 + (i % 33)]! * (row % 2 === 0 ? 3 : -0.25)
  })
  const { index, similarity, tied } = nearestByCosine(copy, rows, 33, { absolute: true })
  assert.deepEqual(
    [...index],
    Array.from({ length: 64 }, (_, row) => (row * 5) % 64),
  )
  assert.ok(similarity.every((cosine, row) => Math.abs(cosine - (row % 2 === 0 ? 1 : -1)) < 1e-6))
  assert.ok(tied.every((flag) => flag === 0))
})

test('nearestByCosine() names the lowest of equal rows and says that there is another', () => {
  const { index, tied } = nearestByCosine(Float32Array.of(1, 1), Float32Array.of(1, 0, 2, 2, 3, 3), 2)
  assert.deepEqual([[...index], [...tied]], [[1], [1]])
})

test('nearestByCosine() gives rows without a direction no neighbour', () => {
  const references = Float32Array.of(0, 0, Number.NaN, 1, 1, 0)
  const queries = Float32Array.of(0, 0, Infinity, 1, -1, 0)
  assert.deepEqual([...nearestByCosine(queries, references, 2).index], [NO_NEIGHBOUR, NO_NEIGHBOUR, 2])
  assert.deepEqual([...nearestByCosine(queries, references.subarray(0, 4), 2).index], Array(3).fill(NO_NEIGHBOUR))
})

test('nearestByCosine() refuses broken rows and rows that are too wide', () => {
  assert.throws(() => nearestByCosine(new Float32Array(5), new Float32Array(4), 2), { code: 'partial-row' })
  const wide = new Float32Array(2 ** 18 + 1)
  assert.throws(() => nearestByCosine(wide, wide, wide.length), { code: 'dimension-too-large' })
})
