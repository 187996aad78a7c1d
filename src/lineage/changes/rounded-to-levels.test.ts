import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../testing/seeded-random.ts'
import { areRoundedToLevels } from './rounded-to-levels.ts'

const random = seededRandom(3)
const GROUP = 32

function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Each group on 16 levels of its own. */
function quantise(values: Float32Array): Float32Array {
  const out = new Float32Array(values.length)
  for (let at = 0; at < values.length; at += GROUP) {
    const group = values.subarray(at, at + GROUP)
    const step = Math.max(...group.map(Math.abs)) / 7
    for (const [i, value] of group.entries()) out[at + i] = Math.round(value / step) * step
  }
  return out
}

const VALUES = Float32Array.from({ length: 2048 }, normal)
const LEVELS = quantise(VALUES)

function moved(size: number): Float32Array {
  return LEVELS.map((value) => value + size * normal())
}

test('areRoundedToLevels() knows the values that were rounded', () => {
  assert.equal(areRoundedToLevels([[LEVELS, VALUES]], GROUP), true)
  const little = VALUES.map((value) => value + 0.001 * normal())
  assert.equal(areRoundedToLevels([[LEVELS, little]], GROUP), true)
})

test('areRoundedToLevels() takes no training that began from the levels for their origin, however far it went', () => {
  for (const size of [0, 0.001, 0.01, 0.03, 0.06, 0.1, 0.15, 0.3, 1])
    for (const group of [GROUP, GROUP / 2])
      assert.equal(areRoundedToLevels([[LEVELS, moved(size)]], group), false, `${size} in groups of ${group}`)
  assert.equal(areRoundedToLevels([], GROUP), false)
})
