import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { ANOMALIES, type TfrecordAnomaly } from './anomalies.ts'
import { tfrecordReader } from './index.ts'

/** Three losses as tensorboardX writes them. */
const EVENTS = Buffer.from(
  `GAAAAAAAAACjf0siCQGK/pz7wdpBGg1icmFpbi5FdmVudDoyl3mxZxgAAAAAAAAAo39LIgkHlP6c+8HaQSoNCgsKBGxvc3MVAACAPzI3kpoa
  AAAAAAAAABKb2C0JjJf+nPvB2kEQASoNCgsKBGxvc3MVAAAAPzAstMcaAAAAAAAAABKb2C0Ji+H+nPvB2kEQAioNCgsKBGxvc3MVq6qqPqZk0vs=`,
  'base64',
)

function read(bytes: Uint8Array): BytesRead {
  return readBytes(tfrecordReader, bytes, { limits: { items: 1000 } })
}

function changed(at: number, byte: number): Uint8Array {
  const copy = Uint8Array.from(EVENTS)
  copy[at] = byte
  return copy
}

test('tfrecordReader.read() counts the records of a file and checks their sums', () => {
  const { facts, codes, accounting } = read(EVENTS)
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
  assert.deepEqual(facts.metadata, [{ key: 'records', type: 'integer', value: 4 }])
})

const CASES: readonly (readonly [code: TfrecordAnomaly, what: string, bytes: Uint8Array])[] = [
  ['tfr-length', 'a record that is cut', EVENTS.subarray(0, -1)],
  ['tfr-length', 'a record of 2^56 bytes', changed(7, 1)],
  ['tfr-check-sum', 'content that was changed', changed(20, 0)],
  ['tfr-check-sum', 'a check sum of the length that was changed', changed(8, 0)],
]
for (const [code, what, bytes] of CASES)
  test(`tfrecordReader.read() notes ${code} for ${what}`, () => assert.ok(read(bytes).codes.includes(code)))

test('ANOMALIES of tfrecord are each noted by a case of these tests', () => {
  const tested = new Set<string>(CASES.map(([code]) => code))
  assert.ok(ANOMALIES.every(({ code }) => tested.has(code)))
})

test('tfrecordReader.read() of a file cut inside a record or changed is never full without an anomaly', () => {
  const ends = new Set([0, 40, 80, 122, EVENTS.length])
  for (let length = 1; length < EVENTS.length; length++)
    if (!ends.has(length)) assert.deepEqual(read(EVENTS.subarray(0, length)).codes, ['tfr-length'], `cut to ${length}`)
  const property = fc.property(fc.nat(EVENTS.length - 1), fc.nat(255), (at, byte) => {
    if (EVENTS[at] === byte) return
    try {
      assert.ok(read(changed(at, byte)).codes.length > 0)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  })
  fc.assert(property, { numRuns: 500 })
})

test('tfrecordReader.sniff() knows a length by its check sum', () => {
  assert.equal(tfrecordReader.sniff(glimpse(EVENTS)), 'magic')
  assert.equal(tfrecordReader.sniff(glimpse(changed(8, 0), 'events.out.tfevents.1.host')), 'name')
  assert.equal(tfrecordReader.sniff(glimpse(Buffer.from('oak'))), null)
})
