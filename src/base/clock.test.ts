import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock, formatTime, systemRandomness } from './clock.ts'

test('formatTime() writes RFC 3339 in UTC and cuts to the second', () => {
  assert.equal(formatTime(Date.UTC(2026, 10, 23, 19, 29, 24) + 999), '2026-11-23T19:29:24Z')
  assert.equal(formatTime(-1), '1969-12-31T23:59:59Z')
})

test('fixedClock() stands still until it is moved', () => {
  const clock = fixedClock('2026-11-23T00:00:00Z')
  assert.equal(clock.now(), clock.now())
  clock.advance(1500)
  assert.equal(formatTime(clock.now()), '2026-11-23T00:00:01Z')
})

test('systemRandomness() gives as many bytes as were asked for, and other ones each time', () => {
  assert.equal(systemRandomness(32).length, 32)
  assert.notDeepEqual(systemRandomness(32), systemRandomness(32))
})
