import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { buildIndex, buildTable, header, tensorEntry } from '../../testing/checkpoint.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { checkpointReader } from './index.ts'

const index = buildIndex([
  tensorEntry('a', 0),
  tensorEntry('b', 8),
  tensorEntry('c', 16, [
    ['dtype', 7],
    ['size', 30],
  ]),
])
const path = 'variables/variables.index'

test('checkpointReader.read() of a sound index is full and says where each tensor lies', () => {
  const { facts, accounting, codes } = readBytes(checkpointReader, index, { path })
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
  const file = 'variables/variables.data-00000-of-00001'
  assert.deepEqual(facts.tensors, [
    { name: 'a', type: 'F32', shape: [2], file, offset: 0, length: 8 },
    { name: 'b', type: 'F32', shape: [2], file, offset: 8, length: 8 },
    { name: 'c', type: 'STRING', shape: [2], file, offset: 16, length: 30, packed: 'strings' },
  ])
  assert.equal(checkpointReader.sniff(glimpse(index)), 'magic')
})

/** What an index is like, and the anomalies that it must have. */
const CASES: readonly (readonly [about: string, bytes: Uint8Array, codes: readonly string[]])[] = [
  ['a tensor of another size', buildIndex([tensorEntry('a', 0, [['size', 9]])]), ['tfc-tensor']],
  ['a type that does not exist', buildIndex([tensorEntry('a', 0, [['dtype', 99]])]), ['tfc-tensor']],
  [
    'a shape that overflows',
    buildIndex([
      tensorEntry('a', 0, [
        [
          'shape',
          [
            ['dim', [['size', 2 ** 52]]],
            ['dim', [['size', 9]]],
          ],
        ],
      ]),
    ]),
    ['tfc-tensor'],
  ],
  ['a shard that is none', buildIndex([tensorEntry('a', 0, [['shard_id', 1]])]), ['tfc-tensor']],
  ['a negative offset', buildIndex([tensorEntry('a', 0, [['offset', -8]])]), ['tfc-tensor']],
  ['tensors that overlap', buildIndex([tensorEntry('a', 0), tensorEntry('b', 4)]), ['tfc-overlap']],
  ['names out of order', buildIndex([tensorEntry('b', 0), tensorEntry('a', 8)]), ['tfc-order']],
  ['a name twice', buildIndex([tensorEntry('a', 0), tensorEntry('a', 8)]), ['tfc-order']],
  ['no header', buildTable([tensorEntry('a', 0)]), ['tfc-header']],
  ['no shards', buildTable([header(0)]), ['tfc-header']],
  ['no entries', buildTable([]), ['tfc-header']],
  ['a changed byte', index.map((byte, at) => (at === 20 ? byte ^ 1 : byte)), ['tfc-checksum']],
  ['a value that is no message', buildTable([header(), ['a', Buffer.from('ffff', 'hex')]]), ['pb-length']],
]

for (const [about, bytes, expected] of CASES) {
  test(`checkpointReader.read() notes ${expected.join(' and ')} of ${about}`, () => {
    const { codes, facts } = readBytes(checkpointReader, bytes, { path })
    const found = codes.map((code) => (code === 'pb-tag' ? 'pb-length' : code))
    assert.deepEqual(found, expected, JSON.stringify(facts.anomalies))
  })
}

function readOrFault(bytes: Uint8Array): ReturnType<typeof readBytes> | undefined {
  try {
    return readBytes(checkpointReader, bytes, { path, limits: { items: 10_000, bytes: 1_000_000 } })
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    return undefined
  }
}

test('checkpointReader.read() never reads an index that is cut in full', () => {
  for (let length = 0; length < index.length; length++) {
    const read = readOrFault(index.subarray(0, length))
    if (read !== undefined) assert.ok(read.codes.length > 0, `cut to ${length} bytes of ${index.length}`)
  }
})

test('checkpointReader.read() of a mutated index throws nothing but Fault, and is never full and another', () => {
  // A space may stand for a zero in the padding of the footer, so mutations leave out the one.
  const mutation = fc.record({ at: fc.nat(index.length - 1), byte: fc.nat(255).filter((byte) => byte !== 0x20) })
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      const bytes = Uint8Array.from(index)
      for (const { at, byte } of mutations) bytes[at] = byte
      const read = readOrFault(bytes)
      if (read?.facts.reading === 'full' && read.accounting.complete) assert.deepEqual(Buffer.from(bytes), index)
    }),
    { numRuns: 1500 },
  )
})
