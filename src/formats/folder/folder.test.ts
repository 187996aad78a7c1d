import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FileFacts, MetadataFact, TensorFact } from '../facts.ts'
import { crossCheck } from './index.ts'

type Values = Readonly<Record<string, unknown>>

function metadata(values: Values): readonly MetadataFact[] {
  return Object.entries(values).map(([key, value]) => ({ key, type: typeof value, value }))
}

function file(path: string, format: string, more: Partial<FileFacts> = {}): FileFacts {
  return {
    path,
    size: 1,
    format,
    reading: 'full',
    tensors: [],
    metadata: [],
    references: [],
    claims: [],
    anomalies: [],
    ...more,
  }
}

function tensors(path: string, shapes: Readonly<Record<string, readonly number[]>>): readonly TensorFact[] {
  return Object.entries(shapes).map(([name, shape]) => {
    return { name, type: 'BF16', shape, file: path, offset: 0, length: shape.reduce((a, b) => a * b, 2) }
  })
}

function weights(
  path: string,
  shapes: Readonly<Record<string, readonly number[]>>,
  more: Partial<FileFacts> = {},
): FileFacts {
  return file(path, 'safetensors', { tensors: tensors(path, shapes), ...more })
}

function index(map: Values, totalSize?: number, path = 'model.safetensors.index.json'): FileFacts {
  const entries = Object.entries(map).map(([name, shard]) => [`/weight_map/${name}`, shard])
  const total = totalSize === undefined ? {} : { '/metadata/total_size': totalSize }
  const references = [...new Set(Object.values(map))].map((target) => ({
    kind: 'path' as const,
    target: String(target),
    locus: '',
  }))
  return file(path, 'safetensors-index', {
    metadata: metadata({ ...total, ...Object.fromEntries(entries) }),
    references,
  })
}

function codes(...files: readonly FileFacts[]): readonly string[] {
  return crossCheck(files).map(({ code }) => code)
}

const [S1, S2] = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']

test('crossCheck() is content with an index that says what the shards hold', () => {
  const files = [weights(`sub/${S1}`, { a: [2] }), weights(`sub/${S2}`, { b: [3], 'c/d': [1] })]
  assert.deepEqual(codes(...files, index({ a: S1, b: S2, 'c~1d': S2 }, 12, 'sub/model.safetensors.index.json')), [])
})

test('crossCheck() finds where index and shards disagree', () => {
  const [one, two] = [weights(S1, { a: [2] }), weights(S2, { b: [3] })]
  assert.deepEqual(codes(one, index({ a: S1, b: S2 })), ['stn-index-missing-shard'])
  assert.deepEqual(codes(one, two, index({ a: S1 })), ['stn-index-extra-shard'])
  assert.deepEqual(codes(one, weights('model.safetensors', { a: [2] }), index({ a: S1 })), ['stn-index-extra-shard'])
  assert.deepEqual(codes(one, weights('other.safetensors', { a: [2] }), index({ a: S1 })), [])
  assert.deepEqual(codes(one, index({ a: S1, b: S1 })), ['stn-index-missing-tensor'])
  assert.deepEqual(codes(one, two, index({ b: S1, a: S2 })), [
    'stn-index-missing-tensor',
    'stn-index-extra-tensor',
    'stn-index-missing-tensor',
    'stn-index-extra-tensor',
  ])
  assert.deepEqual(codes(one, two, index({ a: S1, b: S2 }, 11)), ['stn-index-total-size'])
  for (const path of ['../x.safetensors', '/etc/x', 'C:\\x', 'a\\b', 'a/../../b', '~/x']) {
    assert.deepEqual(codes(index({ a: path })), ['stn-index-path'], path)
  }
})

test('crossCheck() blames no shard for what could not be read', () => {
  assert.deepEqual(codes(weights(S1, {}, { reading: 'unread' }), index({ a: S1 }, 4)), [])
  assert.deepEqual(
    codes(
      file('pytorch_model-1.bin', 'pickle', { reading: 'listed' }),
      index({ a: 'pytorch_model-1.bin' }, 4, 'pytorch_model.bin.index.json'),
    ),
    [],
  )
})

