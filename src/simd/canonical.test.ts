import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toCanonicalBf16 } from './canonical.ts'
import { decodeTensor } from './decode.ts'
import { newKernelBuffer, releaseKernelBuffer } from './kernel-memory.ts'
import { canonicalOfBits } from './reference/canonical.ts'

function bytesOf(values: Float32Array | Uint16Array | Float16Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

function reference(type: string, bytes: Uint8Array): Uint16Array {
  const values = decodeTensor(type, bytes)
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  return Uint16Array.from(bits, canonicalOfBits)
}

const EVERY_CODE = Uint16Array.from({ length: 65_536 }, (_, code) => code)

test('toCanonicalBf16() gives the reference for every bf16 and f16 code', () => {
  for (const type of ['BF16', 'F16'])
    assert.deepEqual(toCanonicalBf16(type, bytesOf(EVERY_CODE)), reference(type, bytesOf(EVERY_CODE)))
})

test('toCanonicalBf16() gives the reference for any f32, near every rounding boundary', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffffffff })), fc.integer({ min: -2, max: 2 }), (words, near) => {
      const bits = Uint32Array.from(words.flatMap((word) => [word, (word & 0xffff0000) + 0x8000 + near]))
      const bytes = new Uint8Array(bits.buffer)
      assert.deepEqual(toCanonicalBf16('F32', bytes), Uint16Array.from(bits, canonicalOfBits))
    }),
  )
})

test('toCanonicalBf16() agrees over the casts of a bf16 tensor', () => {
  const values = decodeTensor('BF16', bytesOf(EVERY_CODE)).filter((value) => Math.abs(value) < 60_000)
  const canonical = toCanonicalBf16('F32', bytesOf(values))
  assert.deepEqual(toCanonicalBf16('F16', bytesOf(Float16Array.from(values))), canonical)
  assert.deepEqual(toCanonicalBf16('F64', bytesOf(Float64Array.from(values))), canonical)
  assert.deepEqual(
    toCanonicalBf16('BF16', bytesOf(canonical)),
    canonical,
    'canonical codes are their own canonical codes',
  )
})

test('toCanonicalBf16() has one zero, one NaN and nothing between 0 and 2^-16', () => {
  const kept = new Set(toCanonicalBf16('BF16', bytesOf(EVERY_CODE)))
  assert.deepEqual(
    [...kept].filter((code) => (code & 0x7fff) > 0x7f80),
    [0x7fc0],
  )
  assert.deepEqual(
    [...kept].filter((code) => (code & 0x7fff) < 0x3780),
    [0],
  )
})

test('toCanonicalBf16() works in place, on any part and in any order of bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (odd) => {
      const bytes = odd.subarray(odd.length % 2)
      const expected = reference('BF16', bytes)
      const buffer = newKernelBuffer(bytes.length)
      buffer.set(bytes)
      const out = new Uint16Array(buffer.buffer, buffer.byteOffset, bytes.length / 2)
      assert.deepEqual(Uint16Array.from(toCanonicalBf16('BF16', buffer, { out })), expected)
      releaseKernelBuffer(buffer)
      assert.deepEqual(toCanonicalBf16('BF16', Buffer.from(bytes).swap16(), { bigEndian: true }), expected)
    }),
  )
})

test('toCanonicalBf16() takes quantised blocks', () => {
  const blocks = Uint8Array.from({ length: 34 * 4096 }, (_, i) => (i % 34 === 1 ? 0x28 : (i * 31) & 255))
  assert.deepEqual(toCanonicalBf16('q8_0', blocks), reference('q8_0', blocks))
})
