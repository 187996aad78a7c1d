import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '../../base/index.ts'
import { RateLimiter } from './rate-limit.ts'

test('attack: one subscriber of IPv6 has one bucket, whichever of its 2^64 addresses it asks from', () => {
  const limiter = new RateLimiter({ perSecond: 1, burst: 3 }, fixedClock('2026-12-01T00:00:00Z'))
  const waits = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::7', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2:9::'].map((address) =>
    limiter.take(address),
  )
  assert.deepEqual(waits, [0, 0, 0, 1])
  for (const other of ['2001:db8:1:3::1', '::1', 'fe80::1%eth0', '192.0.2.1', '192.0.2.2'])
    assert.equal(limiter.take(other), 0)
  for (const same of ['::ffff:192.0.2.1', '192.0.2.1']) assert.equal(limiter.take(same), 0)
  assert.equal(limiter.take('192.0.2.1'), 1)
})
