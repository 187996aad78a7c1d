import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { paxHeader, tarMember, writeTar, type TarMemberOptions } from '../../testing/tar.ts'
import { textReader } from '../text/index.ts'
import { tarReader } from './index.ts'

const VECTORS: readonly { readonly name: string; readonly base64: string }[] = JSON.parse(
  readFileSync(new URL('vectors.json', import.meta.url), 'utf8'),
)
const A: TarMemberOptions = { name: 'a.txt', data: 'one\n' }
const B: TarMemberOptions = { name: 'dir/b.txt', data: 'two\n'.repeat(200) }

function read(bytes: Uint8Array) {
  return readBytes(tarReader, bytes, { path: 'm.tar', readers: [tarReader, textReader] })
}

for (const { name, base64 } of VECTORS) {
  test(`tarReader reads in full what ${name} writes`, () => {
    const bytes = gunzipSync(Buffer.from(base64, 'base64'))
    assert.equal(tarReader.sniff(glimpse(bytes)), 'structure')
    const { facts, members, codes, accounting } = read(bytes)
    assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
    const names = members.map(({ path }) => path.slice('m.tar!/'.length).replace(/^\.\//, ''))
    assert.ok(names.includes('a.txt') && names.includes('dir/modèle.txt'), names.join())
    assert.ok(names.some((long) => long.length > 120 && long.endsWith('end.txt')))
  })
}

test('tarReader hands on contents as they lie in the file', () => {
  const { members } = read(writeTar(A, { name: 'dir', type: '5' }, B))
  assert.deepEqual(members.map(({ path, size, reading }) => [path, size, reading]), [['m.tar!/a.txt', 4, 'full'], ['m.tar!/dir/b.txt', 800, 'full']]) // prettier-ignore
})

const BROKEN: readonly (readonly [string, string, Buffer])[] = [
  ['tar-checksum', 'a wrong check sum', writeTar(A, { ...B, checksum: 1 })],
  ['tar-header', 'a size that is no number', writeTar({ ...A, size: Buffer.from('zzzzzzzzzzz\0') })],
  ['tar-header', 'a negative size', writeTar({ ...A, size: Buffer.alloc(12, 0xff) })],
  ['tar-header', 'an extended header that does not parse', writeTar(tarMember({ name: 'x', type: 'x', data: '99 path=a\n' }), A)],
  ['tar-truncated', 'a size beyond the end', writeTar({ ...A, size: 1e9 })],
  ['tar-header', 'a size of 2^60', writeTar({ ...A, size: Buffer.from('800000001000000000000000', 'hex') })],
  ['tar-no-end', 'no end mark', tarMember(A)],
  ['tar-no-end', 'half an end mark', writeTar(A).subarray(0, -512)],
  ['tar-empty', 'zeros alone', Buffer.alloc(10_240)],
  ['tar-trailing', 'a member behind the end', Buffer.concat([writeTar(A), writeTar(B)])],
  ['tar-escape', 'a step upwards', writeTar({ ...A, name: '../x' })],
  ['tar-escape', 'an absolute name by prefix', writeTar({ ...A, name: 'x', prefix: '/etc' })],
  ['tar-escape', 'a step upwards in an extended name', writeTar(paxHeader({ path: 'a/../../x' }), A)],
  ['tar-link', 'a symbolic link', writeTar({ name: 'l', type: '2', link: '/etc/passwd' })],
  ['tar-link', 'a hard link', writeTar(A, { name: 'l', type: '1', link: 'a.txt' })],
  ['tar-link', 'a device', writeTar({ name: 'd', type: '3' })],
  ['tar-link', 'a pipe', writeTar({ name: 'p', type: '6' })],
  ['tar-duplicate-name', 'a name twice', writeTar(A, A)],
  ['tar-name-twin', 'names that differ in case', writeTar(A, { ...A, name: 'A.txt' })],
  ['tar-override', 'another size', writeTar(paxHeader({ size: '0' }), A)],
  ['tar-override', 'another size than none', writeTar(paxHeader({ size: '4' }), { ...A, size: 0 })],
  ['tar-override', 'another short name', writeTar(paxHeader({ path: 'b.pkl' }), A)],
  ['tar-override', 'a name for all members', writeTar(paxHeader({ path: 'b.pkl' }, 'g'), A)],
  ['tar-views-disagree', 'a folder with content', writeTar({ name: 'dir', type: '5', data: 'x' })],
  ['tar-name-nul', 'a zero byte in an extended name', writeTar(paxHeader({ path: 'a.txt\0.pkl' }), A)],
  ['tar-unsupported', 'a sparse member', writeTar({ ...A, type: 'S' })],
  ['tar-unsupported', 'a sparse member of pax', writeTar(paxHeader({ 'GNU.sparse.major': '1' }), A)],
  ['tar-unsupported', 'an unknown kind', writeTar({ ...A, type: 'Z' })],
  ['tar-unsupported', 'a further volume', writeTar({ ...A, type: 'M' })],
] // prettier-ignore

for (const [code, what, bytes] of BROKEN) {
  test(`tarReader notes ${code} for ${what}`, () =>
    assert.ok(read(bytes).codes.includes(code), read(bytes).codes.join()))
}

test('tarReader takes extended headers that only say more', () => {
  const long = 'x'.repeat(120)
  const archives = [
    writeTar(paxHeader({ mtime: '1.5', comment: 'a commit' }, 'g'), A),
    writeTar(paxHeader({ path: `${long}/a.txt` }), A),
    writeTar(paxHeader({ path: 'modèle.txt' }), A),
    writeTar(paxHeader({ path: 'a.txt', size: '4' }), A),
    writeTar({ ...A, size: Buffer.from('800000000000000000000004', 'hex') }),
    Buffer.concat([writeTar(A), Buffer.alloc(8192)]),
  ]
  for (const bytes of archives) assert.deepEqual([read(bytes).codes, read(bytes).facts.reading], [[], 'full'])
})

test('tarReader does not pass over bytes in the padding', () => {
  assert.ok(!read(writeTar({ ...A, fill: 65 })).accounting.complete)
})

test('tarReader of an archive cut anywhere is never full', () => {
  const bytes = writeTar(A, B)
  for (let length = 1; length < bytes.length; length++) {
    const { facts, codes, accounting } = read(bytes.subarray(0, length))
    assert.ok((facts.reading !== 'full' && codes.length > 0) || !accounting.complete, `cut to ${length}`)
  }
})

test('tarReader of mutated archives gives facts or a fault', () => {
  const original = writeTar(paxHeader({ path: `${'x'.repeat(120)}/a.txt` }), A, B)
  const mutation = fc.record({ at: fc.nat(original.length - 1), byte: fc.nat(255) })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
    const bytes = Uint8Array.from(original)
    for (const { at, byte } of mutations) bytes[at] = byte
    tarReader.sniff(glimpse(bytes))
    try {
      read(bytes)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  })
  fc.assert(property, { numRuns: 1000 })
})
