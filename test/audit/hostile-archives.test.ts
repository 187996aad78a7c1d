/**
 * Hostile archives: each is a defect, and the rule that stands for its trick is among the reasons.
 *
 * The payload is a pickle that would start a program, or nothing but the trick itself; nothing here is ever loaded.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { buildGguf } from '../../src/testing/gguf.ts'
import { f32Tensor, writeSafetensors } from '../../src/testing/safetensors.ts'
import { paxHeader, writeTar } from '../../src/testing/tar.ts'
import { extraField, writeZip, type ZipMemberOptions } from '../../src/testing/zip.ts'
import { inspect } from './inspect.ts'

/** `posix.system('id')`, protocol 2: PROTO, GLOBAL, SHORT_BINUNICODE, TUPLE1, REDUCE, STOP. */
const PICKLE = Buffer.from('8002636f730a73797374656d0a58020000006964855230'.replace(/30$/, '2e'), 'hex')
const SAFETENSORS = writeSafetensors([f32Tensor('a', [4], [1, 2, 3, 4])])
const GGUF = buildGguf({ tensors: [{ name: 'a', shape: [32], type: 'f32' }] })
const ELF = Buffer.concat([Buffer.from('7f454c46020101', 'hex'), Buffer.alloc(57)])

const EVIL: ZipMemberOptions = { name: 'model.pkl', data: PICKLE, method: 0 }
const GOOD: ZipMemberOptions = { name: 'README.md', data: '# A model\n' }

function nested(depth: number): Uint8Array {
  let bytes: Uint8Array = SAFETENSORS
  for (let i = 0; i < depth; i++) bytes = writeZip([{ name: 'a.zip', data: bytes }])
  return bytes
}

const overlapping = [
  { name: 'a.md', data: 'text', method: 0 },
  { name: 'b.md', data: 'text', method: 0, central: { offset: 0 } },
]
const masked = (flags: number): ZipMemberOptions => ({ ...EVIL, local: { flags }, central: { flags } })

/** What it is, the rule that must be among the reasons, the name, the bytes. */
type Hostile = readonly [what: string, rule: string, path: string, bytes: Uint8Array]

