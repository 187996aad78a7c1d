import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { clopperPearson, incompleteBeta } from './effect.ts'

function near(actual: number, expected: number, tolerance = 1e-6): void {
  assert.ok(Math.abs(actual - expected) < tolerance, `${actual} is not ${expected}`)
}

test('clopperPearson() gives the published intervals', () => {
  const half = clopperPearson(5, 10)
  near(half.low, 0.187086, 1e-6)
  near(half.high, 0.812914, 1e-6)
  const one = clopperPearson(1, 20)
  near(one.low, 0.0012651, 1e-6)
  near(one.high, 0.2487328, 1e-6)
})

test('clopperPearson() has closed forms at both ends', () => {
  near(clopperPearson(0, 10).high, 1 - 0.025 ** (1 / 10), 1e-9)
  near(clopperPearson(640, 640).low, 0.025 ** (1 / 640), 1e-9)
  assert.equal(clopperPearson(640, 640).high, 1)
  assert.deepEqual(clopperPearson(0, 0), { share: 0, low: 0, high: 1 })
})

test('clopperPearson() refuses more successes than trials', () => {
  assert.throws(() => clopperPearson(3, 2), { code: 'bad-share' })
  assert.throws(() => clopperPearson(-1, 2), { code: 'bad-share' })
})

test('clopperPearson() holds the share and narrows with the number of units', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 400 }), (trials, any) => {
      const successes = any % (trials + 1)
      const { share, low, high } = clopperPearson(successes, trials)
      const more = clopperPearson(4 * successes, 4 * trials)
      return low <= share && share <= high && more.high - more.low <= high - low + 1e-9
    }),
  )
})

test('incompleteBeta() is the tail of the binomial distribution', () => {
  const tail = [3, 4, 5].reduce((sum, k) => sum + ([0, 0, 0, 10, 5, 1][k] ?? 0) * 0.3 ** k * 0.7 ** (5 - k), 0)
  near(incompleteBeta(3, 3, 0.3), tail, 1e-12)
  assert.equal(incompleteBeta(2, 2, 0), 0)
  assert.equal(incompleteBeta(2, 2, 1), 1)
})
