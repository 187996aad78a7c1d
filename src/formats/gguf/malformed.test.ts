import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildGguf, type GgufOptions, type GgufTensor } from '../../testing/gguf.ts'
import { readBytes } from '../../testing/read-bytes.ts'
import { ANOMALIES, type GgufAnomaly } from './anomalies.ts'
import { ggufReader } from './index.ts'

const architecture = ['general.architecture', 'string', 'llama'] as const
const plain = { name: 'blk.0.w', shape: [4], type: 'f32' } as const
function withTensors(...tensors: readonly GgufTensor[]): GgufOptions {
  return { metadata: [architecture], tensors }
}
function withKeys(...metadata: NonNullable<GgufOptions['metadata']>): GgufOptions {
  return { metadata: [architecture, ...metadata], tensors: [plain] }
}
const tokens = ['tokenizer.ggml.tokens', 'array', { of: 'string', items: ['a', 'b'] }] as const

const CASES: readonly (readonly [code: GgufAnomaly, what: string, file: GgufOptions])[] = [
  ['ggf-obsolete', 'version 1', { version: 1 }],
  ['ggf-version', 'version 4', { version: 4 }],
  ['ggf-version', 'version 0', { version: 0 }],
  ['ggf-count', '2^50 tensors', { tensorCount: 2n ** 50n }],
  ['ggf-overflow', '2^63 entries', { entryCount: 2n ** 63n }],
  ['ggf-count', 'ten entries in no bytes', { entryCount: 10 }],
  ['ggf-empty-key', 'an empty key', withKeys(['', 'u8', 0])],
  ['ggf-value-type', 'value type 13', withKeys(['x', 13, 0])],
  ['ggf-value-type', 'items of type 99', withKeys(['x', 'array', { of: 'nothing' as 'u8', items: [] }])],
  ['ggf-length', 'an array of 2^40 bytes', withKeys(['x', 'array', { of: 'u8', items: [], declared: 2n ** 40n }])],
  [
    'ggf-nested-array',
    'an array of arrays',
    withKeys(['x', 'array', { of: 'array', items: [{ of: 'u8', items: [1] }] }]),
  ],
  ['ggf-alignment', 'alignment 3', withKeys(['general.alignment', 'u32', 3])],
  ['ggf-alignment', 'alignment 0', withKeys(['general.alignment', 'u32', 0])],
  ['ggf-alignment', 'alignment as text', withKeys(['general.alignment', 'string', '32'])],
  ['ggf-odd-alignment', 'alignment 4', { ...withKeys(['general.alignment', 'u32', 4]), alignment: 4 }],
  [
    'ggf-overflow',
    'a dimension of 2^60',
    withTensors({ name: 'w', shape: [2n ** 60n], type: 'f32', data: new Uint8Array(4) }),
  ],
  [
    'ggf-overflow',
    'dimensions that multiply to 2^64',
    withTensors({ name: 'w', shape: [2n ** 32n, 2n ** 32n], type: 'f32', data: new Uint8Array(4) }),
  ],
  [
    'ggf-overflow',
    'more bytes than 2^53',
    withTensors({ name: 'w', shape: [2n ** 52n], type: 'f64', data: new Uint8Array(8) }),
  ],
  ['ggf-tensor-type', 'type 250', withTensors({ ...plain, typeId: 250 })],
  ['ggf-removed-type', 'type 31', withTensors({ ...plain, typeId: 31 })],
  ['ggf-block', 'rows of 33 elements in blocks of 32', withTensors({ name: 'w', shape: [33], type: 'q4_0' })],
  ['ggf-outside-file', 'an offset of 2^60', withTensors({ ...plain, offset: 2n ** 60n })],
  [
    'ggf-outside-file',
    'data that ends after the file',
    withTensors({ name: 'w', shape: [64], type: 'f32', data: new Uint8Array(8) }),
  ],
  [
    'ggf-offset',
    'a gap of 64 bytes',
    withTensors({ ...plain, data: new Uint8Array(80) }, { ...plain, name: 'v', offset: 64 }),
  ],
  [
    'ggf-misaligned',
    'an offset of 17',
    withTensors({ ...plain, data: new Uint8Array(33) }, { ...plain, name: 'v', offset: 17 }),
  ],
  ['ggf-overlap', 'two tensors at one offset', withTensors(plain, { ...plain, name: 'v', offset: 0 })],
  ['ggf-duplicate-key', 'a key twice', withKeys(['x', 'u8', 1], ['x', 'u8', 2])],
  ['ggf-duplicate-tensor', 'a tensor twice', withTensors(plain, plain)],
  ['ggf-dimensions', 'no dimensions', withTensors({ ...plain, shape: [] })],
  ['ggf-dimensions', 'five dimensions', withTensors({ ...plain, shape: [1, 1, 1, 1, 4] })],
  ['ggf-tensor-name', 'a name of 64 bytes', withTensors({ ...plain, name: 'n'.repeat(64) })],
  ['ggf-tensor-name', 'an empty name', withTensors({ ...plain, name: '' })],
  ['ggf-empty-tensor', 'a dimension of zero', withTensors({ ...plain, shape: [0, 4] })],
  ['ggf-key-name', 'a key that is a prototype', withKeys(['__proto__', 'u8', 1])],
  ['ggf-key-name', 'a key with a space', withKeys(['a b', 'u8', 1])],
  ['ggf-odd-characters', 'a name with a bidirectional override', withTensors({ ...plain, name: 'a\u202eb' })],
  ['ggf-bool', 'a boolean of 2', withKeys(['x', 'bool', 2])],
  [
    'ggf-bool',
    'a list of booleans with a 7 far in',
    withKeys(['x', 'array', { of: 'bool', items: [...Array<number>(40).fill(1), 7] }]),
  ],
  ['ggf-key-type', 'a block count as text', withKeys(['llama.block_count', 'string', '1'])],
  ['ggf-key-type', 'tokens as numbers', withKeys(['tokenizer.ggml.tokens', 'array', { of: 'u32', items: [1] }])],
  ['ggf-missing-key', 'no architecture', { tensors: [plain] }],
  [
    'ggf-duplicate-tokens',
    'a token twice',
    withKeys(['tokenizer.ggml.tokens', 'array', { of: 'string', items: ['a', 'b', 'a'] }]),
  ],
  [
    'ggf-tokenizer',
    'one score for two tokens',
    withKeys(tokens, ['tokenizer.ggml.scores', 'array', { of: 'f32', items: [1] }]),
  ],
  ['ggf-tokenizer', 'a token id outside the vocabulary', withKeys(tokens, ['tokenizer.ggml.bos_token_id', 'u32', 2])],
  ['ggf-block-count', 'more blocks declared than present', withKeys(['llama.block_count', 'u32', 2])],
  [
    'ggf-embedding-length',
    'another width',
    {
      metadata: [architecture, ['llama.embedding_length', 'u32', 5]],
      tensors: [{ ...plain, name: 'token_embd.weight', shape: [2, 4] }],
    },
  ],
  [
    'ggf-vocabulary',
    'another number of rows',
    { metadata: [architecture, tokens], tensors: [{ ...plain, name: 'token_embd.weight', shape: [3, 4] }] },
  ],
  [
    'ggf-file-type',
    'q4_0 promised, f32 stored',
    { metadata: [architecture, ['general.file_type', 'u32', 2]], tensors: [{ ...plain, shape: [2, 64] }] },
  ],
  ['ggf-split', 'part 3 of 2', withKeys(['split.no', 'u16', 3], ['split.count', 'u16', 2])],
]

