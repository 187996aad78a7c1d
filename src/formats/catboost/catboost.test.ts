import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { catboostReader } from './index.ts'

const VECTORS = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as {
  readonly name: string
  readonly base64: string
}[]
const [NUMBERS, CATEGORIES] = VECTORS.map(({ base64 }) => Buffer.from(base64, 'base64')) as [Buffer, Buffer]

function read(bytes: Uint8Array): BytesRead {
  return readBytes(catboostReader, bytes)
}

for (const { name, base64 } of VECTORS) {
  test(`catboostReader.read() reads what CatBoost saves: ${name}`, () => {
    const { facts, codes, accounting } = read(Buffer.from(base64, 'base64'))
    assert.deepEqual([facts.reading, codes, accounting], ['full', [], { complete: true, anomalies: [] }])
    assert.equal(facts.metadata.find(({ key }) => key === 'trees')?.value, 2)
    assert.deepEqual(
      facts.tensors.map(({ type, shape }) => [type, shape]),
      [['F64', [name === 'numbers' ? 4 : 6]]],
    )
  })
}

test('catboostReader.read() gives leaf values that are those of the trees', () => {
  const [leaves] = read(NUMBERS).facts.tensors
  const values = Array.from({ length: 4 }, (_, i) => NUMBERS.readDoubleLE((leaves?.offset ?? 0) + 8 * i))
  assert.ok(values.every((value) => Math.abs(value) < 1) && values.some((value) => value !== 0), String(values))
})

test('catboostReader.read() notes a model or a table that is longer than the file', () => {
  for (const [whole, at] of [
    [NUMBERS, 4],
    [CATEGORIES, 8 + CATEGORIES.readUInt32LE(4) + 4],
  ] as const) {
    const bytes = Uint8Array.from(whole)
    bytes.set([0xff, 0xff, 0xff, 0x7f], at)
    assert.deepEqual(read(bytes).codes, ['fbf-outside'])
  }
})

test('catboostReader.read() leaves parts that it does not know unread', () => {
  const bytes = Uint8Array.from(CATEGORIES)
  bytes.set(Buffer.from('x'), CATEGORIES.indexOf('static_provider_v1'))
  const { facts, accounting } = read(bytes)
  assert.deepEqual([facts.reading, accounting.complete], ['listed', true])
  assert.match(facts.reason ?? '', /xtatic_provider_v1/)
})

test('catboostReader.read() leaves what follows the model to the accounting', () => {
  assert.equal(read(Buffer.concat([NUMBERS, Buffer.from('payload')])).accounting.complete, false)
})

test('catboostReader.read() of a file cut anywhere is never full without an anomaly', () => {
  for (const whole of [NUMBERS, CATEGORIES]) {
    for (let length = 4; length < whole.length; length += 3) {
      const { facts, codes, accounting } = read(whole.subarray(0, length))
      assert.ok(facts.reading !== 'full' || codes.length > 0 || !accounting.complete, `cut to ${length}`)
    }
  }
})

test('catboostReader.read() of mutated files throws nothing but Fault and reads nothing outside', () => {
  const mutation = fc.record({ at: fc.nat(CATEGORIES.length - 1), byte: fc.nat(255) })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (mutations) => {
    const bytes = Uint8Array.from(CATEGORIES)
    for (const { at, byte } of mutations) bytes[at] = byte
    try {
      read(bytes)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  })
  fc.assert(property, { numRuns: 500 })
})

test('catboostReader.sniff() knows the magic', () => {
  assert.equal(catboostReader.sniff(glimpse(NUMBERS)), 'magic')
  assert.equal(catboostReader.sniff(glimpse(Buffer.from('oak'), 'a.cbm')), 'name')
  assert.equal(catboostReader.sniff(glimpse(Buffer.from('oak'))), null)
})
