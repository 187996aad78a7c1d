import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incompleteBeta } from '../weights/effect.ts'
import { log10BinomialTail, log10HypergeometricTail, log10MixedPairsTail } from './tails.ts'

test('log10BinomialTail() is the tail of the binomial distribution', () => {
  for (const [n, k, p] of [
    [10, 7, 0.3],
    [160, 40, 0.1],
    [500, 30, 0.02],
  ] as const)
    assert.ok(Math.abs(log10BinomialTail(n, k, p) - Math.log10(incompleteBeta(k, n - k + 1, p))) < 1e-9)
})

test('log10BinomialTail() goes below what a double holds, and is 0 up to the mean', () => {
  assert.ok(Math.abs(log10BinomialTail(1000, 1000, 0.01) + 2000) < 1e-6)
  assert.equal(log10BinomialTail(100, 10, 0.1), 0)
  assert.equal(log10BinomialTail(100, 100, 1), 0)
})

test('log10HypergeometricTail() is the share of draws', () => {
  // 3 of 5 balls are marked, 2 are drawn: both marked in 3 of 10 draws, at least one in 9 of 10
  const urn = { balls: 5, marked: 3, drawn: 2 }
  assert.ok(Math.abs(log10HypergeometricTail(urn, 2) - Math.log10(0.3)) < 1e-12)
  assert.ok(Math.abs(log10HypergeometricTail(urn, 1) - Math.log10(0.9)) < 1e-12)
  assert.equal(log10HypergeometricTail(urn, 0), 0)
  assert.equal(log10HypergeometricTail(urn, 3), -Infinity)
  assert.equal(log10HypergeometricTail({ balls: 4, marked: 4, drawn: 2 }, 2), 0)
})

test('log10MixedPairsTail() is the share of labellings, counted one by one', () => {
  for (const [balls, marked, pairs] of [
    [8, 4, 4],
    [9, 3, 3],
    [10, 6, 2],
  ] as const) {
    const mixed: number[] = []
    for (let labels = 0; labels < 2 ** balls; labels++) {
      const isMarked = (ball: number): boolean => ((labels >> ball) & 1) === 1
      const chosen = Array.from({ length: balls }, (_, ball) => isMarked(ball)).filter(Boolean).length
      if (chosen !== marked) continue
      mixed.push(
        Array.from({ length: pairs }, (_, p) => isMarked(2 * p) !== isMarked(2 * p + 1)).filter(Boolean).length,
      )
    }
    for (let k = 0; k <= pairs; k++) {
      const share = mixed.filter((count) => count >= k).length / mixed.length
      const found = 10 ** log10MixedPairsTail({ balls, marked, pairs }, k)
      assert.ok(Math.abs(found - share) < 1e-9, `${k} of ${pairs}: ${found}, ${share}`)
    }
  }
})