test('crossCheck() holds an index against shards of torch that were read in full', () => {
  const name = 'pytorch_model-1.bin'
  const shard = (more: Partial<FileFacts> = {}) =>
    file(name, 'torch-zip', { tensors: tensors(name, { a: [2] }), ...more })
  const of = (map: Values) => index(map, undefined, 'pytorch_model.bin.index.json')
  assert.deepEqual(codes(shard(), of({ a: name })), [])
  assert.deepEqual(codes(shard(), of({ b: name })), ['stn-index-missing-tensor', 'stn-index-extra-tensor'])
  assert.deepEqual(codes(shard({ reading: 'listed' }), of({ b: name })), [])
})

function part(name: string, values: Values, names: readonly string[]): FileFacts {
  const shapes = Object.fromEntries(names.map((tensor) => [tensor, [1]]))
  return file(name, 'gguf', { metadata: metadata(values), tensors: tensors(name, shapes) })
}

function split(number: number, names: readonly string[], more: Values = {}): FileFacts {
  const values = { 'split.no': number, 'split.count': 3, 'split.tensors.count': 3, ...more }
  return part(`m-0000${number + 1}-of-00003.gguf`, values, names)
}

test('crossCheck() is content with a split GGUF model that is whole', () => {
  assert.deepEqual(codes(split(0, []), split(1, ['a']), split(2, ['b', 'c'])), [])
  assert.deepEqual(codes(part('m.gguf', { 'split.no': 0, 'split.count': 1, 'split.tensors.count': 0 }, ['a'])), [])
})

test('crossCheck() finds parts that are missing, doubled, misnamed or hold other tensors', () => {
  assert.deepEqual(codes(split(0, ['a']), split(2, ['b', 'c'])), ['split-missing'])
  assert.deepEqual(codes(split(0, ['a']), split(1, ['b']), split(2, ['b'])), ['split-tensors'])
  assert.deepEqual(codes(split(0, ['a']), split(1, ['b']), split(2, ['c', 'd'])), ['split-tensors'])
  const renamed = part('m-00002-of-00003.gguf', { 'split.no': 0, 'split.count': 3, 'split.tensors.count': 3 }, [])
  assert.deepEqual(codes(split(0, ['a']), renamed, split(2, ['b', 'c'])).toSorted(), [
    'split-duplicate',
    'split-missing',
    'split-name',
  ])
})

function adapter(config: Values): FileFacts {
  return file('adapter_config.json', 'hf-config', { metadata: metadata({ '/peft_type': 'LORA', ...config }) })
}

const LORA = weights('adapter_model.safetensors', {
  'm.q_proj.lora_A.weight': [4, 64],
  'm.q_proj.lora_B.weight': [64, 4],
})

test('crossCheck() holds an adapter against its configuration', () => {
  assert.deepEqual(codes(adapter({ '/r': 4, '/target_modules': ['q_proj'] }), LORA), [])
  assert.deepEqual(codes(adapter({ '/r': 8, '/target_modules': ['q_proj'] }), LORA), ['adapter-contradicts-tensors'])
  assert.deepEqual(codes(adapter({ '/r': 8, '/rank_pattern/q_proj': 4 }), LORA), [])
  assert.deepEqual(codes(adapter({ '/r': 4, '/target_modules': ['v_proj'] }), LORA), ['adapter-contradicts-tensors'])
  assert.deepEqual(codes(adapter({ '/r': 4, '/target_modules': 'all-linear' }), LORA), [])
  assert.deepEqual(codes(LORA), ['adapter-config-missing'])
  assert.deepEqual(codes(adapter({ '/r': 4 })), ['adapter-weights-missing'])
})

