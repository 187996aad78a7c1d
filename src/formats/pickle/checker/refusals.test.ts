import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differingClaims } from '../../../testing/pickle-claims.ts'
import { differingCalls, differingConstants } from '../../../testing/pickle-constant-checks.ts'
import { differingRefusals, readRefusals } from '../../../testing/pickle-refusals.ts'
import { differingRuns } from '../../../testing/pickle-run-checks.ts'
import { differingSchemas } from '../../../testing/pickle-schema-checks.ts'
import { differingSemantics } from '../../../testing/pickle-semantics-checks.ts'

test('the checker refuses each stream of the table for its reason', () => {
  assert.ok(readRefusals().length > 300)
  assert.deepEqual(differingRefusals(), [])
})

test('checkProof() refuses each changed claim for its reason, and holds the others', () => {
  assert.deepEqual(differingClaims(), [])
})

test('the checker takes and refuses streams of one thing each, on both sides of each bound', () => {
  assert.deepEqual(differingRuns(), [])
})

test('constantOf() reads constants in their one form', () => {
  assert.deepEqual(differingConstants(), [])
})

test('meets() holds values against schemas', () => {
  assert.deepEqual(differingSchemas(), [])
})

test('arguments and states are refused that agree with a schema alone', () => {
  assert.deepEqual(differingSemantics(), [])
})

test('Calls judges by the signatures that it is given', () => {
  assert.deepEqual(differingCalls(), [])
})
