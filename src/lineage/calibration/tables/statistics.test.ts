import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { logPoisson } from '../../../base/index.ts'
import { randomStream } from '../random.ts'
import { againstPoisson, areaUnderCurve, clusterInterval, shareOf, uniformity } from './statistics.ts'

test('areaUnderCurve() counts the pairs that stand in the right order, ties half', () => {
  const scores = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(scores, scores, (positives, negatives) => {
      const wins = positives.flatMap((x) => negatives.map((y) => (x > y ? 1 : x === y ? 0.5 : 0)))
      const share = wins.reduce<number>((sum, win) => sum + win, 0) / wins.length
      return Math.abs(areaUnderCurve(positives, negatives) - share) < 1e-12
    }),
  )
})

function poissonCounts(cells: number, factor = 1): number[] {
  const random = randomStream(`cells ${factor}`)
  const counts = Array.from({ length: 8 }, () => 0)
  for (let i = 0; i < cells; i++) {
    let [k, left] = [0, random()]
    while (k < 7 && left > Math.exp(logPoisson(k, factor))) left -= Math.exp(logPoisson(k++, factor))
    counts[k] = (counts[k] ?? 0) + 1
  }
  return counts
}

test('againstPoisson() and uniformity() accept Poisson(1) and reject a mean of 1.1', () => {
  const fair = poissonCounts(20_000)
  const heavy = poissonCounts(20_000, 1.1)
  assert.ok(againstPoisson(fair).p > 0.01)
  assert.ok(Math.abs(againstPoisson(fair).mean - 1) < 0.03)
  assert.ok(againstPoisson(heavy).p < 1e-3)
  assert.ok(uniformity(fair, 's').p > 0.01)
  assert.ok(uniformity(heavy, 's').p < 1e-3)
  assert.equal(
    uniformity(fair, 's').bins.reduce((sum, count) => sum + count, 0),
    20_000,
  )
})

test('clusterInterval() is wider than the plain interval when one model makes all the errors', () => {
  const names = Array.from({ length: 30 }, (_, i) => `m${i}`)
  const pairs = names.flatMap((a, i) => names.slice(0, i).map((b) => ({ a, b, count: Number(b === 'm0'), of: 1 })))
  const wrong = pairs.filter(({ count }) => count === 1).length
  const plain = shareOf(wrong, pairs.length)
  const cluster = clusterInterval(pairs, 's')
  assert.equal(cluster.low, 0)
  assert.ok(cluster.high > plain.high)
})

test('clusterInterval() of no error is nothing', () => {
  assert.deepEqual(clusterInterval([{ a: 'x', b: 'y', count: 0, of: 1 }], 's'), { low: 0, high: 0 })
})
