import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { yamlReader } from './index.ts'
import { readTag } from './tags.ts'
import { kindOfTarget } from './targets.ts'

function read(text: string | Uint8Array, path = 'config.yaml'): BytesRead {
  return readBytes(yamlReader, Buffer.from(text), { path })
}

const NEMO = `# of a speech model
sample_rate: 16000
train_ds:
  manifest_filepath: /data/train.json
preprocessor:
  _target_: nemo.collections.asr.modules.AudioToMelSpectrogramPreprocessor
  window: hann
optim:
  name: adamw
  betas: [0.9, 0.98]
trainer: &t
  devices: 1
again: *t
`

test('yamlReader.read() reads a configuration of a framework, and points at nothing', () => {
  const { facts, codes, accounting } = read(NEMO)
  assert.deepEqual([facts.reading, codes, accounting.complete, facts.references], ['full', [], true, []])
  assert.deepEqual(facts.metadata.slice(0, 2), [
    { key: '/sample_rate', type: 'integer', value: 16_000 },
    { key: '/train_ds/manifest_filepath', type: 'string', value: '/data/train.json' },
  ])
})

test('yamlReader.read() points at what a program would import and call', () => {
  const text =
    'model:\n  _target_: os.system\n  command: id\nnet:\n  _target_: src.models.Net\nhead:\n  target: ldm.Head\n'
  assert.deepEqual(read(text).facts.references, [
    { kind: 'class', target: 'os.system', locus: '/model/_target_' },
    { kind: 'code', target: 'src.models.Net', locus: '/net/_target_' },
  ])
  const described = 'flavors:\n  python_function:\n    loader_module: subprocess\n    data: model.pkl\n'
  assert.deepEqual(read(described, 'MLmodel').facts.references, [
    { kind: 'class', target: 'subprocess', locus: '/flavors/python_function/loader_module' },
  ])
  assert.deepEqual(read(described.replace('subprocess', 'mlflow.sklearn'), 'MLmodel').facts.references, [])
})

test('kindOfTarget() knows frameworks, what loads in them, and modules of the system', () => {
  const kinds = ['torch.nn.Linear', 'torch.hub.load', 'builtins.exec', 'eval', 'my.package.Net', 'ossian.Net']
  assert.deepEqual(kinds.map(kindOfTarget), ['framework', 'system', 'system', 'system', 'other', 'other'])
})

test('yamlReader.read() notes tags, equal keys and what is no YAML', () => {
  assert.deepEqual(read('a: !!python/object/apply:os.system ["id"]\n').codes, ['yaml-tag'])
  assert.deepEqual(read('a: 1\na: 2\n').codes, ['yaml-duplicate-key'])
  for (const text of ['a: [1, 2', 'a: b: c', '\t- x: {']) {
    const { codes, facts } = read(text)
    assert.deepEqual([codes, facts.reading], [['yaml-syntax'], 'unread'], text)
  }
  assert.deepEqual(read(Uint8Array.of(0x61, 0xff)).codes, ['text-utf8'])
})

test('yamlReader.read() bounds aliases, nesting and size', () => {
  const bomb = [
    'a0: &a0 [x, x, x, x]',
    ...Array.from({ length: 8 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`),
  ]
  const { facts } = read(bomb.join('\n'))
  assert.equal(facts.reading, 'unread')
  assert.throws(() => read('['.repeat(500)), { code: 'budget-depth' })
  assert.equal(read(`a: ${'x'.repeat(600_000)}`).facts.reading, 'unread')
})

test('yamlReader.read() of mutated and random texts throws nothing but Fault', () => {
  const readOrFault = (text: string): void => {
    try {
      read(text)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  }
  const property = fc.property(fc.nat(NEMO.length), fc.string({ maxLength: 5 }), (at, more) =>
    readOrFault(NEMO.slice(0, at) + more + NEMO.slice(at)),
  )
  fc.assert(property, { numRuns: 300 })
  const markup = fc.array(fc.constantFrom('a', ':', ' ', '\n', '-', '[', ']', '{', '}', '&', '*', '!', '|', '"', '#'))
  fc.assert(
    fc.property(markup, (parts) => readOrFault(parts.join(''))),
    { numRuns: 300 },
  )
})

test('yamlReader.sniff() goes by the name, and wants text', () => {
  assert.equal(yamlReader.sniff(glimpse(Buffer.from('a: 1\n'), 'x/MLmodel')), 'structure')
  assert.equal(yamlReader.sniff(glimpse(Buffer.from('a: 1\n'), 'a.yml')), 'structure')
  assert.equal(yamlReader.sniff(glimpse(Buffer.from('\0'), 'a.yaml')), 'name')
  assert.equal(yamlReader.sniff(glimpse(Buffer.from('a: 1\n'), 'a.txt')), null)
})

test('yamlReader takes what the tags of HyperPyYAML name for what is called, and accuses none of the language', () => {
  const { facts, codes } = read('net: !new:speechbrain.nnet.Net\n  size: !ref <dim>\nloss: !name:os.system\ndim: 4\n')
  assert.deepEqual([facts.reading, codes], ['full', []])
  assert.deepEqual(facts.references, [{ kind: 'class', target: 'os.system', locus: '!name' }])
  assert.deepEqual(read('a: !!set {b: null}\nc: !!timestamp 2024-01-01\n').codes, [])
})

test('yamlReader is not full when a tag is of a language of its own', () => {
  assert.deepEqual([read('a: !oak 1').facts.reading, read('a: !oak 1').codes], ['listed', []])
})

test('readTag() tells constructing tags from those of the language', () => {
  const tags = ['tag:yaml.org,2002:python/tuple', '!ruby/object:Gem', '!new:a.B', '!oak', '!applyref:a.b', '!ref']
  const kinds = ['constructing', 'constructing', 'naming', 'own', 'own', 'plain']
  assert.deepEqual(tags.map((tag) => readTag(tag).kind), kinds) // prettier-ignore
})
