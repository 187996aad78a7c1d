import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { ANOMALIES, type RDataAnomaly } from './anomalies.ts'
import { rDataReader } from './index.ts'

interface Vector {
  readonly name: string
  readonly hex: string
  readonly notes: readonly string[]
}
const VECTORS = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as readonly Vector[]

function read(bytes: Uint8Array): BytesRead {
  return readBytes(rDataReader, bytes, { limits: { items: 100_000 } })
}

function vector(name: string): Buffer {
  return Buffer.from(VECTORS.find((one) => one.name === name)?.hex ?? assert.fail(name), 'hex')
}

for (const { name, hex, notes } of VECTORS) {
  test(`rDataReader.read() walks what R saves: ${name}`, () => {
    const { facts, codes, accounting } = read(Buffer.from(hex, 'hex'))
    assert.deepEqual([facts.reading, accounting], ['full', { complete: true, anomalies: [] }])
    assert.deepEqual(codes.toSorted(), notes.toSorted())
  })
}

test('rDataReader.read() names what a promise or a function calls, and nothing that only lies there', () => {
  const calls = (name: string) => read(vector(name)).facts.references.map(({ target }) => target)
  assert.deepEqual(calls('a promise'), ['system'])
  assert.deepEqual(calls('a function').toSorted(), ['paste', 'system'])
  assert.ok(calls('a compiled function').includes('system'))
  assert.deepEqual(calls('a formula and a call'), [])
})

test('rDataReader.read() says which R wrote the file', () => {
  const { metadata } = read(vector('a table')).facts
  assert.deepEqual(metadata.find(({ key }) => key === 'encoding')?.value, 'UTF-8')
  assert.match(String(metadata.find(({ key }) => key === 'writer')?.value), /^R 4\./)
})

/** A stream of version 2 with these numbers. */
function stream(...numbers: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(2 + 4 * (3 + numbers.length))
  bytes.write('X\n')
  for (const [i, number] of [2, 0x040202, 0x020300, ...numbers].entries()) bytes.writeInt32BE(number, 2 + 4 * i)
  return bytes
}

const CASES: readonly (readonly [code: RDataAnomaly, what: string, bytes: Uint8Array])[] = [
  ['rda-header', 'version 9', stream().map((byte, i) => (i === 5 ? 9 : byte))],
  ['rda-header', 'another letter', Buffer.from('Q\n\0\0\0\u0002')],
  ['rda-length', 'a vector of 2^30 numbers', stream(14, 2 ** 30)],
  ['rda-length', 'a vector of 2^60 numbers', stream(14, -1, 2 ** 28, 0)],
  ['rda-length', 'a list of 2^30 items', stream(19, 2 ** 30)],
  ['rda-length', 'a text that is cut', stream(9, 100)],
  ['rda-length', 'a negative length', stream(13, -7)],
  ['rda-length', 'a text form without lines', Buffer.from('A\n2')],
  ['rda-item', 'an item of type 77', stream(77, 0)],
  ['rda-item', 'a reference to nothing', stream(255 | (5 << 8))],
  ['rda-item', 'a word where a number is due', Buffer.from('A\n2\noak\n3\n')],
  ['rda-active', 'an external pointer', stream(22, 254, 254)],
  ['rda-active', 'an item of a hook', stream(247, 0, 1, 9, 0)],
]

for (const [code, what, bytes] of CASES) {
  test(`rDataReader.read() notes ${code} for ${what}`, () => {
    const { codes, facts } = read(bytes)
    assert.deepEqual(codes, [code], facts.reason)
    if (ANOMALIES.some((one) => one.code === code && 'breaks' in one)) assert.equal(facts.reading, 'unread')
  })
}

test('ANOMALIES of r-data are each noted by a case of these tests', () => {
  const tested = new Set([...CASES.map(([code]) => code as string), ...VECTORS.flatMap(({ notes }) => notes)])
  assert.deepEqual(
    ANOMALIES.map(({ code }) => code).filter((code) => !tested.has(code)),
    [],
  )
})

test('rDataReader.read() of a file cut anywhere is never full without an anomaly', () => {
  for (const name of ['a compiled function', 'text form', 'a workspace']) {
    const whole = vector(name)
    for (let length = 2; length < whole.length - 1; length++) {
      const { facts, codes, accounting } = read(whole.subarray(0, length))
      assert.ok(facts.reading !== 'full' || codes.length > 0 || !accounting.complete, `${name} cut to ${length}`)
    }
  }
})

test('rDataReader.read() leaves what follows the stream to the accounting', () => {
  assert.equal(read(Buffer.concat([vector('a table'), Buffer.from('payload')])).accounting.complete, false)
})

test('rDataReader.read() goes only so deep, and spends the budget on items', () => {
  const deep = stream(
    ...Array<number>(2000)
      .fill(0)
      .flatMap(() => [19, 1]),
  )
  assert.throws(() => read(deep), { code: 'budget-depth' })
  const long = stream(19, 500, ...Array<number>(500).fill(254))
  assert.throws(() => readBytes(rDataReader, long, { limits: { items: 100 } }), { code: 'budget-items' })
})

test('rDataReader.read() of mutated files throws nothing but Fault and reads nothing outside', () => {
  for (const name of ['a compiled function', 'text form', 'a linear model']) {
    const whole = vector(name)
    const mutation = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) })
    const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (mutations) => {
      const bytes = Uint8Array.from(whole)
      for (const { at, byte } of mutations) bytes[at] = byte
      try {
        read(bytes)
      } catch (thrown) {
        if (!isFault(thrown)) throw thrown
      }
    })
    fc.assert(property, { numRuns: 500 })
  }
})

test('rDataReader.sniff() knows workspaces and streams', () => {
  for (const name of ['a table', 'a workspace', 'text form', 'a table in the order of the machine'])
    assert.equal(rDataReader.sniff(glimpse(vector(name))), 'magic', name)
  assert.equal(rDataReader.sniff(glimpse(Buffer.from('X\nABC'), 'a.rds')), 'name')
  assert.equal(rDataReader.sniff(glimpse(Buffer.from('X\nABC'))), null)
  assert.equal(rDataReader.sniff(glimpse(Buffer.from('A\n2\n3\n4\n'), 'vocab.txt')), null)
})
