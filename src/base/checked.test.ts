import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addChecked, alignUp, mulChecked, toSize } from './checked.ts'
import { isFault } from './fault.ts'

const LIMIT = BigInt(Number.MAX_SAFE_INTEGER)
const size = fc.oneof(fc.maxSafeNat(), fc.nat(1000), fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER))
const anything = fc.oneof(size, fc.double(), fc.integer({ max: -1 }))

/** The exact result, or undefined when it is no size. */
function exact(operation: () => bigint): number | undefined {
  try {
    const result = operation()
    return result >= 0n && result <= LIMIT ? Number(result) : undefined
  } catch {
    return undefined
  }
}

function checked(operation: () => number): number | undefined {
  try {
    return operation()
  } catch (thrown) {
    assert.ok(isFault(thrown, 'size-overflow'), String(thrown))
    return undefined
  }
}

function allSizes(values: readonly number[]): boolean {
  return values.every((value) => Number.isSafeInteger(value) && value >= 0)
}

test('addChecked() is the exact sum of sizes or a Fault', () => {
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 5 }), (values) => {
      const expected = allSizes(values) ? exact(() => values.map(BigInt).reduce((a, b) => a + b, 0n)) : undefined
      assert.equal(
        checked(() => addChecked(...values)),
        expected,
      )
    }),
  )
})

test('mulChecked() is the exact product of sizes or a Fault, step by step', () => {
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 5 }), (values) => {
      let product: bigint | undefined = 1n
      if (!allSizes(values)) product = undefined
      for (const value of product === undefined ? [] : values) {
        product = product === undefined || product * BigInt(value) > LIMIT ? undefined : product * BigInt(value)
      }
      assert.equal(
        checked(() => mulChecked(...values)),
        product === undefined ? undefined : Number(product),
      )
    }),
  )
})

test('alignUp() is the next multiple or a Fault', () => {
  fc.assert(
    fc.property(anything, fc.nat(4096), (offset, alignment) => {
      const sound = allSizes([offset]) && alignment > 0
      const step = BigInt(alignment)
      const expected = sound ? exact(() => ((BigInt(offset) + step - 1n) / step) * step) : undefined
      assert.equal(
        checked(() => alignUp(offset, alignment)),
        expected,
      )
    }),
  )
})

test('toSize() takes 0 … 2^53-1 and nothing else', () => {
  assert.equal(toSize(LIMIT), Number.MAX_SAFE_INTEGER)
  for (const value of [-1n, LIMIT + 1n, 2n ** 64n]) assert.throws(() => toSize(value), { code: 'size-overflow' })
})
