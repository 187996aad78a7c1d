/**
 * Nothing unread is clean: files that cannot be read to their last byte, each through intake, readers and rules.
 *
 * Whatever hinders the reading, the answer is `inconclusive` or `defect`, and never anything better.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import type { AuditReport } from '../../src/audit/index.ts'
import type { ReadOptions } from '../../src/formats/index.ts'
import { buildGguf } from '../../src/testing/gguf.ts'
import { f32Tensor, writeSafetensors } from '../../src/testing/safetensors.ts'
import { paxHeader, tarMember, writeTar } from '../../src/testing/tar.ts'
import { writeZip, type ZipMemberOptions } from '../../src/testing/zip.ts'
import { inspect } from './inspect.ts'

const SAFETENSORS = writeSafetensors([f32Tensor('a', [4], [1, 2, 3, 4])])
const GGUF = buildGguf({ tensors: [{ name: 'a', shape: [32], type: 'f32' }] })
const README = '---\nlicense: mit\n---\n# A model\n'
const CARD: ZipMemberOptions = { name: 'README.md', data: README }
const NOISE = Buffer.concat([0, 1, 2, 3].map((i) => createHash('sha512').update(`${i}`).digest()))

function nested(depth: number): Uint8Array {
  let bytes: Uint8Array = SAFETENSORS
  for (let i = 0; i < depth; i++) bytes = writeZip([{ name: i === 0 ? 'm.safetensors' : 'a.zip', data: bytes }])
  return bytes
}

function cut(bytes: Uint8Array, share = 0.6): Uint8Array {
  return bytes.subarray(0, Math.floor(bytes.length * share))
}

function stored(name: string, data: Uint8Array | string): ZipMemberOptions {
  return { name, data, method: 0 }
}

/** Name of the file, its bytes, and limits where it is those that hinder the reading. */
type Case = readonly [what: string, path: string, bytes: Uint8Array | string, options?: ReadOptions]

