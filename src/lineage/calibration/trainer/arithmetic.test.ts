import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cosine, exponential, sine } from './arithmetic.ts'

test('exponential() is e to the power of x', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -79, max: 79, noNaN: true }),
      (x) => Math.abs(exponential(x) / Math.exp(x) - 1) < 1e-9,
    ),
  )
  assert.equal(exponential(0), 1)
  assert.equal(exponential(-Infinity), 0)
  assert.equal(exponential(1000), exponential(80))
})

test('sine() and cosine() are what they are called', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1000, max: 1000, noNaN: true }),
      (x) => Math.abs(sine(x) - Math.sin(x)) < 1e-9 && Math.abs(cosine(x) - Math.cos(x)) < 1e-9,
    ),
  )
})
