import assert from 'node:assert/strict'
import { test } from 'node:test'
import { f32Tensor, writeSafetensors } from '../testing/safetensors.ts'
import { Budget } from './budget.ts'
import type { FileFacts } from './facts.ts'
import { memorySource } from './memory-source.ts'
import { loadGrammar } from './python/grammar.ts'
import { readFile } from './read-file.ts'
import type { FormatReader } from './reader.ts'
import { READERS } from './registry.ts'
import { sniff } from './sniff.ts'

const MODEL = writeSafetensors([f32Tensor('a', [2], [1, 2])])
/** An empty zip: its end record and nothing else. */
const EMPTY_ZIP = Buffer.concat([Buffer.from('PK\u0005\u0006'), Buffer.alloc(18)])

await loadGrammar()

function read(path: string, bytes: Uint8Array | string): FileFacts {
  const budget = new Budget()
  const source = memorySource(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, budget)
  return readFile({ path, source, budget }, READERS)
}

function seen(path: string, bytes: Uint8Array | string): readonly string[] {
  const { format, reading, anomalies } = read(path, bytes)
  return [format, reading, ...anomalies.map(({ code }) => code)]
}

test('sniff() goes by the bytes and holds the name against them', () => {
  assert.deepEqual(seen('model.safetensors', MODEL), ['safetensors', 'full'])
  assert.deepEqual(seen('weights-without-ending', MODEL), ['safetensors', 'full'])
  assert.deepEqual(seen('pytorch_model.bin', MODEL), ['safetensors', 'full', 'extension-mismatch'])
  assert.deepEqual(seen('config.json', MODEL), ['safetensors', 'full', 'extension-mismatch'])
  const [format, reading, ...codes] = seen(
    'model.safetensors',
    Buffer.from('\u0080\u0002}q\u0000X\u0001\u0000\u0000\u0000aK\u0001s.', 'latin1'),
  )
  assert.deepEqual([format, reading, codes.includes('extension-mismatch')], ['pickle', 'full', true])
})

test('sniff() finds a file that is two formats at once', () => {
  const both = Buffer.concat([MODEL, EMPTY_ZIP])
  const codes = seen('model.safetensors', both)
  assert.ok(
    codes.includes('polyglot') && codes.includes('bytes-unclaimed') && codes.includes('stn-end'),
    codes.join(' '),
  )
  assert.ok(!seen('model.safetensors', Buffer.concat([MODEL, Buffer.alloc(22)])).includes('polyglot'))
})

test('sniff() picks the reader by name among files that only their names tell apart', () => {
  const formats = (paths: readonly string[], text: string) => paths.map((path) => read(path, text).format)
  assert.deepEqual(
    formats(['tokenizer.json', 'x/vocab.json', 'config.json', 'any.json', 'model.safetensors.index.json'], '{}'),
    ['hf-tokenizer', 'hf-tokenizer', 'hf-config', 'hf-config', 'safetensors-index'],
  )
  const texts = [
    'README.md',
    'docs/USAGE.md',
    'LICENSE',
    'LICENCE-MIT',
    'chat_template.jinja',
    'a.py',
    'run.yaml',
    'requirements.txt',
  ]
  assert.deepEqual(formats(texts, 'plain words'), [
    'hf-card',
    'text',
    'text',
    'text',
    'hf-tokenizer',
    'python',
    'yaml',
    'text',
  ])
})

test('readFile() never calls a file read that it does not know', () => {
  assert.deepEqual(seen('empty', ''), ['unknown', 'unread', 'empty-file'])
  assert.deepEqual(seen('model.safetensors', ''), ['unknown', 'unread', 'empty-file'])
  assert.deepEqual(seen('mystery', 'some words in a file of no known name'), ['unknown', 'unread', 'unknown-format'])
  assert.deepEqual(seen('weights.dat2', new Uint8Array(100_000)), ['unknown', 'unread', 'unknown-format'])
  assert.equal(read('model.safetensors', new Uint8Array(4096)).reading, 'unread')
})

test('readFile() makes an anomaly of whatever a reader throws', () => {
  const broken = (thrown: unknown): FormatReader => ({
    ...(READERS[0] as FormatReader),
    read: () => {
      throw thrown
    },
  })
  const budget = new Budget()
  const request = { path: 'model.safetensors', source: memorySource(MODEL, budget), budget }
  const facts = readFile(request, [broken(new TypeError('a mistake of ours'))])
  assert.deepEqual([facts.reading, facts.anomalies[0]?.code], ['unread', 'reader-crashed'])
  assert.match(String(facts.reason), /a mistake of ours/)
})

test('readFile() is bounded by the budget', () => {
  const budget = new Budget({ items: 1 })
  const bytes = writeSafetensors([f32Tensor('a', [1], [1]), f32Tensor('b', [1], [1])])
  const facts = readFile({ path: 'm.safetensors', source: memorySource(bytes, budget), budget }, READERS)
  assert.deepEqual([facts.reading, facts.anomalies[0]?.code], ['unread', 'budget-items'])
})

test('readFile() does not call a file full whose bytes are not all accounted for', () => {
  const forgetful: FormatReader = {
    ...(READERS[0] as FormatReader),
    read: (request) => {
      const facts = (READERS[0] as FormatReader).read(request)
      return { ...facts, claims: facts.claims.slice(1) }
    },
  }
  const budget = new Budget()
  const facts = readFile({ path: 'm.safetensors', source: memorySource(MODEL, budget), budget }, [forgetful])
  assert.deepEqual([facts.reading, facts.anomalies.map(({ code }) => code)], ['listed', ['bytes-unclaimed']])
})

test('sniff() prefers a special case of a format to the format itself, and sees no polyglot in it', () => {
  const reader = (format: string, specialises?: string): FormatReader => ({
    format,
    title: format,
    version: 1,
    extensions: [],
    ...(specialises === undefined ? {} : { specialises }),
    sniff: () => 'magic',
    read: () => assert.fail(),
  })
  const choose = (...readers: readonly FormatReader[]) => {
    const { reader: chosen, anomalies } = sniff({ path: 'a', size: 1, head: MODEL, tail: MODEL }, readers)
    return [chosen?.format, anomalies.map(({ code }) => code)]
  }
  assert.deepEqual(choose(reader('box'), reader('shoebox', 'box')), ['shoebox', []])
  assert.deepEqual(choose(reader('box'), reader('bag'), reader('shoebox', 'box')), ['bag', ['polyglot']])
})