for (const [code, what, file] of CASES) {
  test(`ggufReader.read() notes ${code} for ${what}`, () => {
    const { codes, facts } = readBytes(ggufReader, buildGguf(file))
    assert.ok(codes.includes(code), `noted: ${codes.join(', ')}`)
    const breaks = ANOMALIES.some((one) => one.code === code && 'breaks' in one)
    if (breaks) assert.equal(facts.reading, 'unread')
  })
}

test('ggufReader.read() notes missing and surplus bytes at the end', () => {
  const whole = buildGguf(withTensors(plain))
  assert.deepEqual(readBytes(ggufReader, whole.subarray(0, -16)).codes, ['ggf-end'])
  const longer = readBytes(ggufReader, Buffer.concat([whole, Buffer.from('PK')]))
  assert.deepEqual([longer.codes, longer.accounting.complete], [['ggf-trailing-bytes'], false])
})

test('ggufReader.read() notes text that is not UTF-8', () => {
  const bytes = buildGguf(withKeys(['general.name', 'string', 'oak']))
  bytes[Buffer.from(bytes).indexOf('oak')] = 0xff
  assert.deepEqual(readBytes(ggufReader, bytes).codes, ['ggf-text'])
})

test('ggufReader.read() recognises each format before GGUF and reads none of them', () => {
  for (const magic of ['lmgg', 'fmgg', 'tjgg', 'algg']) {
    const { facts, codes } = readBytes(ggufReader, Buffer.from(`${magic}\u0001\u0000\u0000\u0000`))
    assert.deepEqual([codes, facts.reading], [['ggf-obsolete'], 'unread'])
  }
})

test('ANOMALIES of gguf are each noted by a case of these tests', () => {
  const elsewhere = ['ggf-truncated', 'ggf-limit', 'ggf-end', 'ggf-trailing-bytes', 'ggf-text']
  const tested = new Set([...CASES.map(([code]) => code as string), ...elsewhere])
  assert.deepEqual(
    ANOMALIES.map(({ code }) => code).filter((code) => !tested.has(code)),
    [],
  )
})
