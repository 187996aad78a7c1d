import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { histogramQuantile, summariseHistogram } from './histogram-summary.ts'
import { histogram16, mergeHistograms } from './histogram.ts'
import { histogram16Reference } from './reference/vectors.ts'

const codes = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 }).map((list) => Uint16Array.from(list))

test('histogram16() counts as the reference does, also into earlier counts', () => {
  fc.assert(
    fc.property(codes, codes, (first, second) => {
      const counts = histogram16(second, { counts: histogram16(first) })
      assert.deepEqual(counts, histogram16Reference(Uint16Array.from([...first, ...second])))
    }),
    { numRuns: 20 },
  )
})

test('histogram16() counts long runs of one code', () => {
  const counts = histogram16(new Uint16Array(2_500_001).fill(5))
  assert.equal(counts[5], 2_500_001)
})

test('mergeHistograms() adds the counts of the parts up to those of the whole', () => {
  const [a, b] = [Uint16Array.of(1, 2, 2), Uint16Array.of(2, 65_535)]
  assert.deepEqual(mergeHistograms(histogram16(a), histogram16(b)), histogram16(Uint16Array.of(1, 2, 2, 2, 65_535)))
  assert.throws(() => mergeHistograms(new Float64Array(1), histogram16(a)), { code: 'histogram-size' })
})

test('summariseHistogram() gives exact counts, range and moments of f16 values', () => {
  const values = Float16Array.of(1, -3, 2, 0, -0, 2, Number.NaN, Infinity, -Infinity)
  const summary = summariseHistogram(histogram16(new Uint16Array(values.buffer)), 'f16')
  const { count, zeros, nans, infinities, finite, distinct, minimum, maximum, sumOfSquares } = summary
  assert.deepEqual(
    { count, zeros, nans, infinities, finite, distinct },
    { count: 9, zeros: 2, nans: 1, infinities: 2, finite: 6, distinct: 4 },
  )
  assert.deepEqual({ minimum, maximum, sumOfSquares }, { minimum: -3, maximum: 2, sumOfSquares: 18 })
  assert.equal(summary.mean, 2 / 6)
  assert.ok(Math.abs(summary.variance - (3 - 1 / 9)) < 1e-12)
  assert.equal(summary.rootMeanSquare, Math.sqrt(3))
})

test('summariseHistogram() reads bf16 codes and gives a two-point distribution kurtosis 1', () => {
  const { mean, kurtosis } = summariseHistogram(histogram16(Uint16Array.of(0x3f80, 0xbf80)), 'bf16')
  assert.deepEqual({ mean, kurtosis }, { mean: 0, kurtosis: 1 })
})

test('summariseHistogram() of nothing has no moments', () => {
  const { count, mean, minimum } = summariseHistogram(histogram16(new Uint16Array(0)), 'bf16')
  assert.deepEqual({ count, mean, minimum }, { count: 0, mean: Number.NaN, minimum: Number.NaN })
})

test('histogramQuantile() is the value at that rank of the sorted finite values', () => {
  const values = Float16Array.from([5, -1, 3, 3, 8, Infinity, -7, 0.5])
  const counts = histogram16(new Uint16Array(values.buffer))
  const sorted = [...values].filter(Number.isFinite).sort((a, b) => a - b)
  for (const q of [0.01, 0.25, 0.5, 0.75, 1])
    assert.equal(histogramQuantile(counts, 'f16', q), sorted[Math.ceil(q * sorted.length) - 1])
  assert.equal(histogramQuantile(new Float64Array(65_536), 'f16', 0.5), Number.NaN)
})
