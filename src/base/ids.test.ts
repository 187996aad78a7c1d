import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock, systemClock, systemRandomness } from './clock.ts'
import { uuidv7 } from './ids.ts'

test('uuidv7() writes the example of RFC 9562, appendix A.6', () => {
  const random = Buffer.from('0000000000000cc318c4dc0c0c07398f', 'hex')
  const id = uuidv7(fixedClock(0x017f22e279b0), () => random)()
  assert.equal(id, '017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
})

test('uuidv7() sets version and variant whatever the random bytes are', () => {
  for (const byte of [0x00, 0xff]) {
    const id = uuidv7(fixedClock(1), (length) => new Uint8Array(length).fill(byte))()
    assert.match(id, /^00000000-0001-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
})

test('uuidv7() gives ids that differ and sort by time', () => {
  const clock = fixedClock('2026-11-23T00:00:00Z')
  const make = uuidv7(clock, systemRandomness)
  const ids = Array.from({ length: 200 }, () => {
    clock.advance(1)
    return make()
  })
  assert.equal(new Set(ids).size, ids.length)
  assert.deepEqual(ids.toSorted(), ids)
})

test('uuidv7() leaves the bytes that it was given alone', () => {
  const bytes = new Uint8Array(16).fill(0xff)
  uuidv7(systemClock, () => bytes)()
  assert.ok(bytes.every((byte) => byte === 0xff))
})
