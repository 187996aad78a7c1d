import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { draw, pairSeed, PUBLIC_SEED, seedKey } from './sampling.ts'

test('draw() gives distinct ascending numbers below the size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 300 }), (size, count) => {
      const numbers = [...draw(PUBLIC_SEED, 'units', { size, count })]
      const isAscending = numbers.every((number, i) => number < size && (i === 0 || number > (numbers[i - 1] ?? 0)))
      return isAscending && numbers.length === Math.min(size, count)
    }),
  )
})

test('draw() from a narrower layer is what of the wider draw fits into it, as far as it goes', () => {
  const wide = draw(PUBLIC_SEED, 'units', { size: 1600, count: 64 })
  const narrow = new Set(draw(PUBLIC_SEED, 'units', { size: 1200, count: 64 }))
  const fitting = [...wide].filter((unit) => unit < 1200)
  assert.ok(fitting.length > 30)
  assert.ok(fitting.every((unit) => narrow.has(unit)))
})

test('draw() draws every number about equally often', () => {
  const times = new Uint32Array(100)
  for (let i = 0; i < 2000; i++)
    for (const unit of draw(pairSeed(`${i}`, 'b'), 'units', { size: 100, count: 10 }))
      times[unit] = (times[unit] ?? 0) + 1
  const statistic = times.reduce((sum, count) => sum + (count - 200) ** 2 / 180, 0)
  assert.ok(statistic < 149, `chi-squared ${statistic} with 99 degrees of freedom`)
})

test('draw() differs by purpose and by seed', () => {
  const units = draw(PUBLIC_SEED, 'units', { size: 1000, count: 20 })
  assert.notDeepEqual(units, draw(PUBLIC_SEED, 'tokens', { size: 1000, count: 20 }))
  assert.notDeepEqual(units, draw(pairSeed('a', 'b'), 'units', { size: 1000, count: 20 }))
})

test('pairSeed() does not mind which of the two comes first', () => {
  assert.equal(pairSeed('tw1:a', 'tw1:b'), pairSeed('tw1:b', 'tw1:a'))
  assert.notEqual(seedKey(pairSeed('a', 'b'), 'x'), seedKey(pairSeed('a', 'c'), 'x'))
})
