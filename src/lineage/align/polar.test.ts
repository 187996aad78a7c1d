import assert from 'node:assert/strict'
import { test } from 'node:test'
import { multiply } from '../../simd/index.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import type { Matrix } from './frame.ts'
import { polarFactor } from './polar.ts'

function randomMatrix(rows: number, columns: number, seed: number): Matrix {
  const random = seededRandom(seed)
  const values = Float32Array.from({ length: rows * columns }, () => random() + random() + random() - 1.5)
  return { rows, columns, values }
}

/** A symmetric matrix with positive eigenvalues, in no special basis. */
function positive(side: number, seed: number): Float32Array {
  const { values } = randomMatrix(side, 2 * side, seed)
  return multiply(values, values, { rows: side, inner: 2 * side, columns: side, transposeB: true })
}

test('polarFactor() finds the rotation by which a positive matrix was turned', () => {
  const rotation = polarFactor(randomMatrix(48, 48, 1))
  assert.ok(rotation !== null && rotation.defect < 1e-5)
  const values = multiply(positive(48, 2), rotation.values, { rows: 48, inner: 48, columns: 48 })
  const found = polarFactor({ rows: 48, columns: 48, values })
  assert.ok(found !== null && found.defect < 1e-5)
  for (const [i, value] of found.values.entries())
    assert.ok(Math.abs(value - (rotation.values[i] ?? 0)) < 1e-3, `element ${i}`)
})

test('polarFactor() makes the smaller side orthonormal, whichever it is', () => {
  for (const [rows, columns] of [
    [40, 24],
    [24, 40],
  ] as const) {
    const found = polarFactor(randomMatrix(rows, columns, 3))
    assert.ok(found !== null && found.defect < 1e-5)
    const side = Math.min(rows, columns)
    const shape = { rows: side, inner: Math.max(rows, columns), columns: side }
    const gram = multiply(
      found.values,
      found.values,
      rows < columns ? { ...shape, transposeB: true } : { ...shape, transposeA: true },
    )
    for (let i = 0; i < side; i++) assert.ok(Math.abs((gram[i * side + i] ?? 0) - 1) < 1e-4)
  }
})

test('polarFactor() has nothing to say of zero or of what is no number', () => {
  assert.equal(polarFactor({ rows: 4, columns: 4, values: new Float32Array(16) }), null)
  assert.equal(polarFactor({ rows: 2, columns: 2, values: Float32Array.of(1, 2, Number.NaN, 1) }), null)
})
