import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { writeZip, type ZipMemberOptions } from '../../testing/zip.ts'
import { Budget } from '../budget.ts'
import { memorySource } from '../memory-source.ts'
import { readFile } from '../read-file.ts'
import { textReader } from '../text/index.ts'
import { zipReader } from './reader.ts'

const READERS = [zipReader, textReader]
const A: ZipMemberOptions = { name: 'a.txt', data: 'one two three '.repeat(20) }
const B: ZipMemberOptions = { name: 'b.txt', data: 'stored', method: 0 }

function read(bytes: Uint8Array, limits = {}) {
  return readBytes(zipReader, bytes, { path: 'model.zip', readers: READERS, limits })
}

test('zipReader reads an archive in full and hands on every member', () => {
  const { facts, members, codes, accounting } = read(writeZip([A, { name: 'dir/', method: 0 }, B]))
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
  assert.deepEqual(members.map(({ path, reading }) => [path, reading]), [['model.zip!/a.txt', 'full'], ['model.zip!/b.txt', 'full']]) // prettier-ignore
})

test('zipReader.sniff() knows a zip at its head, and at the tail of something else', () => {
  const bytes = writeZip([A])
  assert.equal(zipReader.sniff(glimpse(bytes)), 'structure')
  assert.equal(zipReader.sniff(glimpse(Buffer.concat([Buffer.from('GIF89a'), bytes]))), 'magic')
  assert.equal(zipReader.sniff(glimpse(Buffer.concat([Buffer.from("MZqFpD='"), bytes]))), null)
  assert.equal(zipReader.sniff(glimpse(Buffer.from('PK'))), null)
})

test('zipReader reads a member whose check sum is wrong none the less', () => {
  const { members, codes } = read(writeZip([{ ...A, local: { crc: 1 }, central: { crc: 1 } }]))
  assert.deepEqual([codes, members.length], [['zip-crc'], 1])
})

test('zipReader does not read what it cannot open, and is not full then', () => {
  const cases = [
    ['zip-encrypted', { ...B, name: 'x', local: { flags: 1 }, central: { flags: 1 } }],
    ['zip-method', { ...A, local: { method: 77 }, central: { method: 77 } }],
  ] as const
  for (const [code, member] of cases) {
    const { facts, members, codes } = read(writeZip([member, B]))
    assert.deepEqual([facts.reading, codes, members.length], ['listed', [code], 1])
  }
})

test('zipReader hands on what comes out of a member before it breaks', () => {
  const packed = deflateRawSync(Buffer.from('text '.repeat(100)), { level: 0 }).subarray(0, 300)
  for (const member of [
    { ...A, packed },
    { ...A, local: { size: 3 }, central: { size: 3 } },
  ]) {
    const { facts, members, codes } = read(writeZip([member, B]))
    assert.deepEqual([facts.reading, codes, members.length], ['listed', ['zip-size'], 2])
  }
  assert.equal(read(writeZip([{ ...A, data: 'text '.repeat(100), packed }])).members[0]?.size, 295)
})

test('zipReader sees a bomb by its declared sizes, and by what comes out', () => {
  const zeros = Buffer.alloc(68_000_000)
  const declared = { size: 900_000_000 }
  assert.ok(read(writeZip([{ ...A, local: declared, central: declared }])).codes.includes('zip-ratio'))
  assert.ok(read(writeZip([{ name: 'zeros', data: zeros }])).codes.includes('zip-ratio'))
})

test('zipReader of archives within archives stops at the eighth', () => {
  let bytes: Uint8Array = Buffer.from('x')
  for (let depth = 0; depth < 12; depth++) bytes = writeZip([{ name: 'a.zip', data: bytes }])
  const { members } = read(bytes)
  assert.ok(members.some(({ anomalies }) => anomalies.some(({ code }) => code === 'budget-nesting')))
})

test('zipReader of declared giants costs nothing', () => {
  const giant = { size: 0xfffffffe, packedSize: 0xfffffffe }
  const { codes, budget } = read(writeZip([{ ...A, local: giant, central: giant }], { end: { count: 65_534 } }))
  assert.ok(codes.includes('zip-overlap') && codes.includes('zip-count'))
  assert.ok(budget.cost.bytesRead < 10_000, `${budget.cost.bytesRead}`)
})

test('zipReader of mutated archives gives facts or a fault, and is full only when it has the same members', () => {
  const original = writeZip([A, B, { ...A, name: 'c.txt', descriptor: 16 }], { wideEnd: {} })
  const mutation = fc.record({ at: fc.nat(original.length - 1), byte: fc.nat(255) })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
    const bytes = Uint8Array.from(original)
    for (const { at, byte } of mutations) bytes[at] = byte
    zipReader.sniff(glimpse(bytes))
    try {
      read(bytes)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  })
  fc.assert(property, { numRuns: 1000 })
})

test('zipReader of an archive cut anywhere is never full without an anomaly', () => {
  const bytes = writeZip([A, B])
  for (let length = 0; length < bytes.length; length++) {
    const { facts, codes } = read(bytes.subarray(0, length))
    assert.ok(facts.reading !== 'full' || codes.length > 0, `cut to ${length}`)
  }
})

test('zipReader of an archive without its end reads what a stream shows', () => {
  const whole = writeZip([A, { ...B, name: 'dir/b.txt' }, { ...A, name: 'c.txt', descriptor: 16 }])
  const cuts = [whole.indexOf('PK\x01\x02', 0, 'latin1'), whole.length - 23, whole.length - 1]
  for (const length of cuts) {
    const { facts, members, codes } = read(whole.subarray(0, length))
    assert.ok(facts.reading === 'listed' && codes.includes('zip-no-end'))
    assert.deepEqual(members.map(({ path, size, reading }) => [path, size, reading]), [['model.zip!/a.txt', 280, 'full'], ['model.zip!/dir/b.txt', 6, 'full'], ['model.zip!/c.txt', 280, 'full']]) // prettier-ignore
  }
  assert.deepEqual(
    read(whole.subarray(0, 60)).members.map(({ path }) => path),
    ['model.zip!/a.txt'],
  )
})

test('zipReader that only looks at the structure neither sums up content nor unpacks much of it', () => {
  const wrong = { ...B, local: { crc: 1 }, central: { crc: 1 } }
  const large = { name: 'large.txt', data: randomBytes(1_200_000) }
  const budget = new Budget()
  const source = memorySource(writeZip([A, wrong, large]), budget)
  const { anomalies, reading, members } = readFile({ path: 'm.zip', source, budget, peek: true }, READERS)
  assert.deepEqual([anomalies, reading], [[], 'listed'])
  assert.deepEqual(members?.map(({ path }) => path), ['m.zip!/a.txt', 'm.zip!/b.txt']) // prettier-ignore
})
