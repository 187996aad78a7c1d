import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permutation } from '../../testing/zoo.ts'
import { negativeControl } from './negative-control.ts'

/** Counts of fixed points of so many random permutations. */
function nullCounts(cells: number, seed: number): number[] {
  return Array.from({ length: cells }, (_, i) =>
    permutation(64, seed * 100_003 + i).reduce((count, unit, place) => count + Number(unit === place), 0),
  )
}

test('negativeControl() accepts independent numberings and reports their moments', () => {
  const control = negativeControl(nullCounts(900, 1))
  assert.ok(control?.holds)
  assert.ok(Math.abs(control.mean - 1) < 0.15 && Math.abs(control.variance - 1) < 0.2)
  assert.equal(
    control.counts.reduce((sum, count) => sum + count, 0),
    900,
  )
})

test('negativeControl() has p-values that are spread evenly under the null', () => {
  const ps = Array.from({ length: 200 }, (_, seed) => negativeControl(nullCounts(200, seed + 2))?.p ?? 0)
  for (const level of [0.1, 0.5, 0.9]) {
    const share = ps.filter((p) => p <= level).length / ps.length
    assert.ok(Math.abs(share - level) < 0.12, `${share} of the p-values are below ${level}`)
  }
})

test('negativeControl() fails for units that are sorted by one template', () => {
  const counts = nullCounts(300, 5).map((count, i) => (i % 4 === 0 ? count + 6 : count))
  const control = negativeControl(counts)
  assert.equal(control?.holds, false)
})

test('negativeControl() does not fail for counts that are lighter than Poisson', () => {
  const control = negativeControl(Array.from({ length: 400 }, () => 1))
  assert.ok(control !== null && control.p < 1e-3 && control.holds)
})

test('negativeControl() says nothing of no cells and does not reject a handful', () => {
  assert.equal(negativeControl([]), null)
  assert.equal(negativeControl([0, 1, 3])?.p, 1)
})
