import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differingClaims } from '../../../testing/pickle-claims.ts'
import { differingRefusals, readRefusals } from '../../../testing/pickle-refusals.ts'

test('the checker refuses each stream of the table for its reason', () => {
  assert.ok(readRefusals().length > 300)
  assert.deepEqual(differingRefusals(), [])
})

test('checkProof() refuses each changed claim for its reason, and holds the others', () => {
  assert.deepEqual(differingClaims(), [])
})
