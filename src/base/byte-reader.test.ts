import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ByteReader, decodeUtf8 } from './byte-reader.ts'
import { isFault } from './fault.ts'

const READS = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'f32', 'f64', 'u64', 'i64', 'size64'] as const
const step = fc.oneof(
  fc.constantFrom(...READS),
  fc.tuple(fc.constantFrom('bytes', 'skip', 'text'), fc.oneof(fc.integer({ min: -3, max: 40 }), fc.double())),
)

const PAD = Array.from({ length: 16 }, () => 0xaa)

test('ByteReader never reads outside its bytes, never throws anything but Fault, and stays put when it refuses', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.boolean(), fc.array(step), (bytes, littleEndian, steps) => {
      const inner = Uint8Array.from([...PAD, ...bytes, ...PAD]).subarray(PAD.length, PAD.length + bytes.length)
      const reader = new ByteReader(inner, { littleEndian, at: bytes.length >> 2 })
      for (const one of steps) {
        const before = reader.at
        try {
          const read = typeof one === 'string' ? reader[one]() : reader[one[0]](one[1])
          if (read instanceof Uint8Array) assert.deepEqual(Array.from(read), Array.from(bytes.slice(before, reader.at)))
        } catch (thrown) {
          assert.ok(isFault(thrown), String(thrown))
          if (thrown.code === 'truncated') assert.equal(reader.at, before)
        }
        assert.ok(reader.at >= before && reader.at <= bytes.length)
        assert.equal(reader.at + reader.remaining, bytes.length)
      }
    }),
  )
})

test('ByteReader reads what a DataView would, in both byte orders', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), fc.boolean(), (bytes, littleEndian) => {
      const view = new DataView(bytes.buffer)
      const read = () => new ByteReader(bytes, { littleEndian })
      assert.deepEqual(
        [read().u16(), read().i16(), read().u32(), read().i32(), read().u64(), read().i64(), read().u8(), read().i8()],
        [
          view.getUint16(0, littleEndian),
          view.getInt16(0, littleEndian),
          view.getUint32(0, littleEndian),
          view.getInt32(0, littleEndian),
          view.getBigUint64(0, littleEndian),
          view.getBigInt64(0, littleEndian),
          view.getUint8(0),
          view.getInt8(0),
        ],
      )
      assert.ok(Object.is(read().f32(), view.getFloat32(0, littleEndian)))
      assert.ok(Object.is(read().f64(), view.getFloat64(0, littleEndian)))
    }),
  )
})

test('ByteReader says where it stood, what was wanted and what was left', () => {
  const reader = new ByteReader(new Uint8Array(5), { at: 2 })
  assert.throws(() => reader.u32(), { code: 'truncated', message: 'at 2: 4 bytes wanted, 3 left' })
})

test('ByteReader cannot be made to start outside its bytes', () => {
  for (const at of [-1, 6, 0.5, Number.NaN]) {
    assert.throws(() => new ByteReader(new Uint8Array(5), { at }), { code: 'truncated' })
  }
  assert.equal(new ByteReader(new Uint8Array(5), { at: 5 }).remaining, 0)
})

test('ByteReader.size64() refuses what is beyond 2^53-1', () => {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, 2n ** 53n, true)
  assert.throws(() => new ByteReader(bytes).size64(), { code: 'size-overflow' })
  new DataView(bytes.buffer).setBigUint64(0, 2n ** 53n - 1n, true)
  assert.equal(new ByteReader(bytes).size64(), Number.MAX_SAFE_INTEGER)
})

test('ByteReader.bytes() gives a view and copies nothing', () => {
  const bytes = Uint8Array.of(1, 2, 3)
  assert.equal(new ByteReader(bytes).bytes(2).buffer, bytes.buffer)
})

test('decodeUtf8() is strict and keeps a byte order mark', () => {
  assert.equal(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)), '\ufeffa')
  for (const bad of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]]) {
    assert.throws(() => decodeUtf8(Uint8Array.from(bad)), { code: 'bad-utf8' })
  }
})
