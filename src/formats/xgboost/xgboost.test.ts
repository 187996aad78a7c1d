import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { ANOMALIES as FASTTEXT } from '../fasttext/anomalies.ts'
import { fasttextReader } from '../fasttext/index.ts'
import { ANOMALIES as LIGHTGBM } from '../lightgbm/anomalies.ts'
import { lightgbmReader } from '../lightgbm/index.ts'
import type { FormatReader } from '../reader.ts'
import { ANOMALIES } from './anomalies.ts'
import { xgboostJsonReader, xgboostUbjReader } from './index.ts'

const VECTORS = new Map(
  (
    JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as { name: string; base64: string }[]
  ).map(({ name, base64 }) => [name, Buffer.from(base64, 'base64')]),
)
const READERS = new Map<string, FormatReader>([
  ['json', xgboostJsonReader],
  ['ubj', xgboostUbjReader],
  ['txt', lightgbmReader],
  ['bin', fasttextReader],
  ['ftz', fasttextReader],
])

function vector(name: string): Buffer {
  return VECTORS.get(name) ?? assert.fail(name)
}

function readerOf(name: string): FormatReader {
  return READERS.get(name.split('.')[1] ?? '') ?? assert.fail(name)
}

function read(name: string, bytes: Uint8Array = vector(name)): BytesRead {
  return readBytes(readerOf(name), bytes, { path: name, limits: { items: 20_000 } })
}

for (const name of VECTORS.keys()) {
  test(`read() of ${name} as its library saves it is full, and every byte belongs to one structure`, () => {
    const { facts, codes, accounting } = read(name)
    assert.deepEqual([facts.reading, codes, accounting], ['full', [], { complete: true, anomalies: [] }])
    assert.equal(readerOf(name).sniff(glimpse(vector(name), 'model.unknown')), 'magic')
  })
}

test('xgboostJsonReader.read() and xgboostUbjReader.read() tell the same of one model', () => {
  const told = (name: string): unknown[] =>
    read(name)
      .facts.metadata.filter(({ key, type }) => type === 'string' && !key.includes('feature_names'))
      .map(({ key, value }) => [key, value])
      .toSorted()
  for (const name of ['tree', 'linear', 'dart']) {
    assert.deepEqual(told(`${name}.ubj`), told(`${name}.json`))
    assert.ok(told(`${name}.json`).length > 3)
  }
})

test('lightgbmReader.read() counts the trees', () => {
  assert.equal(read('leaves.txt').facts.metadata.find(({ key }) => key === 'trees')?.value, 2)
})

test('fasttextReader.read() finds the matrices', () => {
  const shapes = (name: string) => read(name).facts.tensors.map((tensor) => [tensor.name, tensor.shape[1]])
  assert.deepEqual(shapes('labels.bin'), [
    ['input', 2],
    ['output', 2],
  ])
  assert.deepEqual(shapes('labels.ftz').at(-1), ['output', 2])
  assert.ok(read('labels.ftz').facts.tensors.some(({ name }) => name === 'input.centroids'))
})

const ubj = (...parts: readonly (string | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))))

/** A file with some of its bytes overwritten. */
function changed(name: string, at: number, ...bytes: readonly number[]): Buffer {
  const copy = Buffer.from(vector(name))
  copy.set(bytes, at)
  return copy
}

function replaced(name: string, old: string, by: string): Buffer {
  return Buffer.from(vector(name).toString('latin1').replace(old, by), 'latin1')
}

