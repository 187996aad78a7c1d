import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256 } from '../base/index.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { countSketch } from './count-sketch.ts'
import { countSketchReference } from './reference/count-sketch.ts'
import { floatOfBits } from './reference/floats.ts'

const anyBits = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 0xffffffff }) },
  fc.constantFrom(0x7f800000, 0xff800000, 0x7fc00000, 1, 0x80000000, 0x00800000, 0x3f000000, 0x3f800000),
)
const scale = fc.constantFrom(2 ** -100, 0.37, 1, 4096, 81_920.3, 2 ** 30, 2 ** 100)
const place = { scale, seed: fc.integer({ min: 0, max: 0xffffffff }), start: fc.integer({ min: 0, max: 2 ** 40 }) }

function normal(count: number, seed: number): Float32Array {
  const random = seededRandom(seed)
  return Float32Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  )
}

function sketch(values: Float32Array, seed = 7, segments = 1): Float64Array {
  const buckets = new Float64Array(1024 * segments)
  countSketch(values, { buckets, scale: 4096, seed })
  return buckets
}

function cosine(a: Float64Array, b: Float64Array): number {
  const inner = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, i) => sum + value * y[i]!, 0)
  return inner(a, b) / Math.sqrt(inner(a, a) * inner(b, b))
}

test('countSketch() gives the bits of the reference for any f32 from any start', () => {
  fc.assert(
    fc.property(
      fc.array(anyBits, { maxLength: 3000 }),
      fc.record(place),
      fc.integer({ min: 1, max: 3 }),
      (words, options, segments) => {
        const values = Float32Array.from(words, floatOfBits)
        const [actual, expected] = [new Float64Array(1024 * segments), new Float64Array(1024 * segments)]
        countSketch(values, { ...options, buckets: actual })
        countSketchReference(values, { ...options, buckets: expected })
        assert.deepEqual(actual, expected)
      },
    ),
    { numRuns: 30 },
  )
})

test('countSketch() takes bf16 codes for their values', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 3000 }),
      fc.record(place),
      (codes, options) => {
        const [actual, expected] = [new Float64Array(1024), new Float64Array(1024)]
        countSketch(Uint16Array.from(codes), { ...options, buckets: actual })
        countSketch(
          Float32Array.from(codes, (code) => floatOfBits(code << 16)),
          { ...options, buckets: expected },
        )
        assert.deepEqual(actual, expected)
      },
    ),
    { numRuns: 30 },
  )
})

test('countSketch() is what fingerprints in the register were made with', () => {
  const values = Float32Array.from({ length: 5000 }, (_, i) => ((i * 7919) % 1009) / 1009 - 0.5)
  const buckets = new Float64Array(2048)
  countSketch(values, { buckets, scale: 4096, seed: 20_261_123, start: 300 })
  assert.equal(
    sha256(new Uint8Array(buckets.buffer)),
    'c6eb7381a12b222da3d4897a20c29f15bff5e20778a06c3d56aa1e55a32aae4c',
  )
})

test('countSketch() of the parts is that of the whole, wherever it is cut', () => {
  const values = normal(200_000, 1)
  const whole = sketch(values, 7, 4)
  const parts = new Float64Array(4096)
  let start = 0
  for (const length of [1, 1022, 3, 70_000, 65_536, 12_345, 51_093]) {
    countSketch(values.subarray(start, start + length), { buckets: parts, scale: 4096, seed: 7, start })
    start += length
  }
  assert.equal(start, values.length)
  assert.deepEqual(parts, whole)
})

test('countSketch() keeps the cosine of two tensors and tells unrelated ones apart', () => {
  const [a, noise] = [normal(100_000, 1), normal(100_000, 2)]
  const kin = a.map((value, i) => 0.6 * value + 0.8 * noise[i]!)
  const error = 4 / Math.sqrt(1024)
  assert.ok(Math.abs(cosine(sketch(a), sketch(kin)) - 0.6) < error)
  assert.ok(Math.abs(cosine(sketch(a), sketch(noise))) < error)
  assert.ok(Math.abs(cosine(sketch(a, 1), sketch(a, 2))) < error, 'another seed is another sketch')
})

test('countSketch() does not overflow when 5,000 of the largest values share a bucket', () => {
  const values = new Float32Array(1024 * 5000)
  for (let block = 0; block < 5000; block++) values[1024 * block] = Infinity
  const buckets = new Float64Array(1024)
  countSketch(values, { buckets, scale: 1, seed: 0 })
  const total = buckets.reduce((sum, value) => sum + Math.abs(value), 0)
  assert.equal(total % 2 ** 20, 0)
  assert.ok(total <= 5000 * 2 ** 20 && total > 0)
})

test('countSketch() refuses odd sizes and scales', () => {
  const values = new Float32Array(8)
  assert.throws(() => countSketch(values, { buckets: new Float64Array(1000), scale: 1, seed: 0 }), {
    code: 'sketch-size',
  })
  assert.throws(() => countSketch(values, { buckets: new Float64Array(0), scale: 1, seed: 0 }), { code: 'sketch-size' })
  for (const bad of [0, -1, Infinity, Number.NaN])
    assert.throws(() => countSketch(values, { buckets: new Float64Array(1024), scale: bad, seed: 0 }), {
      code: 'sketch-scale',
    })
})
