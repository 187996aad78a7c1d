import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chiSquaredTail } from './chi-squared.ts'

test('chiSquaredTail() agrees with the tables', () => {
  const table = [
    [3.841, 1, 0.05],
    [5.991, 2, 0.05],
    [7.815, 3, 0.05],
    [16.266, 3, 0.001],
    [11.07, 5, 0.05],
    [18.307, 10, 0.05],
  ] as const
  for (const [statistic, freedom, p] of table)
    assert.ok(Math.abs(chiSquaredTail(statistic, freedom) - p) < p / 100, `${statistic} with ${freedom}`)
})

test('chiSquaredTail() of two degrees of freedom is exp(-x/2)', () => {
  for (const x of [0.1, 1, 5, 40]) assert.ok(Math.abs(chiSquaredTail(x, 2) / Math.exp(-x / 2) - 1) < 1e-12)
})

test('chiSquaredTail() is 1 at zero and falls', () => {
  assert.equal(chiSquaredTail(0, 4), 1)
  assert.ok(chiSquaredTail(100, 4) < 1e-15)
})
