import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256 } from '../base/index.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { newKernelBuffer, releaseKernelBuffer } from './kernel-memory.ts'
import { multiply, type ProductShape } from './multiply.ts'
import { floatOfBits } from './reference/floats.ts'
import { multiplyReference } from './reference/multiply.ts'
import { assertSameFloats } from './testing/same-floats.ts'

function random(count: number, seed: number): Float32Array {
  const next = seededRandom(seed)
  return Float32Array.from({ length: count }, () => next() - 0.5)
}

const element = fc.oneof(
  { weight: 6, arbitrary: fc.float({ noNaN: true, min: -2, max: 2 }) },
  fc.integer({ min: 0, max: 0xffffffff }).map(floatOfBits),
  fc.constantFrom(0, -0, 1, -1, 2 ** -50, -(2 ** -51), 2 ** -126),
)

function matrix(elements: number): fc.Arbitrary<Float32Array> {
  return fc.array(element, { minLength: elements, maxLength: elements }).map((values) => Float32Array.from(values))
}

const side = fc.integer({ min: 0, max: 19 })
const shape = fc.record({ rows: side, inner: side, columns: side, transposeA: fc.boolean(), transposeB: fc.boolean() })

test('multiply() gives the bits of the reference for matrices of any shape and any values', () => {
  const input = shape.chain((of) =>
    fc.tuple(matrix(of.rows * of.inner), matrix(of.inner * of.columns), fc.constant(of)),
  )
  fc.assert(
    fc.property(input, ([a, b, of]) => assertSameFloats(multiply(a, b, of), multiplyReference(a, b, of))),
    { numRuns: 200 },
  )
})

test('multiply() gives the bits of the reference across tiles, blocks and stretches', () => {
  for (const [rows, inner, columns] of [
    [1030, 5, 9],
    [7, 3, 1037],
    [261, 517, 11],
    [5, 1030, 13],
  ] as const) {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      const of: ProductShape = { rows, inner, columns, transposeA, transposeB }
      const [a, b] = [random(rows * inner, 1), random(inner * columns, 2)]
      assertSameFloats(multiply(a, b, of), multiplyReference(a, b, of))
    }
  }
})

test('multiply() gives the same bits on every machine', () => {
  const values = Float32Array.from({ length: 200 * 96 }, (_, i) => ((i * 7919) % 1009) / 1009 - 0.5)
  const product = multiply(values.subarray(0, 40 * 96), values.subarray(40 * 96), {
    rows: 40,
    inner: 96,
    columns: 160,
    transposeB: true,
  })
  assert.equal(
    sha256(new Uint8Array(product.buffer)),
    'cfc74b8a32a1ad9478eeb958b6b2faa7626dfbabe689d2cc2b92a0b947f68b2d',
  )
})

test('multiply() turns a vector by a quarter and back', () => {
  const turn = Float32Array.of(0, -1, 1, 0)
  const of = { rows: 2, inner: 2, columns: 1 }
  const turned = multiply(turn, Float32Array.of(3, 4), of)
  assert.deepEqual([...turned], [-4, 3])
  assert.deepEqual([...multiply(turn, turned, { ...of, transposeA: true })], [3, 4])
})

test('multiply() of nothing is zero, and a zero hides neither NaN nor infinity', () => {
  assert.deepEqual([...multiply(new Float32Array(0), new Float32Array(0), { rows: 2, inner: 0, columns: 1 })], [0, 0])
  const of = { rows: 1, inner: 2, columns: 1 }
  assert.ok(Number.isNaN(multiply(Float32Array.of(0, 1), Float32Array.of(Infinity, 1), of)[0]))
  assert.ok(Number.isNaN(multiply(Float32Array.of(2 ** -60, 1), Float32Array.of(Number.NaN, 1), of)[0]))
})

test('multiply() reads matrices that lie in the kernel memory where they are', () => {
  const buffer = newKernelBuffer(4 * 33 * 20)
  const placed = new Float32Array(buffer.buffer, buffer.byteOffset, 33 * 20)
  const values = random(placed.length, 3)
  placed.set(values)
  const of = { rows: 33, inner: 20, columns: 33, transposeB: true }
  assertSameFloats(multiply(placed, placed, of), multiplyReference(values, values, of))
  releaseKernelBuffer(buffer)
})

test('multiply() refuses matrices that are not of their shape', () => {
  const four = new Float32Array(4)
  assert.throws(() => multiply(four, four, { rows: 2, inner: 2, columns: 3 }), { code: 'length-mismatch' })
  assert.throws(() => multiply(four, four, { rows: 1, inner: 2, columns: 2 }), { code: 'length-mismatch' })
  assert.throws(() => multiply(four, four, { rows: -2, inner: -2, columns: -2 }), { code: 'length-mismatch' })
})