const CASES: readonly (readonly [code: string, what: string, name: string, bytes: Uint8Array])[] = [
  ['xgb-length', 'a text of 2^31 bytes', 'a.ubj', ubj('{U', 1, 'aSl', 0x7f, 0xff, 0xff, 0xff)],
  ['xgb-length', 'an array of 2^31 numbers', 'a.ubj', ubj('{U', 1, 'a[$l#l', 0x7f, 0xff, 0xff, 0xff)],
  ['xgb-length', 'a list of 2^31 items', 'a.ubj', ubj('{U', 1, 'a[#l', 0x7f, 0xff, 0xff, 0xff)],
  ['xgb-length', 'a key of -1 bytes', 'a.ubj', ubj('{i', 0xff)],
  ['xgb-length', 'an object that does not end', 'a.ubj', ubj('{U', 1, 'aT')],
  ['xgb-marker', 'a marker that is none', 'a.ubj', ubj('{U', 1, 'a?')],
  ['xgb-marker', 'a type without a count', 'a.ubj', ubj('{U', 1, 'a[$lU')],
  ['xgb-duplicate-key', 'a key twice', 'a.ubj', ubj('{U', 7, 'learner{U', 1, 'aTU', 1, 'aSU', 1, 'x}}')],
  ['xgb-shape', 'an object without a learner', 'a.ubj', ubj('{U', 1, 'aU', 1, '}')],
  ['xgb-shape', 'an object without a learner in JSON', 'a.json', ubj('{"a":1}')],
  ['lgb-line', 'a line that is none', 'leaves.txt', replaced('leaves.txt', 'parameters:', 'import os')],
  ['lgb-end', 'no end of the trees', 'leaves.txt', vector('leaves.txt').subarray(0, 600)],
  ['lgb-tree-size', 'a tree of another size', 'leaves.txt', replaced('leaves.txt', 'leaf_value=', 'leaf_value=1 ')],
  ['lgb-tree-size', 'a tree too many', 'leaves.txt', replaced('leaves.txt', 'tree_sizes=', 'tree_sizes=9 ')],
  ['ftx-version', 'version 99', 'labels.bin', changed('labels.bin', 4, 99)],
  ['ftx-length', 'a dictionary of 2^31 words', 'labels.bin', changed('labels.bin', 64, 0xff, 0xff, 0xff, 0x7f)],
  ['ftx-length', 'a dictionary of -1 words', 'labels.bin', changed('labels.bin', 64, 0xff, 0xff, 0xff, 0xff)],
  ['ftx-length', 'a pruned list of 2^62 entries', 'labels.bin', changed('labels.bin', 84, 0, 0, 0, 0, 0, 0, 0, 0x40)],
  ['ftx-shape', 'other dimensions', 'labels.bin', changed('labels.bin', 8, 3)],
]

for (const [code, what, name, bytes] of CASES) {
  test(`read() notes ${code} for ${what}`, () => {
    const { codes, facts } = read(name, bytes)
    assert.ok(codes.includes(code), `noted: ${codes.join(', ')}`)
    const all = [...ANOMALIES, ...LIGHTGBM, ...FASTTEXT]
    if (all.some((one) => one.code === code && 'breaks' in one)) assert.equal(facts.reading, 'unread')
  })
}

test('ANOMALIES of XGBoost, LightGBM and fastText are each noted by a case of these tests', () => {
  const tested = new Set<string>(CASES.map(([code]) => code))
  assert.deepEqual(
    [...ANOMALIES, ...LIGHTGBM, ...FASTTEXT].map(({ code }) => code).filter((code) => !tested.has(code)),
    [],
  )
})

test('read() of a file cut anywhere is never full without an anomaly', () => {
  for (const [name, whole] of VECTORS) {
    const end = name.endsWith('.txt') ? whole.indexOf('end of trees') : whole.length - 1
    for (let length = 20; length < end; length += 1 + Math.floor(whole.length / 500)) {
      const { facts, codes, accounting } = read(name, whole.subarray(0, length))
      assert.ok(facts.reading !== 'full' || codes.length > 0 || !accounting.complete, `${name} cut to ${length}`)
    }
  }
})

test('read() of mutated files throws nothing but Fault and reads nothing outside', () => {
  for (const [name, whole] of VECTORS) {
    const mutation = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) })
    const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      const bytes = Uint8Array.from(whole)
      for (const { at, byte } of mutations) bytes[at] = byte
      try {
        read(name, bytes)
      } catch (thrown) {
        if (!isFault(thrown)) throw thrown
      }
    })
    fc.assert(property, { numRuns: 150 })
  }
})

test('read() of deep objects goes no deeper than the budget allows', () => {
  const deep = Buffer.concat(Array.from({ length: 200 }, () => ubj('{U', 1, 'a')))
  assert.throws(() => read('a.ubj', deep), { code: 'budget-depth' })
})

test('sniff() of XGBoost, LightGBM and fastText leaves what only resembles them', () => {
  assert.equal(xgboostJsonReader.sniff(glimpse(Buffer.from('{"learner":7}'), 'config.json')), null)
  assert.equal(xgboostUbjReader.sniff(glimpse(Buffer.from('oak'), 'a.ubj')), 'name')
  assert.equal(lightgbmReader.sniff(glimpse(Buffer.from('tree of life\n'), 'a.txt')), null)
  assert.equal(fasttextReader.sniff(glimpse(Buffer.from('oak'), 'a.ftz')), 'name')
  assert.equal(fasttextReader.sniff(glimpse(Buffer.from('oak'), 'a.bin')), null)
})
