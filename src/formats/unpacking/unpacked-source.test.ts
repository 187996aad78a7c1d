import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { seededRandom } from '../../testing/seeded-random.ts'
import { Budget, type BudgetLimits } from '../budget.ts'
import { memorySource } from '../memory-source.ts'
import { Inflater, MOST_HELD, PackedInput, unpack, type Unpacked } from './index.ts'

function open(packed: Uint8Array, limits: Partial<BudgetLimits> = {}, limit?: number): Unpacked {
  const budget = new Budget(limits)
  const source = memorySource(packed, new Budget({ bytes: 2 ** 40 }))
  const start = () => new Inflater(new PackedInput(source, 0, packed.length))
  return unpack({ start, packedSize: packed.length, budget, ...(limit === undefined ? {} : { limit }) })
}

const random = seededRandom(3)
const LARGE = Buffer.concat(
  Array.from({ length: 80 }, (_one, i) => Buffer.alloc(256_001, Buffer.from(Array.from({ length: 500 }, () => random() * 256 + i)))),
) // prettier-ignore
const PACKED = deflateRawSync(LARGE, { level: 1 })

test('unpack() keeps small content whole and knows its check sum', () => {
  const bytes = Buffer.from('content '.repeat(1000))
  const { source, size, crc } = open(deflateRawSync(bytes))
  assert.deepEqual([size, crc], [bytes.length, crc32(bytes)])
  assert.ok(Buffer.from(source.read(10, 5000)).equals(bytes.subarray(10, 5010)))
  assert.throws(() => source.read(7999, 2), { code: 'truncated' })
})

test('unpack() gives large content at any place, forwards and backwards', () => {
  assert.ok(LARGE.length > MOST_HELD)
  const { source, size, crc } = open(PACKED, { unpacked: 2 ** 40, bytes: 2 ** 40 })
  assert.deepEqual([size, crc], [LARGE.length, crc32(LARGE)])
  const place = fc.tuple(fc.nat(LARGE.length), fc.oneof(fc.nat(100), fc.nat(1_000_000)))
  const property = fc.property(fc.array(place, { maxLength: 4 }), (places) => {
    for (const [from, length] of places) {
      const wanted = Math.min(length, size - from)
      assert.ok(Buffer.from(source.read(from, wanted)).equals(LARGE.subarray(from, from + wanted)))
    }
  })
  fc.assert(property, { numRuns: 12 })
  assert.throws(() => source.read(size, 1), { code: 'truncated' })
})

test('unpack() gives what stands before a break, and says what broke', () => {
  const bytes = Buffer.from('content '.repeat(1000))
  const { source, size, broken } = open(deflateRawSync(bytes, { level: 0 }).subarray(0, 4000))
  assert.deepEqual([broken?.code, size > 3000], ['deflate-truncated', true])
  assert.ok(Buffer.from(source.read(0, size)).equals(bytes.subarray(0, size)))
})

test('unpack() spends what comes out, again when it comes out again', () => {
  assert.throws(() => open(PACKED, { unpacked: LARGE.length - 1 }), { code: 'budget-unpacked' })
  const { source } = open(PACKED, { unpacked: LARGE.length * 2 })
  source.read(LARGE.length - 1_000_000, 10)
  assert.throws(() => source.read(1_000_000, 10) && source.read(10_000_000, 10), { code: 'budget-unpacked' })
})

test('unpack() stops at more than the container declares', () => {
  const { broken, size } = open(PACKED, {}, LARGE.length - 1)
  assert.ok(broken?.code === 'unpacked-too-much' && size === LARGE.length - 1)
  assert.equal(open(PACKED, {}, LARGE.length).size, LARGE.length)
})

test('unpack() calls a thousandfold of more than 64 MiB a bomb, and a hundredfold that exhausts the budget', () => {
  const zeros = deflateRawSync(Buffer.alloc(68_000_000), { level: 9 })
  assert.throws(() => open(zeros), { code: 'expansion-bomb' })
  const thin = deflateRawSync(Buffer.alloc(68_000_000, 'ab'), { level: 1 })
  assert.equal(open(thin).size, 68_000_000)
  assert.throws(() => open(thin, { unpacked: 67_500_000 }), { code: 'expansion-bomb' })
  assert.throws(() => open(thin, { unpacked: 1_000_000 }), { code: 'budget-unpacked' })
})
