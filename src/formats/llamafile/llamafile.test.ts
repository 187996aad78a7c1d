import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { buildGguf } from '../../testing/gguf.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { writeZip } from '../../testing/zip.ts'
import { ggufReader } from '../gguf/index.ts'
import { textReader } from '../text/index.ts'
import { zipReader } from '../zip/reader.ts'
import { llamafileReader } from './index.ts'

const READERS = [llamafileReader, ggufReader, textReader, zipReader]
const SCRIPT = Buffer.from(
  'MZqFpD=\'\n\n\' <<\'justine\'\njustine\nprintf \'\\177ELF\\2\\1\\1\\011\' >&7\ndd if="$o" of="$o" bs=8\nexec "$o"\n',
)
const GGUF = buildGguf({ tensors: [{ name: 'a', shape: [32], type: 'f32' }] })

function read(bytes: Uint8Array) {
  return readBytes(llamafileReader, bytes, { path: 'm.llamafile', readers: READERS })
}

function llamafile(): Buffer {
  const members = [
    { name: '.args', data: '-m\nm.gguf\n' },
    { name: 'm.gguf', data: GGUF, method: 0 },
  ]
  return writeZip([{ ...members[0], name: '.args', before: SCRIPT }, members[1] as { name: string }])
}

test('llamafileReader opens the archive behind the program and has the weights read', () => {
  const bytes = llamafile()
  assert.equal(llamafileReader.sniff(glimpse(bytes)), 'magic')
  assert.equal(zipReader.sniff(glimpse(bytes)), null)
  const { facts, members, codes, accounting } = read(bytes)
  assert.deepEqual([facts.reading, codes, accounting.complete], ['listed', ['zip-prepended', 'exe-portable'], true])
  assert.deepEqual(
    members.map(({ path, format, reading }) => [path, format, reading]),
    [
      ['m.llamafile!/.args', 'unknown', 'unread'],
      ['m.llamafile!/m.gguf', 'gguf', 'full'],
    ],
  )
})

test('llamafileReader tells for which systems the program is and what its digest is', () => {
  const told = new Map(read(llamafile()).facts.metadata.map(({ key, value }) => [key, value]))
  assert.deepEqual(told.get('program.systems'), ['ELF', 'Mach-O', 'shell'])
  assert.equal(told.get('program.sha256'), createHash('sha256').update(SCRIPT).digest('hex'))
})

test('llamafileReader takes a program without an archive for all code', () => {
  const { facts, codes, accounting } = read(Buffer.concat([SCRIPT, Buffer.alloc(100, 7)]))
  assert.deepEqual([codes, accounting.complete, facts.claims], [['exe-portable'], true, [{ role: 'code', from: 0, to: SCRIPT.length + 100 }]]) // prettier-ignore
})

test('llamafileReader notes what is wrong with the archive', () => {
  const { codes, accounting } = read(Buffer.concat([llamafile(), Buffer.from('more')]))
  assert.ok(codes.includes('zip-trailing') && !accounting.complete)
})
