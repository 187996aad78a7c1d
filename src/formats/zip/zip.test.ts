import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'
import { test } from 'node:test'
import { readBytes } from '../../testing/read-bytes.ts'
import { extraField, writeZip, type ZipMemberOptions, type ZipOptions } from '../../testing/zip.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { openZipMember, readZip, ZIP_ANOMALIES, type ZipArchive } from './index.ts'

interface Opened {
  readonly archive: ZipArchive
  readonly contents: readonly string[]
  readonly codes: readonly string[]
  readonly complete: boolean
}

/** Reads an archive as a format that is a zip would, and the content of what can be opened. */
function open(bytes: Uint8Array): Opened {
  const seen: { archive: ZipArchive; contents: string[] } = { archive: { members: [], sound: false }, contents: [] }
  const read = (request: ReadRequest) => {
    const facts = new FactCollector(request, 'zip', ZIP_ANOMALIES)
    seen.archive = readZip(request, facts)
    for (const member of seen.archive.members) {
      facts.claim('opaque', member.from, member.from + member.packedSize)
      if (member.encrypted || ![0, 8].includes(member.method)) continue
      const source = openZipMember(request, member, (code, message) =>
        facts.anomalies.add(code, message, { locus: 'm' }),
      )
      seen.contents.push(Buffer.from(source.read(0, source.size)).toString('latin1'))
    }
    return facts.finish()
  }
  const reader: FormatReader = { format: 'zip', title: 'Zip', version: 1, extensions: [], sniff: () => 'magic', read }
  const { codes, accounting } = readBytes(reader, bytes)
  return { ...seen, codes, complete: accounting.complete }
}

const A: ZipMemberOptions = { name: 'a.txt', data: 'one'.repeat(20) }
const B: ZipMemberOptions = { name: 'dir/b.bin', data: Buffer.from([1, 2, 3]), method: 0 }

const SOUND: readonly (readonly [string, readonly ZipMemberOptions[], ZipOptions?])[] = [
  ['stored and deflated members', [A, B]],
  ['no members', []],
  ['folders', [{ name: 'dir/', method: 0 }, B]],
  ['a descriptor of 16 bytes', [{ ...A, descriptor: 16 }, B]],
  ['a descriptor of 24 bytes', [{ ...A, descriptor: 24 }, { ...B, descriptor: 24 }]],
  ['descriptors without signatures', [{ ...A, descriptor: 12 }, { ...B, descriptor: 20 }]],
  ['a 64-bit end record', [A, B], { wideEnd: {} }],
  ['a 64-bit end record alone', [A, B], { wideEnd: {}, end: { count: 0xffff, size: 0xffffffff, offset: 0xffffffff } }],
  ['a padding field', [{ ...B, local: { extra: extraField(0x4246, Buffer.alloc(40, 'Z')) } }]],
  ['padding by zeros alone', [{ ...B, local: { extra: Buffer.alloc(3) } }]],
  ['the mark of Java', [{ ...A, local: { extra: extraField(0xcafe, Buffer.alloc(0)) }, central: { extra: extraField(0xcafe, Buffer.alloc(0)) } }]],
  ['a name in another language', [{ ...A, name: 'modèle.txt', local: { flags: 0x800 }, central: { flags: 0x800 } }]],
  ['what came through a pipe', [{ ...A, name: '-', central: { madeBy: 0x031e, external: 0o010_600 * 65536 } }]],
  ['a name that is not UTF-8', [{ ...A, name: Buffer.from([0x82, 0x2e, 0x74]) }]],
] // prettier-ignore

for (const [what, members, options] of SOUND) {
  test(`readZip() finds nothing amiss with ${what}`, () => {
    const { archive, contents, codes, complete } = open(writeZip(members, options))
    assert.deepEqual([codes, complete, archive.sound], [[], true, true])
    assert.deepEqual(contents, members.map(({ data = '' }) => Buffer.from(data).toString('latin1'))) // prettier-ignore
    assert.deepEqual(archive.members.map(({ isFolder }) => isFolder), members.map(({ name }) => name.toString().endsWith('/'))) // prettier-ignore
  })
}