const UNREADABLE: readonly Case[] = [
  ['no bytes', 'model.safetensors', ''],
  ['one byte', 'model.safetensors', 'x'],
  ['noise', 'model.bin', NOISE],
  ['noise called safetensors', 'model.safetensors', NOISE],
  ['noise called GGUF', 'model.gguf', NOISE],
  ['noise called a zip', 'model.zip', NOISE],
  ['noise called a pickle', 'model.pkl', NOISE],
  ['noise called ONNX', 'model.onnx', NOISE],
  ['zeros', 'model.bin', Buffer.alloc(4096)],
  ['zeros called a tar', 'model.tar', Buffer.alloc(10_240)],
  ['Brotli, which has no signature', 'model.br', brotliCompressSync(README)],
  ['a pointer of Git LFS', 'model.safetensors', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n'],
  ['a page that says not found', 'model.safetensors', '<!DOCTYPE html>\n<html><body>404</body></html>'],
  ['a JSON that breaks', 'config.json', '{"model_type": "llama", '],
  ['a JSON with a key twice', 'config.json', '{"a": 1, "a": 2}'],
  ['a PDF', 'paper.pdf', '%PDF-1.4\n%%EOF\n'],
  ['an engine', 'model.engine', Buffer.concat([Buffer.from('ftrt'), NOISE])],
]

const TRUNCATED: readonly Case[] = [
  ['safetensors', 'model.safetensors', cut(SAFETENSORS, 0.9)],
  ['safetensors in their header', 'model.safetensors', cut(SAFETENSORS, 0.3)],
  ['GGUF', 'model.gguf', cut(GGUF, 0.9)],
  ['GGUF in its header', 'model.gguf', cut(GGUF, 0.2)],
  ['a zip', 'model.zip', cut(writeZip([stored('m.safetensors', SAFETENSORS), CARD]))],
  ['a zip in its end record', 'model.zip', writeZip([CARD]).subarray(0, -1)],
  ['a tar', 'model.tar', cut(writeTar({ name: 'm.safetensors', data: SAFETENSORS }))],
  ['a tar between members', 'model.tar', tarMember({ name: 'README.md', data: README })],
  ['gzip', 'model.safetensors.gz', cut(gzipSync(NOISE))],
  ['gzip in its check sum', 'README.md.gz', gzipSync(README).subarray(0, -3)],
  ['zlib', 'model.joblib', cut(deflateSync(NOISE), 0.9)],
  ['Zstandard', 'model.zst', cut(zstdCompressSync(NOISE))],
  ['xz', 'model.xz', Buffer.from('fd377a585a000004e6d6b446', 'hex')],
  ['bzip2', 'model.bz2', Buffer.from('425a6839314159265359', 'hex')],
  ['LZ4', 'model.lz4', Buffer.from('04224d186440a7', 'hex')],
  ['a pickle', 'model.pkl', Buffer.from('80049500000000', 'hex')],
  ['a member of a zip', 'model.zip', writeZip([stored('m.safetensors', cut(SAFETENSORS))])],
  ['a zip in a tar', 'model.tar', writeTar({ name: 'a.zip', data: cut(writeZip([CARD])) })],
  ['a tar in gzip', 'model.tar.gz', gzipSync(cut(writeTar({ name: 'README.md', data: README })))],
]

const sealed = (flags: number): ZipMemberOptions => ({ ...CARD, local: { flags }, central: { flags } })
const ENCRYPTED: readonly Case[] = [
  ['a zip', 'model.zip', writeZip([sealed(1)])],
  ['a zip by its directory alone', 'model.zip', writeZip([{ ...CARD, central: { flags: 1 } }])],
  ['a zip by its local header alone', 'model.zip', writeZip([{ ...CARD, local: { flags: 1 } }])],
  ['a zip, strongly', 'model.zip', writeZip([sealed(0x41)])],
  ['a zip whose headers are masked', 'model.zip', writeZip([sealed(0x2001)])],
  ['a zip by AES', 'model.zip', writeZip([{ ...CARD, method: 99, packed: NOISE }])],
  ['a zip in a zip', 'model.zip', writeZip([stored('a.zip', writeZip([sealed(1)]))])],
  ['a 7z', 'model.7z', Buffer.concat([Buffer.from('377abcaf271c0004', 'hex'), NOISE])],
  ['a rar', 'model.rar', Buffer.concat([Buffer.from('526172211a070100', 'hex'), NOISE])],
  ['a 7z in a zip', 'model.zip', writeZip([stored('a.7z', Buffer.from('377abcaf271c0004', 'hex'))])],
  ['a 7z called a checkpoint', 'model.pt', Buffer.concat([Buffer.from('377abcaf271c0004', 'hex'), NOISE])],
]

const HIDDEN: readonly Case[] = [
  ['a method that is not known', 'model.zip', writeZip([{ ...CARD, local: { method: 77 }, central: { method: 77 } }])],
  ['bytes that do not inflate', 'model.zip', writeZip([{ ...CARD, packed: NOISE }])],
  ['a wrong check sum', 'model.zip', writeZip([{ ...CARD, local: { crc: 1 }, central: { crc: 1 } }])],
  ['a member that is not listed', 'model.zip', writeZip([CARD, { ...CARD, name: 'x', hidden: true }, stored('b.md', README)])],
  ['bytes before a zip', 'model.zip', writeZip([CARD], { prepend: Buffer.from('some bytes\n') })],
  ['bytes behind a zip', 'model.zip', writeZip([CARD], { append: Buffer.from('some bytes\n') })],
  ['a part on another disk', 'model.zip', writeZip([CARD], { end: { disk: 3 } })],
  ['a name that two systems read differently', 'model.zip', writeZip([CARD, { ...CARD, name: 'readme.md' }])],
  ['an unknown member beside known ones', 'model.zip', writeZip([CARD, stored('weights', NOISE)])],
  ['an empty member', 'model.zip', writeZip([CARD, stored('weights.bin', '')])],
  ['a sparse member of a tar', 'model.tar', writeTar({ name: 'a.md', data: README, type: 'S' })],
  ['a link in a tar', 'model.tar', writeTar({ name: 'a.md', type: '2', link: 'README.md' })],
  ['a tar whose sizes disagree', 'model.tar', writeTar(paxHeader({ size: '0' }), { name: 'README.md', data: README })],
  ['a second tar behind the end', 'model.tar', Buffer.concat([writeTar({ name: 'a.md', data: README }), writeTar({ name: 'b.md', data: README })])],
  ['bytes behind gzip', 'README.md.gz', Buffer.concat([gzipSync(README), Buffer.from('more')])],
  ['a zlib stream that needs a dictionary', 'model.z', Buffer.from('78bb0000000000000000', 'hex')],
  ['a byte behind safetensors', 'model.safetensors', Buffer.concat([SAFETENSORS, Buffer.from('x')])],
  ['a zip behind safetensors', 'model.safetensors', Buffer.concat([SAFETENSORS, writeZip([CARD])])],
  ['a zip behind GGUF', 'model.gguf', Buffer.concat([GGUF, writeZip([CARD])])],
  ['a program', 'model.so', Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), NOISE])],
  ['a script in a zip', 'model.zip', writeZip([CARD, { name: 'run.sh', data: '#!/bin/sh\nexit\n' }])],
  ['a portable executable', 'model.llamafile', Buffer.concat([Buffer.from("MZqFpD='\n"), NOISE])],
] // prettier-ignore

