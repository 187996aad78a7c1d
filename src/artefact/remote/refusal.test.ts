import assert from 'node:assert/strict'
import { test } from 'node:test'
import { retryAfter } from './refusal.ts'

const NOW = Date.parse('2026-11-23T12:00:00Z')

test('retryAfter() reads seconds, dates and rate limits, and nothing else', () => {
  const read = (headers: Record<string, string>) => retryAfter(new Headers(headers), NOW)
  assert.equal(read({ 'retry-after': '120' }), 120_000)
  assert.equal(read({ 'retry-after': 'Mon, 23 Nov 2026 12:00:30 GMT' }), 30_000)
  assert.equal(read({ 'retry-after': 'Mon, 23 Nov 2026 11:00:00 GMT' }), 0)
  assert.equal(read({ 'retry-after': 'soon' }), undefined)
  assert.equal(read({ ratelimit: '"api";r=0;t=55' }), 55_000)
  assert.equal(read({}), undefined)
})
