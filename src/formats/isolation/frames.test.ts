import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { encodeFrame, FrameJoiner, LONGEST_FRAME } from './frames.ts'

test('FrameJoiner puts together what encodeFrame made, however it is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 8 }), fc.integer({ min: 1, max: 50 }), (values, step) => {
      const stream = Buffer.concat(values.map(encodeFrame))
      const joiner = new FrameJoiner()
      const received: unknown[] = []
      for (let at = 0; at < stream.length; at += step) received.push(...joiner.take(stream.subarray(at, at + step)))
      assert.deepEqual(JSON.stringify(received), JSON.stringify(values))
    }),
  )
})

test('FrameJoiner throws nothing but faults and holds no more than came', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        new FrameJoiner().take(Buffer.from(bytes))
      } catch (thrown) {
        assert.ok(isFault(thrown, 'bad-frame'), String(thrown))
      }
    }),
  )
})

test('FrameJoiner refuses a length above the limit before the bytes come', () => {
  const header = Buffer.alloc(4)
  header.writeUInt32LE(LONGEST_FRAME + 1)
  assert.throws(() => new FrameJoiner().take(header), { code: 'bad-frame' })
})

test('encodeFrame() refuses what is too long', () => {
  assert.throws(() => encodeFrame('\u0000'.repeat(LONGEST_FRAME / 4)), { code: 'budget-facts' })
})
