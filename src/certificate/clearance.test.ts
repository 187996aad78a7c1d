import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMonths } from './clearance.ts'

const after = (day: string, months: number): string => addMonths(Date.parse(`${day}T23:59:59Z`), months)

test('addMonths() counts calendar months in UTC and stays within the month', () => {
  assert.equal(after('2026-11-23', 12), '2027-11-23')
  assert.equal(after('2024-02-29', 12), '2025-02-28')
  assert.equal(after('2023-02-28', 12), '2024-02-28')
  assert.equal(after('2026-10-31', 4), '2027-02-28')
  assert.equal(after('2026-12-31', 1), '2027-01-31')
})
