import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { logChoose, logFactorial, logPoisson } from './combinatorics.ts'

function exactFactorial(n: number): bigint {
  return Array.from({ length: n }, (_, index) => BigInt(index + 1)).reduce((product, factor) => product * factor, 1n)
}

/** ln of a big integer, from its leading 60 bits. */
function logBig(value: bigint): number {
  const bits = value.toString(2).length
  const shift = BigInt(Math.max(0, bits - 60))
  return Math.log(Number(value >> shift)) + Number(shift) * Math.LN2
}

function relative(found: number, expected: number): number {
  return expected === 0 ? Math.abs(found) : Math.abs(found / expected - 1)
}

test('logFactorial() agrees with exact integers, below and above the table', () => {
  for (const n of [0, 1, 2, 20, 170, 1000, 1023, 1024, 1025, 3000]) {
    assert.ok(relative(logFactorial(n), logBig(exactFactorial(n))) < 1e-14, `${n}!`)
  }
})

test('logChoose() agrees with exact integers and is symmetric', () => {
  for (const [n, k] of [
    [10, 3],
    [576, 64],
    [2000, 7],
    [5000, 2500],
  ] as const) {
    const exact = exactFactorial(n) / exactFactorial(k) / exactFactorial(n - k)
    assert.ok(relative(logChoose(n, k), logBig(exact)) < 1e-10, `C(${n},${k})`)
  }
  fc.assert(
    fc.property(fc.nat(5000), fc.nat(5000), (n, k) => {
      if (k > n) assert.equal(logChoose(n, k), -Infinity)
      else assert.ok(Math.abs(logChoose(n, k) - logChoose(n, n - k)) < 1e-9)
    }),
  )
  assert.equal(logChoose(5, -1), -Infinity)
})

test('logPoisson() sums to one and has its mean', () => {
  for (const mean of [0.3, 1, 40]) {
    const p = Array.from({ length: 400 }, (_, k) => Math.exp(logPoisson(k, mean)))
    assert.ok(Math.abs(p.reduce((sum, value) => sum + value, 0) - 1) < 1e-12)
    assert.ok(Math.abs(p.reduce((sum, value, k) => sum + k * value, 0) / mean - 1) < 1e-12)
  }
})
