import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../testing/seeded-random.ts'
import { singularValues } from '../weights/singular-values.ts'
import { countDirections } from './count-directions.ts'

test('countDirections() counts as the singular values themselves do', () => {
  const random = seededRandom(7)
  for (const [count, length, rank] of [
    [12, 30, 12],
    [40, 40, 40],
    [40, 25, 9],
    [1, 5, 1],
    [64, 64, 3],
  ] as const) {
    const basis = Array.from({ length: rank }, () => Float64Array.from({ length }, () => random() - 0.5))
    const columns = Array.from({ length: count }, () => {
      const mix = basis.map(() => random() - 0.5)
      return Float64Array.from({ length }, (_, i) => mix.reduce((sum, each, k) => sum + each * (basis[k]?.[i] ?? 0), 0))
    })
    const values = singularValues(columns.map((column) => Float64Array.from(column)))
    for (const threshold of [1e-5, 0.05, 0.3, 1, 2, 100])
      assert.equal(
        countDirections(columns, threshold),
        values.filter((value) => value > threshold).length,
        `${count} columns of rank ${rank} above ${threshold}`,
      )
  }
})
