import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMonths, expiryOfTest } from './validity.ts'

const after = (day: string, months: number): string => addMonths(Date.parse(`${day}T23:59:59Z`), months)

test('addMonths() counts calendar months in UTC and stays within the month', () => {
  assert.equal(after('2026-11-23', 12), '2027-11-23')
  assert.equal(after('2024-02-29', 12), '2025-02-28')
  assert.equal(after('2023-02-28', 12), '2024-02-28')
  assert.equal(after('2026-10-31', 4), '2027-02-28')
  assert.equal(after('2026-12-31', 1), '2027-01-31')
})

test('expiryOfTest() keeps the date of a test at most a month minus a day early', () => {
  const tested = (day: string): string => expiryOfTest(Date.parse(`${day}T12:00:00Z`), '2026-05-15')
  assert.equal(tested('2026-04-15'), '2027-04-15', 'a month early: a day too soon')
  assert.equal(tested('2026-04-16'), '2027-05-15')
  assert.equal(tested('2026-05-15'), '2027-05-15')
  assert.equal(tested('2026-05-16'), '2027-05-16', 'late: from the test')
  assert.equal(expiryOfTest(Date.parse('2026-05-16T00:00:00Z')), '2027-05-16')
  assert.equal(expiryOfTest(Date.parse('2028-02-29T00:00:00Z')), '2029-02-28')
})
