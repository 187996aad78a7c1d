import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dot, dotF32, rowNorms, sumOfSquares } from './dot.ts'
import { floatOfBits } from './reference/floats.ts'
import { dotF32Reference, dotReference } from './reference/vectors.ts'

const value = fc.oneof(
  { weight: 4, arbitrary: fc.float({ noNaN: true, min: -8, max: 8 }) },
  fc.integer({ min: 0, max: 0xffffffff }).map(floatOfBits),
)
const pairs = fc.array(fc.tuple(value, value), { maxLength: 100 })

test('dot() and dotF32() give the bits of the reference for vectors of any length', () => {
  fc.assert(
    fc.property(pairs, (both) => {
      const a = Float32Array.from(both, ([x]) => x)
      const b = Float32Array.from(both, ([, y]) => y)
      assert.deepEqual(dot(a, b), dotReference(a, b))
      assert.deepEqual(dotF32(a, b), dotF32Reference(a, b))
      assert.deepEqual(sumOfSquares(a), dotReference(a, a))
    }),
    { numRuns: 300 },
  )
})

test('dot() is exact where f32 is not', () => {
  const a = Float32Array.of(2 ** 24, 1, -(2 ** 24))
  assert.equal(dot(a, Float32Array.of(1, 1, 1)), 1)
})

test('dot() counts subnormal elements as zero', () => {
  assert.equal(sumOfSquares(Float32Array.of(2 ** -127, 2 ** -126)), 2 ** -252)
})

test('rowNorms() gives the norm of every row', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 0, max: 40 }), (dimension, rows) => {
      const matrix = Float32Array.from({ length: rows * dimension }, (_, i) => Math.sin(i))
      const expected = Array.from({ length: rows }, (_, row) => {
        const part = matrix.subarray(row * dimension, (row + 1) * dimension)
        return Math.sqrt(dotReference(part, part))
      })
      assert.deepEqual([...rowNorms(matrix, dimension)], expected)
    }),
    { numRuns: 50 },
  )
})

test('dot() and rowNorms() refuse lengths that do not fit', () => {
  assert.throws(() => dot(new Float32Array(3), new Float32Array(4)), { code: 'length-mismatch' })
  assert.throws(() => rowNorms(new Float32Array(3), 2), { code: 'partial-row' })
  assert.throws(() => rowNorms(new Float32Array(3), 0), { code: 'partial-row' })
})
