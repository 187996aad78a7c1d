import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { buildFlat, type FlatRecord } from '../../testing/flatbuffer.ts'
import { glimpse, readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { hfConfigReader } from '../hf-config/index.ts'
import { tfliteReader } from '../tflite/index.ts'
import { TFLITE_SCHEMA } from '../tflite/schema.ts'
import { ANOMALIES, type LitertAnomaly } from './anomalies.ts'
import { litertLmReader } from './index.ts'
import { LITERT_SCHEMA } from './schema.ts'

const BLOCK = 1024

interface Part {
  readonly dataType: number
  readonly bytes: Uint8Array
  readonly changes?: FlatRecord
}

/** A bundle of these parts, each at a multiple of a block. */
function build(parts: readonly Part[], major = 1): Buffer {
  const objects: FlatRecord[] = []
  let at = BLOCK
  const blocks = parts.map(({ dataType, bytes, changes }) => {
    objects.push({ dataType, beginOffset: at, endOffset: at + bytes.length, ...changes })
    const block = Buffer.alloc(Math.ceil(bytes.length / BLOCK) * BLOCK)
    block.set(bytes)
    at += block.length
    return block
  })
  const entries = [{ key: 'author', value: ['StringValue', { value: 'oak' }] as const }]
  const value = { systemMetadata: { entries }, sectionMetadata: { objects } } as unknown as FlatRecord
  const header = buildFlat({ schema: LITERT_SCHEMA, root: 'LiteRTLMMetaData', value })
  const bundle = Buffer.concat([Buffer.alloc(BLOCK), ...blocks])
  bundle.write('LITERTLM')
  bundle.writeUInt32LE(major, 8)
  bundle.writeBigUInt64LE(BigInt(32 + header.length), 24)
  bundle.set(header, 32)
  return bundle
}

function read(bytes: Uint8Array): BytesRead {
  return readBytes(litertLmReader, bytes, { readers: [tfliteReader, hfConfigReader] })
}

const MODEL = buildFlat({ schema: TFLITE_SCHEMA, root: 'Model', value: { version: 3 }, identifier: 'TFL3' })

/** A tokenizer as the bundle keeps it, with the length that it declares. */
function packed(text: string, length = text.length): Uint8Array {
  const head = Buffer.alloc(8)
  head.writeBigUInt64LE(BigInt(length))
  return Buffer.concat([head, deflateSync(text)])
}

test('litertLmReader.read() reads the header and hands on the sections', () => {
  const bytes = build([
    { dataType: 3, bytes: MODEL },
    { dataType: 6, bytes: packed('{"model":{}}') },
    { dataType: 7, bytes: new Uint8Array(100).fill(9) },
  ])
  const { facts, codes, accounting, members } = read(bytes)
  assert.deepEqual([facts.reading, codes, accounting], ['full', [], { complete: true, anomalies: [] }])
  assert.deepEqual(
    members.map(({ path, format, reading }) => [path, format, reading]),
    [
      ['model.bin!/0/model.tflite', 'tflite', 'full'],
      ['model.bin!/1/tokenizer.json', 'hf-config', 'full'],
    ],
  )
  assert.deepEqual(
    facts.metadata.map(({ key, value }) => [key, value]),
    [
      ['version', '1.0.0'],
      ['author', 'oak'],
    ],
  )
})

const plain = { dataType: 7, bytes: new Uint8Array(10) }
const CASES: readonly (readonly [code: LitertAnomaly, what: string, bytes: Uint8Array])[] = [
  ['llm-header', 'a version of the future', build([], 2)],
  ['llm-header', 'a file of a few bytes', build([]).subarray(0, 20)],
  ['llm-section', 'a section behind the end', build([{ ...plain, changes: { endOffset: 1e9 } }])],
  ['llm-section', 'a section over the header', build([{ ...plain, changes: { beginOffset: 8 } }])],
  ['llm-section', 'a section that ends before it begins', build([{ ...plain, changes: { endOffset: 1 } }])],
  ['llm-section', 'a section beyond all numbers', build([{ ...plain, changes: { endOffset: 2n ** 63n } }])],
  ['llm-unpack', 'a tokenizer that is longer than it says', build([{ dataType: 6, bytes: packed('{"a":1}', 3) }])],
  ['llm-unpack', 'a tokenizer that is shorter than it says', build([{ dataType: 6, bytes: packed('{"a":1}', 99) }])],
  ['llm-unpack', 'a tokenizer of 2^40 bytes', build([{ dataType: 6, bytes: packed('{}', 2 ** 40) }])],
  ['llm-unpack', 'a tokenizer that is no stream', build([{ dataType: 6, bytes: new Uint8Array(20).fill(7) }])],
]

for (const [code, what, bytes] of CASES) {
  test(`litertLmReader.read() notes ${code} for ${what}`, () => {
    const { codes, facts } = read(bytes)
    assert.deepEqual([codes, facts.reading], [[code], 'unread'])
  })
}

test('ANOMALIES of litert-lm are each noted by a case of these tests', () => {
  const tested = new Set<string>(CASES.map(([code]) => code))
  assert.deepEqual(
    ANOMALIES.map(({ code }) => code).filter((code) => !tested.has(code)),
    [],
  )
})

test('litertLmReader.read() leaves two sections at one place to the accounting', () => {
  const twice = build([plain, { ...plain, changes: { beginOffset: BLOCK, endOffset: BLOCK + 10 } }])
  assert.equal(read(twice).accounting.complete, false)
})

test('litertLmReader.read() of mutated and cut files throws nothing but Fault and reads nothing outside', () => {
  const whole = build([
    { dataType: 3, bytes: MODEL },
    { dataType: 6, bytes: packed('{"a":1}') },
  ])
  const mutation = fc.record({ at: fc.nat(400), byte: fc.nat(255) })
  const property = fc.property(
    fc.array(mutation, { minLength: 1, maxLength: 4 }),
    fc.nat(whole.length),
    (mutations, end) => {
      const bytes = Uint8Array.from(whole)
      for (const { at, byte } of mutations) bytes[at] = byte
      for (const some of [bytes, whole.subarray(0, end)]) readOrFault(some)
    },
  )
  fc.assert(property, { numRuns: 500 })
  for (let length = 8; length < 2 * BLOCK; length += 7) assert.ok(read(whole.subarray(0, length)).codes.length > 0)
})

function readOrFault(bytes: Uint8Array): void {
  try {
    read(bytes)
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
  }
}

test('litertLmReader.sniff() knows the magic', () => {
  assert.equal(litertLmReader.sniff(glimpse(build([]))), 'magic')
  assert.equal(litertLmReader.sniff(glimpse(Buffer.from('oak'), 'a.litertlm')), 'name')
  assert.equal(litertLmReader.sniff(glimpse(Buffer.from('oak'))), null)
})