test('readZip() takes 64-bit sizes of local header and directory', () => {
  const wide = Buffer.alloc(16)
  wide.writeBigUInt64LE(60n, 0)
  const ones = { packedSize: 0xffffffff, size: 0xffffffff }
  const bytes = writeZip([{ ...A, method: 0, local: { ...ones, extra: extraField(1, Buffer.concat([wide.subarray(0, 8), wide.subarray(0, 8)])) }, central: { ...ones, extra: extraField(1, Buffer.concat([wide.subarray(0, 8), wide.subarray(0, 8)])) } }]) // prettier-ignore
  assert.deepEqual([open(bytes).codes, open(bytes).contents], [[], ['one'.repeat(20)]])
})

const name = Buffer.from('a.txt')
const unicodePath = (text: string, sum = crc32(name)): Buffer => {
  const head = Buffer.alloc(5, 1)
  head.writeUInt32LE(sum, 1)
  return extraField(0x7075, Buffer.concat([head, Buffer.from(text)]))
}
const wideField = (...sizes: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(sizes.length * 8)
  sizes.forEach((size, i) => bytes.writeBigUInt64LE(BigInt(size), i * 8))
  return extraField(1, bytes)
}
const inner = writeZip([{ ...B, name: 'c' }])

const directoryOf = (zip: Buffer): Buffer => zip.subarray(zip.readUInt32LE(zip.length - 6), zip.length - 22)

const BROKEN: readonly (readonly [string, string, readonly ZipMemberOptions[], ZipOptions?])[] = [
  ['zip-several-ends', 'an end record in the comment', [A], { comment: writeZip([]).toString('latin1') }],
  ['zip-several-ends', 'two directories', [A], { beforeEnd: directoryOf(writeZip([{ ...A, name: 'b.txt' }])) }],
  ['zip-directory', 'a directory outside', [A], { end: { offset: 1, size: 3 } }],
  ['zip-count', 'a false count', [A, B], { end: { count: 1 } }],
  ['zip-missing-header', 'an offset into data', [A, { ...B, central: { offset: 3 } }]],
  ['zip-views-disagree', 'two methods', [{ ...A, local: { method: 0 } }]],
  ['zip-views-disagree', 'two check sums', [{ ...A, local: { crc: 1 } }]],
  ['zip-views-disagree', 'two sizes', [{ ...A, local: { size: 1 } }]],
  ['zip-views-disagree', 'encryption in one view', [{ ...A, local: { flags: 1 } }]],
  ['zip-views-disagree', 'stored with two sizes', [{ ...B, local: { size: 9 }, central: { size: 9 } }]],
  ['zip-name-differs', 'two names', [{ ...A, local: { name: 'b.txt' } }]],
  ['zip-hidden-member', 'a member that is not listed', [A, { ...A, name: 'x', hidden: true }, B]],
  ['zip-hidden-member', 'an unlisted member at the end', [A, { ...B, hidden: true }]],
  ['zip-hidden-member', 'an unlisted member at the beginning', [{ ...B, hidden: true }, A]],
  ['zip-descriptor', 'a missing descriptor', [{ ...A, local: { flags: 8, crc: 0, size: 0, packedSize: 0 } }, B]],
  ['zip-slack', 'bytes behind the compressed data', [{ ...A, packed: Buffer.concat([Buffer.from('4bcfcfcf07 00'.replace(' ', ''), 'hex'), Buffer.from('payload')]), data: 'fooo' }]],
  ['zip-extra', 'extra fields that are too long', [{ ...A, central: { extra: Buffer.from('4142ff00', 'hex') } }]],
  ['zip-extra', 'a padding field that holds something', [{ ...A, local: { extra: extraField(0x4246, Buffer.from('ZZpayload')) } }]],
  ['zip-folder-data', 'a folder with content', [{ ...B, name: 'dir/' }]],
  ['zip-folder-data', 'a file whose attributes call it a folder', [{ ...B, central: { external: 0x10 } }]],
  ['zip-folder-data', 'a file whose mode calls it a folder', [{ ...B, central: { external: 0o040_755 * 65536 } }]],
  ['zip-name-nul', 'a zero byte in a name', [{ ...A, name: 'a.txt\0.png' }]],
  ['zip-escape', 'a step upwards', [{ ...A, name: '../../etc/cron.d/x' }]],
  ['zip-escape', 'a step upwards by backslash', [{ ...A, name: '..\\x' }]],
  ['zip-escape', 'an absolute name', [{ ...A, name: '/etc/x' }]],
  ['zip-escape', 'a drive', [{ ...A, name: 'C:x' }]],
  ['zip-escape', 'a network path', [{ ...A, name: '\\\\host\\share' }]],
  ['zip-backslash', 'backslashes', [{ ...A, name: 'dir\\x' }]],
  ['zip-link', 'a symbolic link', [{ ...A, central: { madeBy: 0x0314, external: 0o120_777 * 65536 } }]],
  ['zip-link', 'a device', [{ ...A, central: { madeBy: 0x0314, external: 0o060_644 * 65536 } }]],
  ['zip-overlap', 'two members in the same bytes', [{ ...B, data: inner }, { ...B, name: 'c', central: { offset: 39 } }]],
  ['zip-overlap', 'data that reach into the directory', [{ ...B, local: { packedSize: 500, size: 500 }, central: { packedSize: 500, size: 500 } }]],
  ['zip-duplicate-name', 'the same name twice', [A, A]],
  ['zip-name-twin', 'names that differ in case', [A, { ...A, name: 'A.TXT' }]],
  ['zip-encrypted', 'a flag', [{ ...A, local: { flags: 1 }, central: { flags: 1 } }]],
  ['zip-encrypted', 'strong encryption', [{ ...A, local: { flags: 0x41 }, central: { flags: 0x41 } }]],
  ['zip-encrypted', 'AES', [{ ...A, method: 99 }]],
  ['zip-multi-disk', 'another disk', [A], { end: { disk: 1 } }],
  ['zip-multi-disk', 'a member on another disk', [{ ...A, central: { disk: 2 } }]],
  ['zip-crc', 'a wrong check sum of a stored member', [{ ...B, local: { crc: 7 }, central: { crc: 7 } }]],
  ['zip-crc', 'a wrong check sum of a deflated member', [{ ...A, local: { crc: 7 }, central: { crc: 7 } }]],
  ['zip-prepended', 'bytes before the archive', [A], { prepend: Buffer.from('#!/bin/sh\n') }],
  ['zip-prepended', 'bytes that the offsets count', [{ ...A, before: Buffer.from('%PDF') }]],
  ['zip-trailing', 'bytes behind the archive', [A], { append: Buffer.from('x') }],
  ['zip-comment', 'a comment', [A], { comment: 'hello' }],
  ['zip-comment', 'a comment of a member', [{ ...A, central: { comment: 'hello' } }]],
  ['zip-unicode-path', 'another Unicode path', [{ ...A, central: { extra: unicodePath('b.txt') } }]],
  ['zip-unicode-path', 'a Unicode path of another name', [{ ...A, local: { extra: unicodePath('a.txt', 1) } }]],
  ['zip-zip64', 'another size in the 64-bit field', [{ ...A, central: { extra: wideField(1, 2, 3) } }]],
  ['zip-zip64', 'a missing 64-bit field', [{ ...A, central: { offset: 0xffffffff } }]],
  ['zip-zip64', 'another count in the 64-bit end record', [A], { wideEnd: { count: 2 } }],
  ['zip-zip64', 'a missing 64-bit end record', [A], { end: { offset: 0xffffffff } }],
] // prettier-ignore

