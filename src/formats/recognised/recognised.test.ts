import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { RECOGNISED_SAMPLES as SAMPLES } from '../../testing/recognised-samples.ts'
import { recognise, RECOGNISED_FORMATS, recognisedReaders } from './index.ts'

function idOf(bytes: Uint8Array, path = 'model.unknown'): string | undefined {
  return recognise(glimpse(bytes, path))[0]?.format.id
}

for (const { id, bytes, path } of SAMPLES) {
  test(`recognise() knows ${id} by its bytes`, () => assert.equal(idOf(bytes, path), id))
}

test('RECOGNISED_FORMATS with a signature all have a sample', () => {
  const sampled = new Set(SAMPLES.map(({ id }) => id))
  const unsampled = RECOGNISED_FORMATS.filter(({ magic, structure }) => magic !== undefined || structure !== undefined)
  assert.deepEqual(
    unsampled.map(({ id }) => id).filter((id) => !sampled.has(id)),
    [],
  )
})

test('RECOGNISED_FORMATS are at least 68, with ids, titles and sentences of their own', () => {
  assert.ok(RECOGNISED_FORMATS.length >= 68, `${RECOGNISED_FORMATS.length}`)
  assert.equal(new Set(RECOGNISED_FORMATS.map(({ id }) => id)).size, RECOGNISED_FORMATS.length)
  for (const { id, title, danger, extensions } of RECOGNISED_FORMATS) {
    assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/)
    assert.ok(title.length > 1 && danger.endsWith('.'), id)
    for (const ending of extensions)
      assert.ok(ending === 'MLmodel' || (ending.startsWith('.') && ending === ending.toLowerCase()), ending)
  }
})

test('recognise() knows formats without a signature by their names, and shared endings by nothing', () => {
  assert.deepEqual(
    ['a.mnn'].map((path) => idOf(Buffer.from('?'), path)),
    ['mnn'],
  )
  assert.deepEqual(
    ['a.json', 'a.txt', 'a.bin', 'a.model', 'a.xml', 'MLMODEL'].map((path) => idOf(Buffer.from('?'), path)),
    Array(6).fill(undefined),
  )
})

test('recognisedReaders say that they did not read, what the file can do, and claim all of it', () => {
  for (const reader of recognisedReaders) {
    const { facts, accounting } = readBytes(reader, Buffer.from('content'))
    assert.deepEqual(
      [facts.format, facts.reading, accounting.complete, facts.tensors],
      [reader.format, 'recognised', true, []],
    )
    assert.ok(facts.reason?.includes('not read in this version'))
  }
})

test('recognisedReaders note programs, archives, engines, code in models and pointers', () => {
  const noted = (id: string) =>
    readBytes(recognisedReaders.find(({ format }) => format === id) ?? assert.fail(id), Buffer.from('x')).codes
  assert.deepEqual(['dalvik', 'shell-script', 'java-class'].flatMap(noted), Array(3).fill('rec-executable'))
  assert.deepEqual(['7z', 'rar', 'cabinet'].flatMap(noted), Array(3).fill('rec-archive'))
  assert.deepEqual(['tensorrt', 'rknn'].flatMap(noted), Array(2).fill('rec-plugin-engine'))
  assert.deepEqual(noted('paddle-other'), ['rec-code-on-load'])
  assert.deepEqual([...noted('git-lfs-pointer'), ...noted('bmp')], ['rec-pointer'])
})

test('recognise() says nothing of safetensors, GGUF, JSON and Markdown in the zoo', needsShared('zoo'), () => {
  const folder = sharedPath('zoo') ?? ''
  for (const file of globSync('**/*.{safetensors,gguf,json,md}', { cwd: folder })) {
    assert.deepEqual(recognise(glimpse(readFileSync(`${folder}/${file}`), file)), [], file)
  }
})

test('recognise() knows the containers of the malicious corpus', needsShared('corpus', 'modelaudit'), () => {
  const folder = sharedPath('corpus', 'modelaudit') ?? ''
  const expected = new Map([['zip', undefined]])
  for (const file of globSync('**/*.zip', { cwd: folder })) {
    assert.equal(idOf(readFileSync(`${folder}/${file}`), file), expected.get(file.split('.').at(-1) ?? ''), file)
  }
})

test('recognise() of random and mutated heads throws nothing', () => {
  const heads = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...SAMPLES.map(({ bytes }) => bytes)))
  const property = fc.property(heads, fc.nat(), fc.nat(255), fc.nat(300), (head, at, byte, length) => {
    const bytes = Uint8Array.from(head)
    if (bytes.length > 0) bytes[at % bytes.length] = byte
    recognise(glimpse(bytes.subarray(0, length)))
  })
  fc.assert(property, { numRuns: 3000 })
})

test('recognise() seldom takes random bytes for anything', () => {
  const random = fc.sample(fc.uint8Array({ minLength: 600, maxLength: 600 }), { numRuns: 1000, seed: 7 })
  const taken = random.filter((bytes) => recognise(glimpse(bytes)).length > 0)
  assert.ok(taken.length <= 5, `${taken.length} of 1000`)
})
