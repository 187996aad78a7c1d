import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { planRanges, rangeBytes, type WantedRange } from './plan-ranges.ts'

const range = fc
  .tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(1000), fc.integer({ min: 1, max: 60 }))
  .map(([file, from, length]): WantedRange => ({ file, from, to: from + length }))

test('planRanges() covers all that is wanted by ranges that ascend and do not touch, no more than allowed', () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 30 }), fc.integer({ min: 3, max: 12 }), (wanted, requests) => {
      const plan = planRanges(wanted, { requests, gap: 0 })
      assert.ok(plan.length <= requests)
      for (const { file, from, to } of wanted)
        assert.ok(plan.some((each) => each.file === file && each.from <= from && to <= each.to))
      plan.forEach((each, i) => {
        const before = plan[i - 1]
        assert.ok(
          before === undefined || before.file < each.file || (before.file === each.file && before.to < each.from),
        )
      })
    }),
  )
})

test('planRanges() closes the smallest gaps: no other choice of as many ranges takes fewer bytes', () => {
  const numbers = fc.uniqueArray(fc.nat(200), { minLength: 2, maxLength: 9 })
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 9 }), (places, requests) => {
      const wanted = places.map((place): WantedRange => ({ file: 'a', from: 2 * place, to: 2 * place + 1 }))
      const sorted = wanted.map(({ from }) => from).toSorted((a, b) => a - b)
      const gaps = sorted.slice(1).map((from, i) => from - (sorted[i] ?? 0) - 1)
      const closed = gaps.toSorted((a, b) => a - b).slice(0, Math.max(0, wanted.length - requests))
      const least = wanted.length + closed.reduce((sum, gap) => sum + gap, 0)
      assert.equal(rangeBytes(planRanges(wanted, { requests, gap: 0 })), least)
    }),
  )
})

test('planRanges() closes small gaps in any case', () => {
  const wanted = [0, 10, 100].map((from): WantedRange => ({ file: 'a', from, to: from + 1 }))
  assert.deepEqual(
    planRanges(wanted, { requests: 9, gap: 9 }).map(({ from, to }) => [from, to]),
    [
      [0, 11],
      [100, 101],
    ],
  )
})
