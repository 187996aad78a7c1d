import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { buildGguf } from '../testing/gguf.ts'
import { writeTar } from '../testing/tar.ts'
import { writeZip } from '../testing/zip.ts'
import { Budget } from './budget.ts'
import type { FileFacts } from './facts.ts'
import { memorySource } from './memory-source.ts'
import { readFile } from './read-file.ts'
import { READERS } from './registry.ts'

const GGUF = buildGguf({ tensors: [{ name: 'a', shape: [32], type: 'f32' }] })
const PICKLE = Buffer.from('80045d942e', 'hex')
const ZIP = writeZip([{ name: 'a.txt', data: 'text' }])

function read(bytes: Uint8Array, path = 'model.gguf'): FileFacts {
  const budget = new Budget()
  return readFile({ path, source: memorySource(bytes, budget), budget }, READERS)
}

function codesOf({ anomalies }: FileFacts): readonly string[] {
  return [...new Set(anomalies.map(({ code }) => code))]
}

const APPENDED: readonly (readonly [string, Uint8Array, string])[] = [
  ['a zip', ZIP, 'zip'],
  ['a tar', writeTar({ name: 'a.txt', data: 'text' }), 'tar'],
  ['gzip', gzipSync('text'), 'gzip'],
  ['a pickle', PICKLE, 'pickle'],
  ['a script', Buffer.from('#!/bin/sh\nexit\n'), 'shell-script'],
  ['another GGUF file', GGUF, 'gguf'],
]

for (const [what, bytes, format] of APPENDED) {
  test(`readFile() finds ${what} behind a file, calls it a polyglot and reads what it is`, () => {
    const facts = read(Buffer.concat([GGUF, bytes]))
    assert.ok(codesOf(facts).includes('polyglot'), codesOf(facts).join())
    assert.notEqual(facts.reading, 'full')
    assert.ok(facts.members?.some((member) => member.format === format), JSON.stringify(facts.members?.map((member) => member.format))) // prettier-ignore
  })
}

test('readFile() calls a file with bytes of no format behind it no polyglot', () => {
  const facts = read(Buffer.concat([GGUF, Buffer.from('just some more bytes \xff\xfe', 'latin1')]))
  assert.ok(!codesOf(facts).includes('polyglot'))
  assert.ok(codesOf(facts).some((code) => code === 'bytes-unclaimed' || code === 'ggf-trailing-bytes'))
})

test('readFile() calls a tar whose first name begins as another format does a polyglot', () => {
  for (const name of ['%PDF-1.4 x', '#!/bin/sh', 'MZ.bin', '<html>']) {
    const facts = read(writeTar({ name, data: 'text' }), 'model.tar')
    assert.ok(codesOf(facts).includes('polyglot') || facts.format === 'tar', `${name}: ${facts.format}`)
  }
  assert.ok(codesOf(read(writeTar({ name: '%PDF-1.4 x', data: 'text' }), 'model.tar')).includes('polyglot'))
})

test('readFile() sees a PDF document around another format', () => {
  const text = '%PDF-1.4\n1 0 obj\nendobj\ntrailer\nstartxref\n0\n%%EOF\n'
  const around = writeZip([{ name: '%PDF-1.4', data: text, method: 0 }], { comment: 'startxref\n0\n%%EOF\n' })
  assert.ok(codesOf(read(around, 'model.zip')).includes('polyglot'))
  assert.ok(!codesOf(read(Buffer.from(text), 'a.pdf')).includes('polyglot'))
  assert.ok(!codesOf(read(Buffer.from('# About %PDF-1.4\n\nText.\n'), 'README.txt')).includes('polyglot'))
})
