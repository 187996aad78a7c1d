import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Budget } from './budget.ts'
import { memorySource } from './memory-source.ts'
import { PageReader } from './page-reader.ts'

function readerOver(bytes: Uint8Array, options?: { readonly littleEndian: boolean }): PageReader {
  return new PageReader(memorySource(bytes, new Budget()), options)
}

const large = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff)

test('PageReader gives at every page border the bytes that stand there', () => {
  const property = fc.property(fc.array(fc.nat(70_000), { minLength: 1, maxLength: 8 }), (lengths) => {
    const reader = readerOver(large)
    let at = 0
    for (const length of lengths) {
      if (at + length > large.length) break
      assert.deepEqual(reader.view(length), large.subarray(at, at + length))
      at += length
      assert.deepEqual([reader.at, reader.remaining], [at, large.length - at])
    }
  })
  fc.assert(property, { numRuns: 100 })
})

test('PageReader reads numbers in both byte orders, across pages too', () => {
  const view = new DataView(large.buffer)
  for (const littleEndian of [true, false]) {
    const reader = readerOver(large, { littleEndian })
    for (const at of [0, 65_533, 131_065]) {
      const at64 = () => reader.seek(at)
      at64()
      assert.equal(reader.u64(), view.getBigUint64(at, littleEndian))
      at64()
      assert.equal(reader.i64(), view.getBigInt64(at, littleEndian))
      at64()
      assert.deepEqual(
        [reader.u32(), reader.u16(), reader.u8()],
        [view.getUint32(at, littleEndian), view.getUint16(at + 4, littleEndian), view.getUint8(at + 6)],
      )
      at64()
      assert.deepEqual(
        [reader.i32(), reader.i16(), reader.i8()],
        [view.getInt32(at, littleEndian), view.getInt16(at + 4, littleEndian), view.getInt8(at + 6)],
      )
      at64()
      assert.deepEqual(
        [reader.f32(), reader.f32()],
        [view.getFloat32(at, littleEndian), view.getFloat32(at + 4, littleEndian)],
      )
      at64()
      assert.equal(reader.f64(), view.getFloat64(at, littleEndian))
    }
  }
})

test('PageReader refuses what lies outside and stays where it stood', () => {
  const reader = readerOver(Uint8Array.of(1, 2, 3))
  reader.skip(1)
  for (const attempt of [
    () => reader.u32(),
    () => reader.skip(3),
    () => reader.view(9),
    () => reader.seek(4),
    () => reader.skip(-1),
    () => reader.skip(Number.NaN),
  ])
    assert.throws(attempt, { code: 'truncated' })
  assert.throws(() => reader.view(2 * 1024 * 1024), { code: 'view-too-long' })
  assert.equal(reader.at, 1)
})

test('PageReader.chunks() gives all bytes in pieces of at most a page', () => {
  const reader = readerOver(large)
  reader.skip(5)
  const pieces = [...reader.chunks(150_000)].map((piece) => Buffer.from(piece))
  assert.ok(pieces.every(({ length }) => length <= 65_536))
  assert.deepEqual(Buffer.concat(pieces), Buffer.from(large.subarray(5, 150_005)))
  assert.throws(() => [...reader.chunks(60_000)], { code: 'truncated' })
})

test('PageReader.find() finds a byte however far and leaves the cursor', () => {
  const bytes = new Uint8Array(150_000)
  bytes[140_000] = 10
  const reader = readerOver(bytes)
  reader.skip(3)
  assert.deepEqual([reader.find(10), reader.find(11), reader.at], [140_000, -1, 3])
})
