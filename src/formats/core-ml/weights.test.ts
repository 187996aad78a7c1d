import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { coreMlWeightsReader } from './weights.ts'

interface Blob {
  readonly type: number
  readonly length: number
  readonly offset?: number
}

/** A file of blobs at multiples of 64 bytes, the last one not padded. */
function build(blobs: readonly Blob[], count = blobs.length): Buffer {
  const head = Buffer.alloc(64)
  head.writeUInt32LE(count)
  head.writeUInt32LE(2, 4)
  let bytes = head
  for (const { type, length, offset } of blobs) {
    const from = Math.ceil(bytes.length / 64) * 64
    const blob = Buffer.alloc(64)
    blob.writeUInt32LE(0xdeadbeef)
    blob.writeUInt32LE(type, 4)
    blob.writeBigUInt64LE(BigInt(length), 8)
    blob.writeBigUInt64LE(BigInt(offset ?? from + 64), 16)
    bytes = Buffer.concat([bytes, Buffer.alloc(from - bytes.length), blob, Buffer.alloc(Math.min(length, 1000), 7)])
  }
  return bytes
}

const sound = build([
  { type: 1, length: 10 },
  { type: 2, length: 8 },
])

test('coreMlWeightsReader.read() of sound weights is full and finds each blob', () => {
  const { facts, accounting, codes } = readBytes(coreMlWeightsReader, sound)
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
  assert.deepEqual(
    facts.tensors.map(({ name, type, shape, offset, length }) => [name, type, shape, offset, length]),
    [
      ['#0', 'F16', [5], 128, 10],
      ['#1', 'F32', [2], 256, 8],
    ],
  )
  assert.equal(coreMlWeightsReader.sniff(glimpse(sound, 'weight.bin')), 'magic')
  assert.equal(coreMlWeightsReader.sniff(glimpse(Buffer.alloc(200), 'weight.bin')), null)
})

test('coreMlWeightsReader.read() notes types, places, lengths and counts that cannot be', () => {
  const codes = (bytes: Buffer): readonly string[] => readBytes(coreMlWeightsReader, bytes).codes
  assert.deepEqual(codes(build([{ type: 99, length: 8 }])), ['cml-weights'])
  assert.deepEqual(codes(build([{ type: 2, length: 7 }])), ['cml-weights'])
  assert.deepEqual(codes(build([{ type: 2, length: 8, offset: 4096 }])), ['cml-weights'])
  assert.deepEqual(codes(build([{ type: 2, length: 2 ** 50 }])), ['cml-weights'])
  assert.deepEqual(codes(build([{ type: 2, length: 8 }], 4_000_000_000)), ['cml-weights'])
})

test('coreMlWeightsReader.read() of cut and mutated weights is never full and another, and throws nothing but Fault', () => {
  for (let length = 0; length < sound.length; length++) {
    const { facts, accounting } = readBytes(coreMlWeightsReader, sound.subarray(0, length))
    assert.ok(facts.reading !== 'full' || !accounting.complete, `cut to ${length}`)
  }
  const mutation = fc.record({ at: fc.nat(sound.length - 1), byte: fc.nat(255) })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
    const bytes = Buffer.from(sound)
    for (const { at, byte } of mutations) bytes[at] = byte
    try {
      readBytes(coreMlWeightsReader, bytes)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  })
  fc.assert(property, { numRuns: 1000 })
})
