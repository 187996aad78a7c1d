import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { datasetFile } from '../testing/hdf5.ts'
import { f32Tensor, writeSafetensors } from '../testing/safetensors.ts'
import { ANOMALIES } from './anomalies.ts'
import { Budget } from './budget.ts'
import { crossCheck } from './folder/index.ts'
import { loadGrammar } from './python/grammar.ts'
import { memorySource } from './memory-source.ts'
import { readFile } from './read-file.ts'
import { READERS } from './registry.ts'

const CODES: ReadonlySet<string> = new Set(ANOMALIES.map(({ code }) => code))
const TOKENIZER = {
  added_tokens: [{ id: 2, content: '<s>', special: true }],
  normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
  model: { type: 'BPE', vocab: { a: 0, b: 1 }, merges: ['a b'] },
}
/** One good file of each kind that this folder reads itself. */
const SAMPLES: ReadonlyMap<string, Uint8Array> = new Map([
  ['model.safetensors', writeSafetensors([f32Tensor('a', [2], [1, 2]), f32Tensor('b', [1], [3])], { format: 'pt' })],
  [
    'model.safetensors.index.json',
    Buffer.from('{"metadata":{"total_size":12},"weight_map":{"a":"model.safetensors"}}'),
  ],
  ['config.json', Buffer.from('{"hidden_size":8,"auto_map":{"A":"m.N"},"x":[1,"u",{"y":null}]}')],
  ['adapter_config.json', Buffer.from('{"peft_type":"LORA","r":4,"target_modules":["q"]}')],
  ['tokenizer.json', Buffer.from(JSON.stringify(TOKENIZER))],
  ['tokenizer_config.json', Buffer.from('{"chat_template":"{{ a }}","added_tokens_decoder":{"0":{"content":"a"}}}')],
  ['vocab.txt', Buffer.from('a\nb\n')],
  ['merges.txt', Buffer.from('#version: 0.2\na b\n')],
  ['chat_template.jinja', Buffer.from('{{ a }}')],
  ['README.md', Buffer.from('---\nlicense: mit\nbase_model: [a/b]\n---\n# hi\n')],
  ['LICENSE', Buffer.from('words\n')],
  ['model.weights.h5', datasetFile()],
  ['x.py', Buffer.from('pass\n')],
])

await loadGrammar()

function read(path: string, bytes: Uint8Array) {
  const budget = new Budget()
  return readFile({ path, source: memorySource(bytes, budget), budget }, READERS)
}

test('ANOMALIES has each code once, with a sentence for the rule book', () => {
  assert.equal(CODES.size, ANOMALIES.length)
  for (const { code, meaning } of ANOMALIES) {
    assert.match(code, /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/)
    assert.ok(meaning.endsWith('.') && meaning.length > 10, code)
  }
})

test('readFile() reads one good file of each kind without anomalies', () => {
  for (const [path, bytes] of SAMPLES) {
    const { reading, anomalies } = read(path, bytes)
    assert.deepEqual([reading, anomalies.map(({ code }) => code)], ['full', []], path)
  }
})

test('readFile() notes only codes of ANOMALIES and never fails, whatever is done to a file', () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 })
  const path = fc.constantFrom(...SAMPLES.keys())
  fc.assert(
    fc.property(path, path, changes, fc.nat(), (name, source, edits, cut) => {
      const bytes = Uint8Array.from(SAMPLES.get(source) as Uint8Array)
      for (const [place, byte] of edits) bytes[place % bytes.length] = byte
      const facts = read(name, cut % 3 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes)
      for (const { code } of [...facts.anomalies, ...crossCheck([facts])]) assert.ok(CODES.has(code), code)
      assert.ok(!facts.anomalies.some(({ code }) => code === 'reader-crashed'), facts.reason)
      assert.ok(facts.reading === 'full' || facts.reason !== undefined)
      for (const { from, to } of facts.claims) assert.ok(from >= 0 && to <= facts.size)
    }),
    { numRuns: 1000 },
  )
})

test('readFile() always answers on random bytes under any name', () => {
  const name = fc.constantFrom(...SAMPLES.keys(), 'model.gguf', 'model.bin', 'x.onnx', 'model.pt', 'y')
  fc.assert(
    fc.property(name, fc.uint8Array({ minLength: 1, maxLength: 200 }), (path, bytes) => {
      const facts = read(path, bytes)
      for (const { code } of facts.anomalies) assert.ok(CODES.has(code) && code !== 'reader-crashed', code)
    }),
    { numRuns: 1000 },
  )
})