const CASES: readonly Hostile[] = [
  ['a pickle in a zip', 'TW-PKL-01', 'model.zip', writeZip([GOOD, EVIL])],
  ['a pickle in a zip in a tar in gzip', 'TW-PKL-01', 'model.tar.gz', gzipSync(writeTar({ name: 'a.zip', data: writeZip([EVIL]) }))],
  ['a pickle in zlib, as joblib writes it', 'TW-PKL-01', 'model.joblib', deflateSync(PICKLE)],
  ['a pickle in Zstandard', 'TW-PKL-01', 'model.pkl.zst', zstdCompressSync(PICKLE)],
  ['a pickle in a stream that breaks behind it', 'TW-PKL-01', 'model.pkl.gz', gzipSync(Buffer.concat([PICKLE, Buffer.alloc(90_000, 7)]), { level: 0 }).subarray(0, 70_000)],
  ['a pickle whose check sum is wrong, so that scanners give up', 'TW-PKL-01', 'model.zip', writeZip([{ ...EVIL, local: { crc: 1 }, central: { crc: 1 } }])],
  ['the same by its check sum', 'TW-ARC-08', 'model.zip', writeZip([{ ...EVIL, local: { crc: 1 }, central: { crc: 1 } }])],
  ['a pickle whose local header has another name', 'TW-ARC-04', 'model.zip', writeZip([{ ...EVIL, local: { name: 'README.md' } }])],
  ['a pickle that says in its directory that it is encrypted', 'TW-ARC-06', 'model.zip', writeZip([{ ...EVIL, central: { flags: 1 } }])],
  ['a pickle that says that it is encrypted', 'TW-ARC-06', 'model.zip', writeZip([masked(1)])],
  ['a pickle that the directory does not list', 'TW-ARC-04', 'model.zip', writeZip([GOOD, { ...EVIL, hidden: true }, { ...GOOD, name: 'b.md' }])],
  ['the same by what it is', 'TW-PKL-01', 'model.zip', writeZip([GOOD, { ...EVIL, hidden: true }, { ...GOOD, name: 'b.md' }])],
  ['two members of one name', 'TW-ARC-05', 'model.zip', writeZip([{ ...GOOD, name: 'model.pkl' }, EVIL])],
  ['names that differ in case', 'TW-ARC-05', 'model.zip', writeZip([GOOD, { ...GOOD, name: 'readme.MD' }])],
  ['a name that leads out', 'TW-ARC-01', 'model.zip', writeZip([{ ...GOOD, name: '../../.bashrc' }])],
  ['a name that leads out by backslashes', 'TW-ARC-01', 'model.zip', writeZip([{ ...GOOD, name: '..\\..\\a.bat' }])],
  ['a link in a zip', 'TW-ARC-02', 'model.zip', writeZip([{ name: 'a', data: '/etc/passwd', central: { madeBy: 0x0314, external: 0o120_777 * 65_536 } }])],
  ['a link in a tar', 'TW-ARC-02', 'model.tar', writeTar({ name: 'a', type: '2', link: '/etc/passwd' })],
  ['members that overlap', 'TW-ARC-03', 'model.zip', writeZip(overlapping)],
  ['a bomb', 'TW-ARC-03', 'model.zip', writeZip([{ name: 'a.md', data: Buffer.alloc(68_000_000) }])],
  ['a bomb in gzip', 'TW-ARC-03', 'a.md.gz', gzipSync(Buffer.alloc(68_000_000))],
  ['archives in archives, twelve deep', 'TW-ARC-03', 'model.zip', nested(12)],
  ['a size that differs with who reads it', 'TW-ARC-10', 'model.tar', writeTar(paxHeader({ size: '0' }), { name: 'a.md', data: writeTar({ name: 'b.pkl', data: PICKLE }) })],
  ['a Unicode path that differs', 'TW-ARC-10', 'model.zip', writeZip([{ ...GOOD, name: 'a.txt', central: { extra: extraField(0x7075, Buffer.concat([Buffer.from('01', 'hex'), Buffer.from('2d7f4d5a', 'hex'), Buffer.from('b.pkl')])) } }])],
  ['a 64-bit count that differs', 'TW-ARC-10', 'model.zip', writeZip([GOOD], { wideEnd: { count: 2 } })],
  ['a 7z called a checkpoint', 'TW-ARC-07', 'model.pt', Buffer.concat([Buffer.from('377abcaf271c0004', 'hex'), Buffer.alloc(64, 7)])],
  ['a zip behind GGUF', 'TW-FILE-02', 'model.gguf', Buffer.concat([GGUF, writeZip([EVIL])])],
  ['a pickle behind GGUF', 'TW-PKL-01', 'model.gguf', Buffer.concat([GGUF, PICKLE])],
  ['a pickle behind safetensors', 'TW-FILE-02', 'model.safetensors', Buffer.concat([SAFETENSORS, PICKLE])],
  ['a pickle behind the end of a zip', 'TW-PKL-01', 'model.zip', writeZip([GOOD], { append: PICKLE })],
  ['a pickle behind a gzip stream', 'TW-PKL-01', 'README.md.gz', Buffer.concat([gzipSync('# A model\n'), PICKLE])],
  ['a pickle in the comment of a zip', 'TW-PKL-01', 'model.zip', writeZip([GOOD], { comment: PICKLE })],
  ['a second archive behind the end of a tar', 'TW-PKL-01', 'model.tar', Buffer.concat([writeTar({ name: 'a.md', data: '# A\n' }), writeTar({ name: 'b.pkl', data: PICKLE })])],
  ['a script before a zip', 'TW-FILE-02', 'model.zip', writeZip([GOOD], { prepend: Buffer.from('#!/bin/sh\nexit\n') })],
  ['a program in gzip', 'TW-FILE-04', 'lib.so.gz', gzipSync(ELF)],
  ['a program called weights', 'TW-FILE-04', 'model.safetensors', ELF],
  ['a PDF by the first name of a tar', 'TW-FILE-02', 'model.tar', writeTar({ name: '%PDF-1.4', data: 'x' })],
  ['a portable executable with weights', 'TW-EXE-01', 'model.llamafile', writeZip([{ name: 'm.gguf', data: GGUF, method: 0, before: Buffer.from("MZqFpD='\n\n") }])],
] // prettier-ignore

for (const [what, rule, path, bytes] of CASES) {
  test(`audit() calls ${what} a defect, by ${rule}`, async (context) => {
    const { verdict, findings } = await inspect(context, { path, bytes })
    const said = JSON.stringify(findings.map((finding) => [finding.rule, finding.path, finding.message]))
    assert.equal(verdict, 'defect', said)
    assert.ok(findings.some((finding) => finding.rule === rule), said) // prettier-ignore
  })
}