for (const [code, what, members, options] of BROKEN) {
  test(`readZip() notes ${code} for ${what}`, () => {
    const bytes = writeZip(members, options)
    const isOneOf = (thrown: unknown) => (thrown as { code?: string }).code === code
    try {
      const { codes, archive } = open(bytes)
      assert.ok(codes.includes(code), codes.join(', '))
      assert.equal(
        archive.sound &&
          !['zip-comment', 'zip-backslash', 'zip-name-twin', 'zip-link', 'zip-crc', 'zip-slack'].includes(code),
        false,
      )
    } catch (thrown) {
      if (!isOneOf(thrown)) throw thrown
    }
  })
}

test('readZip() claims a comment that is text, and leaves any other to whoever looks into gaps', () => {
  assert.ok(open(writeZip([A], { comment: 'made by a tool\n' })).complete)
  assert.ok(!open(writeZip([A], { comment: '\x80\x04]\x94.' })).complete)
})

test('readZip() of an archive cut anywhere never says that it is sound', () => {
  const bytes = writeZip([A, B, { ...A, name: 'c', descriptor: 16 }], { wideEnd: {} })
  for (let length = 0; length < bytes.length; length++) {
    const { archive, codes } = open(bytes.subarray(0, length))
    assert.ok(!archive.sound && codes.length > 0, `cut to ${length}`)
  }
})