const manyCards = writeZip(Array.from({ length: 40 }, (_one, i) => ({ name: `${i}.md`, data: README })))
const zeros = deflateRawSync(Buffer.alloc(68_000_000))
const OVER_BUDGET: readonly Case[] = [
  ['archives nine deep', 'model.zip', nested(9)],
  ['archives deeper than is allowed', 'model.zip', nested(3), { limits: { nesting: 2 } }],
  ['more members than are allowed', 'model.zip', manyCards, { limits: { members: 39 } }],
  ['more to unpack than is allowed', 'model.zip', manyCards, { limits: { unpacked: 1000 } }],
  ['more bytes of structure than are allowed', 'model.zip', manyCards, { limits: { bytes: 2000 } }],
  ['more reads than are allowed', 'model.zip', manyCards, { limits: { reads: 20 } }],
  ['more items than are allowed', 'model.gguf', GGUF, { limits: { items: 0 } }],
  ['a bomb of zeros', 'model.zip', writeZip([{ name: 'zeros.md', packed: zeros, central: { size: 68_000_000 }, local: { size: 68_000_000 } }])],
  ['a bomb in gzip', 'zeros.md.gz', gzipSync(Buffer.alloc(68_000_000))],
  ['members that share their bytes', 'model.zip', writeZip([stored('a.md', README), { ...stored('b.md', README), central: { offset: 0 } }])],
] // prettier-ignore

const GROUPS = {
  unreadable: UNREADABLE,
  truncated: TRUNCATED,
  encrypted: ENCRYPTED,
  hidden: HIDDEN,
  'over budget': OVER_BUDGET,
}

function inspectCase(context: TestContext, [, path, bytes, options = {}]: Case): Promise<AuditReport> {
  return inspect(context, { path, bytes, options })
}

for (const [group, cases] of Object.entries(GROUPS)) {
  for (const one of cases) {
    test(`audit() of what is ${group} is never better than inconclusive: ${one[0]}`, async (context) => {
      const { verdict, files, findings } = await inspectCase(context, one)
      assert.ok(verdict === 'inconclusive' || verdict === 'defect', JSON.stringify({ files, findings }))
      const isSaid = findings.some(({ rule }) => !rule.startsWith('TW-LIC')) || files.some(({ reason }) => reason)
      assert.ok(isSaid, 'nothing says why')
    })
  }
}

test('audit() of what is unread is tested in 60 ways at least', () => {
  assert.ok(Object.values(GROUPS).flat().length >= 60)
})

test('audit() of what is read in full is better than inconclusive, in and out of archives', async (context) => {
  const sound: readonly Case[] = [
    ['safetensors', 'model.safetensors', SAFETENSORS],
    ['GGUF', 'model.gguf', GGUF],
    ['a zip', 'model.zip', writeZip([stored('m.safetensors', SAFETENSORS), CARD])],
    ['a tar in gzip', 'model.tar.gz', gzipSync(writeTar({ name: 'm.gguf', data: GGUF }, { name: 'README.md', data: README }))],
    ['archives seven deep', 'model.zip', nested(7)],
    ['Zstandard', 'model.safetensors.zst', zstdCompressSync(SAFETENSORS)],
  ] // prettier-ignore
  for (const one of sound) {
    const { files, findings } = await inspectCase(context, one)
    const isWell = files.every(({ verdict }) => verdict === 'proved' || verdict === 'no-finding')
    assert.ok(isWell, `${one[0]}: ${JSON.stringify({ files, findings })}`)
  }
})
