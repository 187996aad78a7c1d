import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../testing/seeded-random.ts'
import { singularValues } from './singular-values.ts'
import { roundingTest } from './rounding.ts'
import { centredCorrelation } from './shared-training.ts'
import { subspaceOverlap } from './subspace.ts'
import { nearestShapes } from './unit-shape.ts'

function noise(count: number, seed: number): Float32Array {
  const random = seededRandom(seed)
  return Float32Array.from({ length: count }, () => random() + random() + random() - 1.5)
}

test('subspaceOverlap() is 1 for a layer and itself in another basis, and about 0 for unrelated layers', () => {
  const a = { rows: noise(128 * 32, 1), dimension: 32 }
  const mirrored = { rows: a.rows.map((value, i) => (i % 32 === 3 ? -value : value)), dimension: 32 }
  assert.ok(subspaceOverlap(a, mirrored) > 0.999)
  assert.ok(Math.abs(subspaceOverlap(a, { rows: noise(128 * 48, 2), dimension: 48 })) < 0.1)
})

test('subspaceOverlap() sees a shared structure through independent noise', () => {
  const shared = noise(128, 3)
  const layer = (seed: number): Float32Array =>
    noise(128 * 32, seed).map((value, i) => value + 3 * (shared[Math.floor(i / 32)] ?? 0) * Math.sin(i % 32))
  assert.ok(subspaceOverlap({ rows: layer(4), dimension: 32 }, { rows: layer(5), dimension: 32 }) > 0.08)
})

test('subspaceOverlap() bears a layer of zeros', () => {
  const zero = { rows: new Float32Array(64 * 16), dimension: 16 }
  assert.ok(Number.isFinite(subspaceOverlap(zero, zero)))
})

test('singularValues() finds the rank of a sum of outer products', () => {
  const [x, y, u, v] = [noise(32, 6), noise(32, 7), noise(32, 8), noise(32, 9)]
  const columns = Array.from({ length: 32 }, (_, j) =>
    Float64Array.from({ length: 32 }, (__, i) => (x[i] ?? 0) * (y[j] ?? 0) + (u[i] ?? 0) * (v[j] ?? 0)),
  )
  const values = singularValues(columns)
  assert.equal(values.filter((value) => value > 1e-6).length, 2)
})

test('roundingTest() accepts two roundings of one number and refuses the next ones', () => {
  const isSame = roundingTest('F16', 'BF16')
  assert.ok(isSame !== null)
  for (const value of noise(2000, 10)) {
    const bits = new Uint32Array(Float32Array.of(value).buffer)
    const bf16 =
      new Float32Array(
        Uint32Array.of((((bits[0] ?? 0) + 0x7fff + (((bits[0] ?? 0) >>> 16) & 1)) >>> 16) << 16).buffer,
      )[0] ?? 0
    assert.ok(isSame(Math.f16round(value), bf16), `${value}`)
    assert.equal(isSame(Math.f16round(value), bf16 * 1.02), value === 0)
  }
  assert.equal(roundingTest('q8_0', 'BF16'), null)
})

test('centredCorrelation() does not see what both share as a constant', () => {
  const gains = noise(576, 11).map((value) => 1 + 0.1 * value)
  const other = noise(576, 12).map((value) => 1 + 0.1 * value)
  assert.ok(Math.abs(centredCorrelation(gains, other)) < 0.15)
  assert.ok(
    centredCorrelation(
      gains,
      gains.map((value) => 3 * value + 2),
    ) > 0.9999,
  )
  assert.equal(
    centredCorrelation(
      gains,
      gains.map(() => 1),
    ),
    0,
  )
})

test('nearestShapes() gives no neighbour where two are exactly as near', () => {
  const rows = [
    [0, 0],
    [1, 0],
    [1, 0],
  ].map((row) => Float64Array.from(row))
  assert.deepEqual([...nearestShapes(rows, rows)], [0, -1, -1])
})
