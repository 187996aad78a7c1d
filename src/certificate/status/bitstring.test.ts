import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import { assignIndex } from './assign-index.ts'
import { decodeBits, encodeBits, MAX_ENTRIES, MIN_ENTRIES, STATUSES, StatusBits } from './bitstring.ts'

/** The empty list of 16 KiB that stands as an example in the specification. */
const EXAMPLE = 'uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA'

const multibase = (bytes: Uint8Array): string => `u${Buffer.from(bytes).toString('base64url')}`

test('StatusBits puts entry 0 at the left-most bits, two bits each', () => {
  const bits = new StatusBits(MIN_ENTRIES)
  bits.set(0, 'revoked')
  bits.set(3, 'suspended')
  bits.set(4, 'superseded')
  bits.set(MIN_ENTRIES - 1, 'superseded')
  assert.deepEqual([...bits.bytes.subarray(0, 2), bits.bytes.at(-1)], [0b10_00_00_01, 0b11_00_00_00, 0b00_00_00_11])
  assert.deepEqual(
    [0, 1, 3, 4, MIN_ENTRIES - 1].map((i) => bits.get(i)),
    ['revoked', 'valid', 'suspended', 'superseded', 'superseded'],
  )
  for (const index of [-1, 0.5, MIN_ENTRIES, Number.NaN]) assert.throws(() => bits.get(index), { code: 'status-index' })
})

test('StatusBits takes no list that is too short for privacy, or too long', () => {
  for (const entries of [MIN_ENTRIES - 4, MIN_ENTRIES + 1, MAX_ENTRIES + 4, Number.NaN])
    assert.throws(() => new StatusBits(entries), { code: 'status-entries' })
  assert.throws(() => new StatusBits(MIN_ENTRIES, new Uint8Array(3)), { code: 'status-length' })
})

test('decodeBits() reads the example of the specification, and what node:zlib compressed', async () => {
  assert.deepEqual(await decodeBits(EXAMPLE, 16_384), new Uint8Array(16_384))
  const bits = Uint8Array.from({ length: 32_768 }, (_, i) => i % 251)
  assert.deepEqual(await decodeBits(multibase(gzipSync(bits)), bits.length), bits)
})

test('encodeBits() writes what decodeBits() and node:zlib read, for any statuses', async () => {
  const acts = fc.array(fc.tuple(fc.nat(MIN_ENTRIES - 1), fc.constantFrom(...STATUSES)), { maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(acts, async (set) => {
      const bits = new StatusBits(MIN_ENTRIES)
      for (const [index, status] of set) bits.set(index, status)
      const text = await encodeBits(bits.bytes)
      assert.match(text, /^u[A-Za-z0-9_-]+$/)
      assert.deepEqual(await decodeBits(text, bits.bytes.length), bits.bytes)
      assert.ok(gunzipSync(Buffer.from(text.slice(1), 'base64url')).equals(bits.bytes))
      const read = new StatusBits(MIN_ENTRIES, bits.bytes)
      for (const [index, status] of new Map(set)) assert.equal(read.get(index), status)
    }),
    { numRuns: 30 },
  )
})

test('attack: a list that inflates to more than it says is given up before it does', async () => {
  const bomb = multibase(gzipSync(Buffer.alloc(32 * 2 ** 20), { level: 9 }))
  assert.ok(bomb.length < 100_000)
  const before = process.memoryUsage().arrayBuffers
  await assert.rejects(decodeBits(bomb, 32_768), { code: 'status-length' })
  assert.ok(process.memoryUsage().arrayBuffers - before < 8 * 2 ** 20, 'not the 32 MiB that it would become')
  await assert.rejects(decodeBits(EXAMPLE, 16_383), { code: 'status-length' })
  await assert.rejects(decodeBits(EXAMPLE, 16_385), { code: 'status-length' })
})

test('attack: other encodings, cut, trailing or several members, and noise', async () => {
  const packed = gzipSync(Buffer.alloc(16_384))
  const refused = [
    EXAMPLE.slice(1),
    `z${EXAMPLE.slice(1)}`,
    '',
    'u',
    `${EXAMPLE}=`,
    EXAMPLE.replace('-', '+'),
    EXAMPLE.slice(0, -4),
    multibase(Buffer.concat([packed, Buffer.from('rest')])),
    multibase(packed.subarray(0, -1)),
    multibase(Buffer.concat([gzipSync(Buffer.alloc(16_383)), gzipSync(Buffer.alloc(2))])),
  ]
  for (const text of refused) {
    await assert.rejects(
      decodeBits(text, 16_384),
      (thrown) => {
        assert.ok(isFault(thrown), text.slice(0, 80))
        return /^(status-(multibase|gzip|length)|base64)$/.test(thrown.code)
      },
      text.slice(0, 80),
    )
  }
  await fc.assert(
    fc.asyncProperty(fc.nat(packed.length - 1), fc.nat(255), async (at, byte) => {
      const edited = Buffer.from(packed)
      edited[at] = byte
      const bits = await decodeBits(multibase(edited), 16_384).catch((thrown: unknown) => assert.ok(isFault(thrown)))
      if (bits !== undefined) assert.deepEqual(bits, new Uint8Array(16_384))
    }),
    { numRuns: 60 },
  )
})

test('assignIndex() gives a free index, each as likely as any other, and none twice', async () => {
  const random = seededRandom(7)
  const randomness = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(random() * 256))
  const counts = Array.from({ length: 16 }, () => 0)
  const taken = new Set([3, 7, 11])
  const runs = 13_000
  const isFree = async (index: number): Promise<boolean> => !taken.has(index)
  const list = { entries: 16, taken: taken.size, take: isFree }
  for (let run = 0; run < runs; run++) counts[await assignIndex(list, randomness)]!++
  const free = counts.filter((_, index) => !taken.has(index))
  assert.deepEqual(
    [3, 7, 11].map((index) => counts[index]),
    [0, 0, 0],
  )
  const statistic = free.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
  assert.ok(Math.abs(statistic - 12) < 6 * Math.sqrt(24), `χ² ${statistic} of 12 degrees of freedom`)
  const given = new Set<number>()
  const give = async (index: number): Promise<boolean> => given.size < given.add(index).size
  const draw = (): Promise<number> => assignIndex({ entries: 16, taken: given.size, take: give }, randomness)
  for (let i = 0; i < 14; i++) await draw()
  assert.equal(given.size, 14)
  await assert.rejects(draw, { code: 'status-list-full' })
  const notZero = { entries: 16, taken: 1, take: async (index: number) => index !== 0 }
  await assert.rejects(
    assignIndex(notZero, (length) => new Uint8Array(length)),
    { code: 'randomness' },
  )
  const empty = { entries: 10, taken: 0, take: async () => true }
  await assert.rejects(
    assignIndex(empty, (length) => new Uint8Array(length).fill(255)),
    { code: 'randomness' },
  )
})
