import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { f32Tensor } from '../../testing/safetensors.ts'
import { LEGACY_HEAD, legacyStorages, pickleStateDict, writeTorchLegacy } from '../../testing/torch.ts'
import { torchLegacyReader } from './index.ts'

const TENSORS = [f32Tensor('a.weight', [2, 3], [1, 2, 3, 4, 5, 6]), f32Tensor('a.bias', [2], [7, 8])]
const valid = writeTorchLegacy(TENSORS)
const object = pickleStateDict(TENSORS, [Buffer.from('N')])
const HEAD_BYTES = 15

function read(bytes: Uint8Array): ReturnType<typeof readBytes> {
  return readBytes(torchLegacyReader, bytes, { path: 'model.pt', limits: { bytes: 1 << 22 } })
}

test('torchLegacyReader.read() reads a checkpoint to its last byte and finds its tensors', () => {
  const { facts, accounting, codes } = read(valid)
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
  for (const [index, { name, bytes }] of TENSORS.entries()) {
    const tensor = facts.tensors[index]
    const there = valid.subarray(tensor?.offset, (tensor?.offset ?? 0) + (tensor?.length ?? 0))
    assert.deepEqual([tensor?.name, Buffer.from(there)], [name, Buffer.from(bytes)])
  }
  assert.deepEqual(facts.proofs?.map(({ verdict }) => verdict), Array(5).fill('proved')) // prettier-ignore
})

test('torchLegacyReader.read() notes a magic number that is computed', () => {
  const computed = Buffer.from('\x80\x02cbuiltins\neval\nX\x01\0\0\x001\x85R.', 'latin1')
  const bytes = new Uint8Array(Buffer.concat([computed, valid.subarray(HEAD_BYTES)]))
  assert.equal(torchLegacyReader.sniff(glimpse(bytes)), 'magic')
  const { codes, facts } = read(bytes)
  assert.ok(codes.includes('pkl-magic') && codes.includes('pkl-executes-code'), codes.join(' '))
  assert.equal(facts.reading, 'listed')
})

const TAIL = legacyStorages(TENSORS)
const BROKEN: readonly (readonly [about: string, code: string, bytes: Uint8Array])[] = [
  ['another protocol', 'tor-grammar', Buffer.concat([valid.subarray(0, 17), Buffer.from('4dea032e', 'hex'), valid.subarray(21)])],
  ['keys that are no list of texts', 'tor-grammar', Buffer.concat([LEGACY_HEAD, object, Buffer.from('\x80\x02K\x01.', 'latin1')])],
  ['bytes behind the last storage', 'tor-grammar', Buffer.concat([valid, Buffer.from('PK')])],
  ['a key twice', 'pkl-tensor', Buffer.concat([LEGACY_HEAD, object, Buffer.from(TAIL.toString('latin1').replace('\x01\0\0\x001', '\x01\0\0\x000'), 'latin1')])],
  ['a storage that no tensor refers to', 'tor-unreferenced', Buffer.concat([LEGACY_HEAD, pickleStateDict(TENSORS.slice(0, 1), [Buffer.from('N')]), TAIL])],
  ['a tensor whose storage is not there', 'pkl-tensor', Buffer.concat([LEGACY_HEAD, object, legacyStorages(TENSORS.slice(0, 1))])],
  ['a count of 2^60', 'pkl-tensor', Buffer.concat([LEGACY_HEAD, object, TAIL.subarray(0, 18), Buffer.from('0000000000000010', 'hex')])],
] // prettier-ignore

for (const [about, code, bytes] of BROKEN) {
  test(`torchLegacyReader.read() notes ${code} for ${about}`, () => {
    const { codes, facts } = read(new Uint8Array(bytes))
    assert.ok(codes.includes(code), codes.join(' '))
    assert.notEqual(facts.reading, 'full')
  })
}

test('torchLegacyReader.read() of a file cut anywhere is never full', () => {
  for (let length = 1; length < valid.length; length += 3) {
    const { facts, codes } = read(valid.subarray(0, length))
    assert.ok(facts.reading !== 'full' && codes.length > 0, `cut to ${length}`)
  }
})

test('torchLegacyReader.read() of mutated files throws nothing but Fault and reads nothing outside', () => {
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
  fc.assert(property, { numRuns: 300 })
})

test('torchLegacyReader.sniff() knows the magic number in any protocol, and nothing else', () => {
  const head = Buffer.from('80049505000000000000008a0a6cfc9c46f9206aa850192e', 'hex')
  assert.equal(torchLegacyReader.sniff(glimpse(head)), 'magic')
  assert.equal(torchLegacyReader.sniff(glimpse(Buffer.from('L119547037146038801333356L\n.'))), 'magic')
  assert.equal(torchLegacyReader.sniff(glimpse(Buffer.from('\x80\x02K\x01.\x80\x02K\x01.', 'latin1'))), null)
  assert.equal(torchLegacyReader.sniff(glimpse(Buffer.from('oak and ash'))), null)
})
