import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { permutation } from '../../testing/zoo.ts'
import { fixedPoints, log10Tail } from './fixed-point.ts'

test('log10Tail() is the exact probability when all units are fixed', () => {
  assert.ok(Math.abs(log10Tail(5, 5, 5) - Math.log10(1 / 120)) < 1e-12)
  assert.ok(Math.abs(log10Tail(160, 160, 160) + 284.6734562406829) < 1e-9)
})

test('log10Tail() is the expected number of fixed k-subsets, C(m,k)(h-k)!/h!', () => {
  const byHand = Math.log10((10 * 9 * 8) / 6 / (20 * 19 * 18))
  assert.ok(Math.abs(log10Tail(10, 20, 3) - byHand) < 1e-12)
})

test('log10Tail() bounds what 20,000 random permutations do', () => {
  const identity = Uint32Array.from({ length: 64 }, (_, i) => i)
  const counts = Array.from({ length: 20_000 }, (_, seed) => fixedPoints(identity, permutation(64, seed), 64).fixed)
  for (const k of [1, 2, 3, 4, 5]) {
    const observed = counts.filter((count) => count >= k).length / counts.length
    const tolerance = 3 * Math.sqrt(observed / counts.length)
    assert.ok(observed <= 10 ** log10Tail(64, 64, k) + tolerance, `tail at ${k}`)
  }
})

test('log10Tail() also bounds maps that send many units to one', () => {
  const hub = permutation(64, 1).map((unit) => unit % 8)
  const counts = Array.from({ length: 5000 }, (_, seed) => {
    const numbers = permutation(64, seed + 7)
    return fixedPoints(numbers, hub, 64).fixed
  })
  for (const k of [1, 2, 3, 4]) {
    const observed = counts.filter((count) => count >= k).length / counts.length
    assert.ok(observed <= 10 ** log10Tail(64, 64, k) + 3 * Math.sqrt((observed + 1e-4) / counts.length), `tail at ${k}`)
  }
})

test('log10Tail() never grows when one more unit is fixed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 64, max: 512 }),
      fc.integer({ min: 1, max: 63 }),
      (width, k) => log10Tail(width, width, k) <= log10Tail(width, width, k - 1) + 1e-9,
    ),
  )
})

test('fixedPoints() refuses a layer that is too narrow', () => {
  assert.throws(() => fixedPoints(new Uint32Array(8), new Uint32Array(8), 8), { code: 'layer-too-narrow' })
})

test('fixedPoints() refuses lists of different lengths', () => {
  assert.throws(() => fixedPoints(new Uint32Array(64), new Uint32Array(63), 64), { code: 'length-mismatch' })
})

test('fixedPoints() does not count a unit without a neighbour', () => {
  const units = Uint32Array.from({ length: 64 }, (_, i) => i)
  const nearest = Int32Array.from(units, (unit) => (unit < 3 ? unit : -1))
  assert.equal(fixedPoints(units, nearest, 64).fixed, 3)
})
