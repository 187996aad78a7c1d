import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../testing/seeded-random.ts'
import { PANEL_ENOUGH, rankAmong } from './panel.ts'

const MANY = Array.from({ length: PANEL_ENOUGH }, () => 1)

test('rankAmong() counts those that score at least as high, and itself', () => {
  assert.deepEqual(rankAmong(3, [1, 2, 3, 4]), { models: 4, atLeast: 2, p: 0.6, enough: false })
  assert.deepEqual(rankAmong(1, []), { models: 0, atLeast: 0, p: 1, enough: false })
  assert.equal(rankAmong(5, MANY).p, 1 / (PANEL_ENOUGH + 1))
  assert.equal(rankAmong(5, MANY).enough, true)
})

test('rankAmong() gives p that are no smaller than they should be when the candidate is one of many, ties or not', () => {
  const random = seededRandom(7)
  for (const draw of [random, () => Math.floor(4 * random())]) {
    const found = Array.from({ length: 4000 }, () => rankAmong(draw(), Array.from({ length: 39 }, draw)).p)
    for (const alpha of [0.025, 0.05, 0.1, 0.25, 0.5]) {
      const share = found.filter((p) => p <= alpha).length / found.length
      assert.ok(share <= alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / found.length), `${share} at ${alpha}`)
    }
  }
})