const SHAPES = {
  'model.embed_tokens.weight': [384, 64],
  'model.layers.0.mlp.gate_proj.weight': [160, 64],
  'model.layers.1.mlp.gate_proj.weight': [160, 64],
  'lm_head.weight': [384, 64],
}
const CONFIG = {
  '/vocab_size': 384,
  '/hidden_size': 64,
  '/intermediate_size': 160,
  '/num_hidden_layers': 2,
  '/tie_word_embeddings': false,
  '/architectures': ['LlamaForCausalLM'],
}

function model(config: Values, shapes: Readonly<Record<string, readonly number[]>> = SHAPES): readonly string[] {
  const given = file('config.json', 'hf-config', { metadata: metadata({ ...CONFIG, ...config }) })
  return crossCheck([given, weights('model.safetensors', shapes)]).map(({ code, locus }) => `${code} ${locus}`)
}

test('crossCheck() finds a configuration that contradicts the tensors', () => {
  assert.deepEqual(model({}), [])
  assert.deepEqual(model({ '/vocab_size': 400 }), ['config-contradicts-tensors /vocab_size'])
  assert.deepEqual(model({ '/hidden_size': 32 }), ['config-contradicts-tensors /hidden_size'])
  assert.deepEqual(model({ '/intermediate_size': 161 }), ['config-contradicts-tensors /intermediate_size'])
  assert.deepEqual(model({ '/num_hidden_layers': 3 }), ['config-contradicts-tensors /num_hidden_layers'])
  const { 'lm_head.weight': _head, ...headless } = SHAPES
  assert.deepEqual(model({}, headless), ['config-contradicts-tensors /tie_word_embeddings'])
  assert.deepEqual(model({ '/tie_word_embeddings': true }, headless), [])
  assert.deepEqual(model({ '/tie_word_embeddings': true }, { ...SHAPES, 'lm_head.weight': [380, 64] }), [
    'config-contradicts-tensors /tie_word_embeddings',
  ])
})

test('crossCheck() does not blame a configuration for layers of its own kind', () => {
  assert.deepEqual(model({ '/num_hidden_layers': 1, '/num_nextn_predict_layers': 1 }), [])
  assert.deepEqual(model({ '/intermediate_size': 999, '/moe_intermediate_size': 160 }), [])
  assert.deepEqual(model({ '/vocab_size': undefined, '/text_config/vocab_size': 384 }), [])
  assert.deepEqual(model({}, { ...SHAPES, 'vision.layers.7.x': [1] }), [])
})

test('crossCheck() judges no configuration by a part of the tensors', () => {
  const config = file('config.json', 'hf-config', { metadata: metadata({ ...CONFIG, '/num_hidden_layers': 9 }) })
  assert.deepEqual(codes(config, weights('model.safetensors', {}, { reading: 'unread' })), [])
  assert.deepEqual(
    codes(config, weights(S1, SHAPES), index({ 'model.embed_tokens.weight': S1, b: S2 })).filter((code) =>
      code.startsWith('config'),
    ),
    [],
  )
})

test('crossCheck() finds a tokenizer with more ids than the embedding has rows', () => {
  const tokenizer = (largest: number) =>
    file('tokenizer.json', 'hf-tokenizer', { metadata: metadata({ 'vocabulary.largest-id': largest }) })
  assert.deepEqual(codes(tokenizer(383), weights('model.safetensors', SHAPES)), [])
  assert.deepEqual(codes(tokenizer(384), weights('model.safetensors', SHAPES)), ['tokenizer-contradicts-tensors'])
})

test('crossCheck() finds chat templates that differ', () => {
  const template = (path: string, locus: string, text: string) =>
    file(path, 'hf-tokenizer', { texts: [{ locus, text }] })
  const jinja = template('chat_template.jinja', 'template', 'a\n')
  assert.deepEqual(codes(jinja, template('tokenizer_config.json', '/chat_template', 'a')), [])
  assert.deepEqual(codes(jinja, template('tokenizer_config.json', '/chat_template', 'b')), [
    'template-sources-disagree',
  ])
})
