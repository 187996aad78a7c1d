import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { f32Tensor } from '../../testing/safetensors.ts'
import { pickleStateDict, writeTorchZip } from '../../testing/torch.ts'
import { Budget } from '../budget.ts'
import { memorySource } from '../memory-source.ts'
import { readFile } from '../read-file.ts'
import { torchZipReader } from './index.ts'

const TENSORS = [f32Tensor('a.weight', [2, 3], [1, 2, 3, 4, 5, 6]), f32Tensor('a.bias', [2], [7, 8])]
const valid = writeTorchZip(TENSORS)

function read(bytes: Uint8Array): ReturnType<typeof readBytes> {
  return readBytes(torchZipReader, bytes, { path: 'model.pt', readers: [] })
}

test('torchZipReader.read() reads a checkpoint in full and finds its tensors', () => {
  const { facts, accounting, codes, members } = read(valid)
  assert.deepEqual([facts.reading, codes, accounting.complete, members.length], ['full', [], true, 0])
  for (const [index, { name, bytes }] of TENSORS.entries()) {
    const tensor = facts.tensors[index]
    const there = valid.subarray(tensor?.offset, (tensor?.offset ?? 0) + (tensor?.length ?? 0))
    assert.deepEqual([tensor?.name, tensor?.packed, Buffer.from(there)], [name, undefined, Buffer.from(bytes)])
  }
  assert.deepEqual(
    facts.proofs?.map(({ verdict, locus }) => [verdict, locus]),
    [['proved', 'data.pkl']],
  )
})

test('torchZipReader.read() marks tensors of big-endian checkpoints', () => {
  const { facts } = read(writeTorchZip(TENSORS, { byteorder: 'big' }))
  assert.deepEqual(facts.tensors.map(({ bigEndian }) => bigEndian), [true, true]) // prettier-ignore
})

test('torchZipReader.read() notes a byte order that is none', () => {
  const { facts, codes } = read(writeTorchZip(TENSORS, { byteorder: 'middle' }))
  assert.deepEqual([codes, facts.reading], [['tor-record'], 'listed'])
})

test('torchZipReader.read() notes a storage that nothing refers to, and does not take it for read', () => {
  const more = [{ name: 'archive/data/9', data: 'MZ', method: 0 }]
  const { facts, codes, members } = read(writeTorchZip(TENSORS, { more }))
  assert.deepEqual([facts.reading, codes], ['full', ['tor-unreferenced']])
  assert.deepEqual(members.map(({ reading }) => reading), ['unread']) // prettier-ignore
})

test('torchZipReader.read() notes storages that are missing, too short, or not in the file', () => {
  const [weight, bias] = TENSORS
  if (weight === undefined || bias === undefined) assert.fail()
  const pickle = pickleStateDict(TENSORS)
  const missing = read(writeTorchZip([weight], { pickle }))
  assert.ok(missing.codes.includes('pkl-persistent-id') && missing.facts.reading === 'listed')
  const short = read(writeTorchZip([{ ...weight, bytes: new Uint8Array(8) }, bias], { pickle }))
  assert.ok(short.codes.includes('pkl-tensor') && short.facts.reading === 'listed')
  const long = read(writeTorchZip([{ ...weight, bytes: new Uint8Array(48) }, bias], { pickle }))
  assert.equal(long.facts.reading, 'listed')
})

test('torchZipReader.read() proves nothing of a pickle that calls something else', () => {
  const pickle = Buffer.from('\x80\x02cos\nsystem\nX\x02\0\0\0id\x85R.', 'latin1')
  const { facts, codes } = read(writeTorchZip([], { pickle }))
  assert.ok(codes.includes('pkl-executes-code'))
  assert.deepEqual([facts.reading, facts.proofs?.[0]?.verdict], ['listed', 'hostile'])
})

test('torchZipReader.read() notes bytes behind the pickle', () => {
  const pickle = Buffer.concat([pickleStateDict(TENSORS), Buffer.from('cos\nsystem\n.')])
  assert.ok(read(writeTorchZip(TENSORS, { pickle })).codes.includes('pkl-after-stop'))
})

test('torchZipReader.read() hands on what is none of its records', () => {
  const more = [{ name: 'archive/evil.py', data: 'import os' }, { name: 'elsewhere', data: 'x' }] // prettier-ignore
  const { members } = read(writeTorchZip(TENSORS, { more }))
  assert.deepEqual(
    members.map(({ path }) => path),
    ['model.pt!/archive/evil.py', 'model.pt!/elsewhere'],
  )
})

test('torchZipReader.read() costs directory, pickle and one pass of check sums, however large the storages are', () => {
  const large = { name: 'w', type: 'F32', shape: [1 << 22], bytes: new Uint8Array(1 << 24) }
  const bytes = writeTorchZip([large])
  const budget = new Budget({ bytes: 100_000 })
  const readContent = (offset: number, length: number) => bytes.subarray(offset, offset + length)
  const source = { ...memorySource(bytes, budget), readContent }
  const facts = readFile({ path: 'model.pt', source, budget }, [torchZipReader])
  assert.deepEqual([facts.reading, facts.tensors.length], ['full', 1])
})

test('torchZipReader.read() of a file cut anywhere is never full', () => {
  for (let length = 1; length < valid.length; length++) {
    const { facts, codes } = read(valid.subarray(0, length))
    assert.ok(facts.reading !== 'full' && codes.length > 0, `cut to ${length}`)
  }
})

test('torchZipReader.read() of mutated files throws nothing but Fault and reads nothing outside', () => {
  const mutation = fc.record({ at: fc.nat(valid.length - 1), byte: fc.nat(255) })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
    const bytes = valid.slice()
    for (const { at, byte } of mutations) bytes[at] = byte
    try {
      read(bytes)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  })
  fc.assert(property, { numRuns: 800 })
})

test('torchZipReader.read() of mutated pickles gives no tensor outside of its storage', () => {
  const pickle = pickleStateDict(TENSORS)
  const mutation = fc.record({ at: fc.nat(pickle.length - 1), byte: fc.nat(255) })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
    const changed = Buffer.from(pickle)
    for (const { at, byte } of mutations) changed[at] = byte
    const { facts } = read(writeTorchZip(TENSORS, { pickle: changed }))
    const storages = facts.claims.filter(({ role }) => role === 'tensor')
    for (const { offset, length } of facts.tensors)
      assert.ok(length === 0 || storages.some(({ from, to }) => from <= offset && offset + length <= to))
  })
  fc.assert(property, { numRuns: 500 })
})

test('torchZipReader.sniff() knows a checkpoint by the names of its records', () => {
  assert.equal(torchZipReader.sniff(glimpse(valid)), 'magic')
  assert.equal(torchZipReader.sniff(glimpse(Buffer.from('PK'))), null)
})
