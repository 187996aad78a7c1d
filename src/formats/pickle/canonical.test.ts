import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LINE_FORMS } from '../../testing/pickle-forms.ts'
import { LONG_FORMS, UTF8_FORMS } from '../../testing/pickle-payloads.ts'
import { differingForms, LIMITS } from '../../testing/pickle-form-checks.ts'

test('the tables hold forms of both sorts for every opcode', () => {
  assert.deepEqual(
    LINE_FORMS.map(({ opcode }) => opcode),
    ['INT', 'LONG', 'FLOAT', 'GET', 'PUT', 'STRING', 'UNICODE'],
  )
  for (const { opcode, canonical, other } of LINE_FORMS)
    assert.ok(canonical.length >= 7 && other.length >= 14 && !canonical.some((line) => other.includes(line)), opcode)
  for (const forms of [LONG_FORMS, UTF8_FORMS]) assert.equal(new Set(forms.map(([, holds]) => holds)).size, 2)
  assert.equal(new Set(LIMITS.map(([, , expected]) => expected)).size, 2)
})

test('canonical.ts and the checker take the canonical forms and no other', () => {
  assert.deepEqual(differingForms(), [])
})
