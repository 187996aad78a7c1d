import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Budget } from '../budget.ts'
import type { FileFacts } from '../facts.ts'
import { memorySource } from '../memory-source.ts'
import { readFile } from '../read-file.ts'
import { hfConfigReader } from './index.ts'
import { referencesIn } from './references.ts'

function read(content: unknown, path = 'config.json'): FileFacts {
  const budget = new Budget()
  const bytes =
    content instanceof Uint8Array
      ? content
      : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content))
  return readFile({ path, source: memorySource(bytes, budget), budget }, [hfConfigReader])
}

function codes(content: unknown): readonly string[] {
  return read(content).anomalies.map(({ code }) => code)
}

test('hfConfigReader turns a configuration into metadata and references', () => {
  const facts = read({
    architectures: ['LlamaForCausalLM'],
    hidden_size: 64,
    _name_or_path: '/home/someone/oak',
    auto_map: { AutoModel: 'modeling_oak.OakModel', AutoConfig: ['other/repo--configuration.OakConfig', null] },
    vision: { _target_: 'os.system' },
    license_url: 'see https://example.org/licence for it',
  })
  assert.deepEqual([facts.reading, facts.anomalies], ['full', []])
  assert.deepEqual(facts.metadata.slice(0, 2), [
    { key: '/architectures', type: 'array<string>', value: ['LlamaForCausalLM'] },
    { key: '/hidden_size', type: 'integer', value: 64 },
  ])
  assert.deepEqual(facts.references, [
    { kind: 'path', target: '/home/someone/oak', locus: '/_name_or_path' },
    { kind: 'code', target: 'modeling_oak.OakModel', locus: '/auto_map/AutoModel' },
    { kind: 'code', target: 'other/repo--configuration.OakConfig', locus: '/auto_map/AutoConfig/0' },
    { kind: 'class', target: 'os.system', locus: '/vision/_target_' },
    { kind: 'url', target: 'https://example.org/licence', locus: '/license_url' },
  ])
})

test('referencesIn() tells repositories, paths, addresses, classes and code apart', () => {
  const kinds = (value: string, key: string, pointer = `/${key}`) =>
    referencesIn(value, { pointer, key }).map(({ kind }) => kind)
  assert.deepEqual(kinds('meta-llama/Llama-3', 'base_model_name_or_path'), ['repository'])
  assert.deepEqual(kinds('oak', '_name_or_path'), ['repository'])
  assert.deepEqual(kinds('', '_name_or_path'), [])
  assert.deepEqual(kinds('../oak', 'base_model_name_or_path'), ['path'])
  assert.deepEqual(kinds('C:\\models\\oak', '_name_or_path'), ['path'])
  assert.deepEqual(kinds('https://example.org/m', '_name_or_path'), ['url'])
  assert.deepEqual(kinds('sentence_transformers.models.Pooling', 'type', '/1/type'), ['class'])
  assert.deepEqual(kinds('Replace', 'type'), [])
  assert.deepEqual(kinds('a/../../b', 'anything'), ['path'])
  assert.deepEqual(kinds('and/or', 'anything'), [])
  assert.deepEqual(kinds('a..b', 'anything'), [])
  assert.deepEqual(kinds('modeling.Net', 'AutoModel', '/auto_map/AutoModel'), ['code'])
})

test('hfConfigReader points at the operators of a graph of MXNet that the application must bring along', () => {
  const nodes = [
    { op: 'null', name: 'data' },
    { op: 'Custom', name: 'x', attrs: { op_type: 'run' } },
    { op: 'FullyConnected' },
  ]
  const { references } = read({ nodes, arg_nodes: [0], heads: [[2, 0, 0]] }, 'net-symbol.json')
  assert.deepEqual(references, [{ kind: 'code', target: 'Custom', locus: '/nodes/1/op' }])
  assert.deepEqual(read({ op: 'Custom', nodes: [{ operator: 'Custom' }] }).references, [])
})

test('hfConfigReader keeps a chat template whole and cuts other long strings', () => {
  const template = '{{ messages }}'.repeat(1000)
  const facts = read({ chat_template: template, note: 'x'.repeat(9000) })
  assert.deepEqual(facts.texts, [{ locus: '/chat_template', text: template }])
  assert.equal((facts.metadata[1]?.value as string).length, 4096)
})

test('hfConfigReader notes whatever two readers of JSON may take differently', () => {
  assert.deepEqual(codes('{"a":1,"a":2}'), ['json-duplicate-key'])
  assert.deepEqual(codes('{"x":{"y":[{"a":1,"a":2}]}}'), ['json-duplicate-key'])
  assert.deepEqual(codes('\ufeff{"a":1}'), ['json-bom'])
  assert.deepEqual(codes('{"a":NaN,"b":[0.0,Infinity]}'), ['json-non-finite', 'json-non-finite'])
  assert.deepEqual(codes('{"a":"\\ud800"}'), ['json-surrogate'])
})

test('hfConfigReader does not read what is no JSON', () => {
  const broken: readonly (readonly [code: string, content: unknown])[] = [
    ['json-syntax', '{"a":1'],
    ['json-syntax', '{"a":1}}'],
    ['json-syntax', '{"a":1,}'],
    ['json-syntax', "{'a':1}"],
    ['json-syntax', '   '],
    ['json-root', '[]'],
    ['json-root', '"config"'],
    ['json-utf8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)],
    ['json-utf8', Buffer.from('\ufeff{"a":1}', 'utf16le')],
    ['budget-depth', `${'['.repeat(1000)}${']'.repeat(1000)}`],
  ]
  for (const [code, content] of broken) {
    const facts = read(content)
    assert.equal(facts.reading, 'unread', code)
    assert.ok(
      facts.anomalies.some((anomaly) => anomaly.code === code),
      `${code}: ${JSON.stringify(facts.anomalies)}`,
    )
  }
})

test('hfConfigReader always answers, and never full without understanding, on truncated and mutated files', () => {
  const whole = Buffer.from('{"a":{"b":[1,2.5,"x"]},"auto_map":{"M":"m.N"},"u":"http://x/y"}\n')
  for (let length = 0; length < whole.length - 1; length++)
    assert.notEqual(read(whole.subarray(0, length)).reading, 'full')
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (place, byte) => {
      const bytes = Buffer.from(whole)
      bytes[place] = byte
      const facts = read(bytes)
      assert.ok(facts.reading === 'full' || facts.anomalies.length > 0)
      assert.ok(
        facts.anomalies.every(({ code }) => code.startsWith('json-')),
        JSON.stringify(facts.anomalies),
      )
    }),
    { numRuns: 500 },
  )
})
