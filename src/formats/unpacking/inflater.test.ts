import assert from 'node:assert/strict'
import { test } from 'node:test'
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { Budget } from '../budget.ts'
import { memorySource } from '../memory-source.ts'
import { Inflater, PackedInput } from './index.ts'

/** All that comes out, and where the stream ended. */
function inflate(packed: Uint8Array): { readonly bytes: Buffer; readonly end: number } {
  const input = new PackedInput(memorySource(packed, new Budget()), 0, packed.length)
  const unpacker = new Inflater(input)
  const pieces: Buffer[] = []
  for (let piece = unpacker.next(); piece !== undefined; piece = unpacker.next()) pieces.push(Buffer.from(piece))
  return { bytes: Buffer.concat(pieces), end: input.offset }
}

function attempt(make: () => Buffer): Buffer | undefined {
  try {
    return make()
  } catch (thrown) {
    assert.ok(isFault(thrown) || (thrown as NodeJS.ErrnoException).code?.startsWith('Z_'), String(thrown))
    return undefined
  }
}

/** Bytes with repetitions near and far, as compressors like them. */
const content = fc
  .array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(2000)), { maxLength: 30 })
  .map((parts) => Buffer.concat(parts.map(([bytes, times]) => Buffer.alloc(bytes.length * (times % 300), bytes))))

test('Inflater gives what the inflater of the runtime gives, at every level, and ends where the stream ends', () => {
  const { Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE, Z_DEFAULT_STRATEGY } = constants
  const strategy = fc.constantFrom(Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE, Z_DEFAULT_STRATEGY)
  const property = fc.property(content, fc.nat(9), strategy, fc.uint8Array({ maxLength: 20 }), (bytes, level, kind, tail) => {
    const packed = deflateRawSync(bytes, { level, strategy: kind })
    const out = inflate(Buffer.concat([packed, tail]))
    assert.ok(out.bytes.equals(bytes))
    assert.equal(out.end, packed.length)
  }) // prettier-ignore
  fc.assert(property, { numRuns: 300 })
})

test('Inflater gives content of many pieces and windows', () => {
  const bytes = Buffer.from(Array.from({ length: 1_500_000 }, (_one, i) => (i * i) >> ((i >> 12) % 11)))
  for (const level of [0, 1, 9]) assert.ok(inflate(deflateRawSync(bytes, { level })).bytes.equals(bytes), `${level}`)
})

test('Inflater of a mutated stream gives the bytes of the runtime or a fault, never anything else', () => {
  const packed = deflateRawSync(Buffer.from('the tide waits for no man, and the waiter waits for the tide '.repeat(20)))
  const property = fc.property(fc.nat(packed.length - 1), fc.nat(255), (at, byte) => {
    const mutated = Buffer.from(packed)
    mutated[at] = byte
    const expected = attempt(() => inflateRawSync(mutated, { maxOutputLength: 1_000_000 }))
    const actual = attempt(() => inflate(mutated).bytes)
    assert.deepEqual(actual?.toString('hex'), expected?.toString('hex'))
  })
  fc.assert(property, { numRuns: 2000 })
})

test('Inflater of a stream cut anywhere is a fault', () => {
  const packed = deflateRawSync(Buffer.from('abcabcabcabd'.repeat(30)))
  for (let length = 0; length < packed.length; length++)
    assert.throws(() => inflate(packed.subarray(0, length)), { code: 'deflate-truncated' }, `${length}`)
})
