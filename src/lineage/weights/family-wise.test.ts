import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../testing/seeded-random.ts'
import { permutation } from '../../testing/zoo.ts'
import { combineLog10 } from './family-wise.ts'
import { log10Tail } from './fixed-point.ts'

test('combineLog10() is 0 when no cell is worth its price', () => {
  assert.equal(combineLog10([], 10), 0)
  assert.equal(combineLog10([{ log10p: -2, counts: 160 }], 48), 0)
})

test('combineLog10() charges each counted cell for the choice among all', () => {
  const one = combineLog10([{ log10p: -20, counts: 100 }], 10)
  assert.ok(Math.abs(one - (-20 + 3 + Math.LOG10E)) < 1e-9)
  const two = combineLog10(
    [
      { log10p: -20, counts: 100 },
      { log10p: -20, counts: 100 },
      { log10p: -1, counts: 100 },
    ],
    10,
  )
  assert.ok(Math.abs(two - (-34 + Math.LOG10E)) < 1e-9)
})

test('combineLog10() keeps its level: of 2,000 pairs of unrelated models hardly any falls below 0.1', () => {
  const random = seededRandom(3)
  let below = 0
  for (let pair = 0; pair < 2000; pair++) {
    const cells = Array.from({ length: 4 }, () => {
      const best = Math.max(...Array.from({ length: 4 }, () => fixed(permutation(64, Math.floor(random() * 2 ** 32)))))
      return { log10p: log10Tail(64, 64, best), counts: 64 }
    })
    if (combineLog10(cells, 16) <= -1) below += 1
  }
  assert.ok(below <= 0.1 * 2000, `${below} of 2000`)
})

function fixed(map: Uint32Array): number {
  return map.reduce((count, unit, place) => count + Number(unit === place), 0)
}
