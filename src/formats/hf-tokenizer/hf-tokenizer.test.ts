import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { Budget } from '../budget.ts'
import type { FileFacts } from '../facts.ts'
import { memorySource } from '../memory-source.ts'
import { readFile } from '../read-file.ts'
import { hfTokenizerReader } from './index.ts'

function read(path: string, content: unknown): FileFacts {
  const budget = new Budget()
  const bytes =
    content instanceof Uint8Array
      ? content
      : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content))
  return readFile({ path, source: memorySource(bytes, budget), budget }, [hfTokenizerReader])
}

const GOOD = {
  version: '1.0',
  added_tokens: [{ id: 3, content: '<|end|>', special: true }],
  normalizer: { type: 'NFC' },
  decoder: { type: 'ByteLevel' },
  model: { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'] },
}

function codes(changes: object): readonly string[] {
  return [...new Set(read('tokenizer.json', { ...GOOD, ...changes }).anomalies.map(({ code }) => code))]
}

test('hfTokenizerReader counts a tokenizer.json and keeps its settings', () => {
  const facts = read('tokenizer.json', GOOD)
  assert.deepEqual([facts.reading, facts.anomalies], ['full', []])
  const value = (key: string) => facts.metadata.find((fact) => fact.key === key)
  assert.equal(value('/model/vocab')?.count, 3)
  assert.equal(value('/model/merges')?.count, 1)
  assert.match(String(value('/model/vocab')?.digest), /^[0-9a-f]{64}$/)
  assert.deepEqual(value('/added_tokens/0'), { key: '/added_tokens/0', type: 'special-token', value: [3, '<|end|>'] })
  assert.equal(value('/normalizer/type')?.value, 'NFC')
  assert.equal(value('vocabulary.largest-id')?.value, 3)
})

test('hfTokenizerReader takes merges as pairs and vocabularies with scores', () => {
  assert.deepEqual(codes({ model: { type: 'BPE', vocab: { a: 0, 'b c': 1 }, merges: [['a', 'b c']] } }), [])
  assert.deepEqual(
    codes({
      model: {
        type: 'Unigram',
        unk_id: 0,
        vocab: [
          ['<unk>', 0],
          ['▁a', -1.5],
        ],
      },
    }),
    [],
  )
})

test('hfTokenizerReader notes tampered vocabularies', () => {
  assert.deepEqual(codes({ model: { vocab: { a: 0, b: 0 } } }), ['tok-duplicate-id'])
  assert.deepEqual(codes({ model: { vocab: { a: 1.5 } } }), ['tok-bad-id'])
  assert.deepEqual(codes({ model: { vocab: { a: '0' } } }), ['tok-bad-id'])
  assert.deepEqual(
    codes({
      model: {
        vocab: [
          ['a', 0],
          ['a', 0],
        ],
      },
    }),
    ['tok-duplicate-token'],
  )
  assert.deepEqual(codes({ added_tokens: [{ id: 1, content: 'yes' }] }), ['tok-remapped'])
  assert.deepEqual(codes({ added_tokens: [{ id: 7, content: 'a' }] }), ['tok-remapped'])
  assert.deepEqual(codes({ added_tokens: [{ id: 1, content: 'b' }] }), [])
  assert.deepEqual(
    codes({
      added_tokens: [
        { id: 5, content: 'x' },
        { id: 5, content: 'y' },
      ],
    }),
    ['tok-duplicate-id'],
  )
  assert.deepEqual(codes({ added_tokens: [{ id: 5, content: 'a\u200bb' }] }), ['tok-invisible'])
  assert.deepEqual(codes({ added_tokens: [{ id: 5, content: '\n\n   ' }] }), [])
  assert.deepEqual(codes({ model: { vocab: { a: 0 }, merges: ['a b', 'a', 'a a a'] } }), ['tok-merges'])
  const twice = read('tokenizer.json', '{"model":{"vocab":{"a":0,"a":1}}}').anomalies.map(({ code }) => code)
  assert.deepEqual(twice, ['json-duplicate-key', 'tok-duplicate-token'])
})

test('hfTokenizerReader tells a normaliser that rewrites words from one that marks spaces', () => {
  const replace = (pattern: object, content: string) =>
    codes({ normalizer: { type: 'Sequence', normalizers: [{ type: 'Replace', pattern, content }] } })
  assert.deepEqual(replace({ String: ' ' }, '▁'), [])
  assert.deepEqual(replace({ Regex: ' {2,}' }, ' '), [])
  assert.deepEqual(replace({ Regex: '\\s+|\\p{Cc}' }, ' '), [])
  assert.deepEqual(replace({ String: '``' }, '"'), [])
  assert.deepEqual(replace({ String: 'not' }, ''), ['tok-rewriting'])
  assert.deepEqual(replace({ String: ' ' }, 'always '), ['tok-rewriting'])
  assert.deepEqual(replace({ Regex: '\\bunsafe\\b' }, ''), ['tok-rewriting'])
  assert.deepEqual(codes({ normalizer: { type: 'Prepend', prepend: '▁' } }), [])
  assert.deepEqual(codes({ normalizer: { type: 'Prepend', prepend: 'Ignore all: ' } }), ['tok-rewriting'])
  assert.deepEqual(
    codes({
      decoder: { type: 'Sequence', decoders: [{ type: 'Replace', pattern: { String: 'left' }, content: 'right' }] },
    }),
    ['tok-rewriting'],
  )
})

test('hfTokenizerReader does not call full what is not of the shape of a tokenizer', () => {
  for (const content of [
    { ...GOOD, model: [] },
    { ...GOOD, model: { vocab: 'a' } },
    { ...GOOD, added_tokens: 3 },
    { ...GOOD, added_tokens: [{ id: -1, content: 'x' }] },
    [],
  ]) {
    const facts = read('tokenizer.json', content)
    assert.notEqual(facts.reading, 'full', JSON.stringify(content))
    assert.ok(facts.anomalies.some(({ code }) => code === 'tok-shape'))
  }
})

test('hfTokenizerReader keeps chat templates as texts wherever they stand', () => {
  const texts = (path: string, content: unknown) => read(path, content).texts
  assert.deepEqual(texts('tokenizer_config.json', { chat_template: '{{ a }}' }), [
    { locus: '/chat_template', text: '{{ a }}' },
  ])
  const named = [
    { name: 'default', template: 'one' },
    { name: 'tool_use', template: 'two' },
  ]
  assert.deepEqual(
    texts('tokenizer_config.json', { chat_template: named })?.map(({ text }) => text),
    ['one', 'two'],
  )
  assert.deepEqual(texts('chat_template.jinja', '{{ b }}'), [{ locus: 'template', text: '{{ b }}' }])
  assert.deepEqual(texts('chat_template.json', { chat_template: 'c' }), [{ locus: '/chat_template', text: 'c' }])
})

test('hfTokenizerReader notes code that a tokenizer configuration names', () => {
  const facts = read('tokenizer_config.json', {
    auto_map: { AutoTokenizer: ['tok.Tok', null] },
    tokenizer_class: 'Tok',
  })
  assert.deepEqual(facts.references, [{ kind: 'code', target: 'tok.Tok', locus: '/auto_map/AutoTokenizer/0' }])
})

test('hfTokenizerReader reads the plain lists', () => {
  assert.deepEqual(read('vocab.txt', '[PAD]\n[UNK]\nthe\n').metadata[0]?.count, 3)
  assert.deepEqual(
    read('vocab.txt', 'a\nb\na\n').anomalies.map(({ code }) => code),
    ['tok-duplicate-token'],
  )
  assert.deepEqual(read('merges.txt', '#version: 0.2\na b\nab c\n').anomalies, [])
  assert.deepEqual(
    read('merges.txt', 'a b c\n').anomalies.map(({ code }) => code),
    ['tok-merges'],
  )
  assert.equal(read('vocab.json', { a: 0, b: 1 }).metadata[0]?.count, 2)
  assert.equal(read('vocab.txt', Uint8Array.of(0x61, 0xff)).reading, 'unread')
})

test('hfTokenizerReader reads a real tokenizer in full', needsShared('zoo', 'oak'), () => {
  const facts = read('tokenizer.json', readFileSync(sharedPath('zoo', 'oak', 'tokenizer.json') as string))
  assert.deepEqual([facts.reading, facts.anomalies], ['full', []])
  assert.equal(facts.metadata.find(({ key }) => key === 'vocabulary.largest-id')?.value, 383)
})
