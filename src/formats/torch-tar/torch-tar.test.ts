import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { writeTar } from '../../testing/tar.ts'
import { torchTarReader } from './index.ts'

function pickle(body: string): Buffer {
  return Buffer.from(`\x80\x02${body}.`, 'latin1')
}

function numbers(...values: readonly bigint[]): Buffer {
  return Buffer.from(BigInt64Array.from(values).buffer)
}

const STORAGE = Buffer.concat([pickle('(K\x07U\x03cpuctorch\nFloatStorage\nt'), numbers(2n), Buffer.alloc(8)])
const STORAGES = Buffer.concat([pickle('K\x01'), STORAGE, pickle(']')])
const TENSORS = Buffer.concat([pickle('K\x01'), pickle('K\x09K\x07ctorch\nFloatTensor\n\x87'), numbers(1n, 2n, 1n, 0n)])
const OBJECT = pickle('}X\x01\0\0\0aK\x09Qs')

function read(changes: Readonly<Record<string, Uint8Array>> = {}): ReturnType<typeof readBytes> {
  const members = { storages: STORAGES, tensors: TENSORS, pickle: OBJECT, ...changes }
  const bytes = writeTar(...Object.entries(members).map(([name, data]) => ({ name, data })))
  return readBytes(torchTarReader, bytes, { path: 'm.tar', readers: [] })
}

test('torchTarReader.read() analyses every pickle and follows the numbers between them', () => {
  const { facts, codes, accounting } = read()
  assert.deepEqual([facts.reading, codes.filter((code) => !code.startsWith('pkl-unlisted')), accounting.complete], ['listed', [], true]) // prettier-ignore
  assert.deepEqual(facts.proofs?.map(({ locus }) => locus), ['storages', 'storages', 'storages', 'tensors', 'tensors', 'pickle']) // prettier-ignore
})

test('torchTarReader.read() finds what any of the pickles calls', () => {
  const system = pickle('cos\nsystem\nX\x02\0\0\0id\x85R')
  const places = { storages: Buffer.concat([pickle('K\x01'), system]), tensors: system, pickle: system }
  for (const [name, data] of Object.entries(places))
    assert.ok(read({ [name]: data }).codes.includes('pkl-executes-code'), name)
})

test('torchTarReader.read() notes what is not of the form', () => {
  const cases = {
    storages: [STORAGES.subarray(0, 40), Buffer.concat([STORAGES, Buffer.from('PK')]), pickle('K\x02')],
    tensors: [TENSORS.subarray(0, -8), pickle('X\x01\0\0\0a')],
    pickle: [Buffer.concat([OBJECT, Buffer.from('x')])],
  }
  for (const [name, all] of Object.entries(cases))
    for (const data of all) assert.ok(read({ [name]: data }).codes.includes('tor-grammar'), name)
})

test('torchTarReader.read() of mutated members throws nothing but Fault', () => {
  const mutation = fc.record({ at: fc.nat(STORAGES.length - 1), byte: fc.nat(255) })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
    const storages = Buffer.from(STORAGES)
    for (const { at, byte } of mutations) storages[at] = byte
    try {
      read({ storages })
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  })
  fc.assert(property, { numRuns: 300 })
})

test('torchTarReader.sniff() knows the names of the members', () => {
  assert.equal(torchTarReader.sniff(glimpse(writeTar({ name: 'storages', data: 'a' }))), 'magic')
  assert.equal(torchTarReader.sniff(glimpse(writeTar({ name: 'a.txt', data: 'a' }))), null)
})
