import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GGML_TYPES as KERNEL_TYPES } from '../../simd/index.ts'
import { buildGguf, type GgufOptions } from '../../testing/gguf.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { GGML_TYPES, REMOVED_TYPES } from './ggml-types.ts'
import { ggufReader } from './index.ts'

const small: GgufOptions = {
  metadata: [
    ['general.architecture', 'string', 'llama'],
    ['general.license', 'string', 'apache-2.0'],
    ['general.base_model.0.repo_url', 'string', 'https://example.org/base'],
    ['llama.block_count', 'u32', 1],
    ['llama.embedding_length', 'u32', 64],
    ['llama.rope.freq_base', 'f32', 10_000],
    ['tokenizer.chat_template', 'string', '{{ messages }}'],
    ['tokenizer.ggml.tokens', 'array', { of: 'string', items: Array.from({ length: 20 }, (_, i) => `t${i}`) }],
    ['big', 'u64', 2n ** 60n],
    ['nan', 'f64', Number.NaN],
  ],
  tensors: [
    { name: 'token_embd.weight', shape: [20, 64], type: 'f16' },
    { name: 'blk.0.attn_q.weight', shape: [3, 64], type: 'q4_0' },
    { name: 'output_norm.weight', shape: [64], type: 'f32' },
  ],
}

test('ggufReader.read() gives row-major shapes, absolute offsets and a claim for every byte', () => {
  const { facts, accounting, codes } = readBytes(ggufReader, buildGguf(small), { path: 'a.gguf' })
  assert.deepEqual(codes, [])
  assert.equal(facts.reading, 'full')
  assert.ok(accounting.complete)
  const [embedding, query, norm] = facts.tensors
  const from = embedding?.offset ?? 0
  assert.equal(from % 32, 0)
  assert.deepEqual(embedding, {
    name: 'token_embd.weight',
    type: 'f16',
    shape: [20, 64],
    file: 'a.gguf',
    offset: from,
    length: 2560,
  })
  assert.deepEqual([query?.shape, query?.offset, query?.length], [[3, 64], from + 2560, 108])
  assert.deepEqual([norm?.shape, norm?.offset, norm?.length], [[64], from + 2560 + 128, 256])
})

test('ggufReader.read() keeps values exact, cuts long lists and hands on the chat template whole', () => {
  const { facts } = readBytes(ggufReader, buildGguf(small))
  const byKey = new Map(facts.metadata.map((fact) => [fact.key, fact]))
  assert.equal(byKey.get('big')?.value, '1152921504606846976')
  assert.equal(byKey.get('nan')?.value, 'NaN')
  assert.equal(byKey.get('general.license')?.value, 'apache-2.0')
  const tokens = byKey.get('tokenizer.ggml.tokens')
  assert.deepEqual(
    [tokens?.type, tokens?.count, (tokens?.value as readonly string[] | undefined)?.length],
    ['array<string>', 20, 16],
  )
  assert.match(tokens?.digest ?? '', /^[0-9a-f]{64}$/)
  assert.deepEqual(facts.texts, [{ locus: 'tokenizer.chat_template', text: '{{ messages }}' }])
  assert.deepEqual(facts.references, [
    { kind: 'url', target: 'https://example.org/base', locus: 'general.base_model.0.repo_url' },
  ])
})

test('ggufReader.read() gives the same facts in either byte order and in versions 2 and 3', () => {
  const reference = readBytes(ggufReader, buildGguf(small)).facts
  const strip = (facts: typeof reference) => ({
    ...facts,
    tensors: facts.tensors.map((tensor) => ({ ...tensor, bigEndian: undefined })),
    metadata: facts.metadata.map((fact) => ({ ...fact, digest: undefined })),
  })
  for (const options of [{ version: 2 }, { littleEndian: false }, { version: 2, littleEndian: false }]) {
    const { facts } = readBytes(ggufReader, buildGguf({ ...small, ...options }))
    assert.deepEqual(strip(facts), strip(reference))
    assert.equal(facts.tensors[0]?.bigEndian, options.littleEndian === false ? true : undefined)
  }
})

test('ggufReader.read() knows the block size of every ggml type', () => {
  for (const { name, blockElements, blockBytes } of GGML_TYPES) {
    const tensors = [{ name: 'blk.0.w', shape: [2, 3 * blockElements], type: name }]
    const { facts, codes } = readBytes(
      ggufReader,
      buildGguf({ metadata: [['general.architecture', 'string', 'x']], tensors }),
    )
    assert.deepEqual([codes, facts.tensors[0]?.type, facts.tensors[0]?.length], [[], name, 6 * blockBytes])
  }
})

test('GGML_TYPES are those that the kernels decode, block for block', () => {
  const layouts = KERNEL_TYPES.map(({ id, name, blockElements, blockBytes }) => ({
    id,
    name,
    blockElements,
    blockBytes,
  }))
  assert.deepEqual(GGML_TYPES, layouts)
})

test('ggufReader.read() names a removed type and does not read the file', () => {
  for (const [id, name] of REMOVED_TYPES) {
    const { facts, codes } = readBytes(
      ggufReader,
      buildGguf({ tensors: [{ name: 'w', shape: [256], type: 'f32', typeId: id }] }),
    )
    assert.deepEqual([codes, facts.reading], [['ggf-removed-type'], 'unread'])
    assert.ok(facts.reason?.includes(name))
  }
})

test('ggufReader.read() honours general.alignment', () => {
  const { facts, codes, accounting } = readBytes(
    ggufReader,
    buildGguf({
      alignment: 128,
      metadata: [
        ['general.architecture', 'string', 'x'],
        ['general.alignment', 'u32', 128],
      ],
      tensors: [
        { name: 'a', shape: [3], type: 'f32' },
        { name: 'b', shape: [3], type: 'f32' },
      ],
    }),
  )
  assert.deepEqual([codes, facts.tensors.map(({ offset }) => offset % 128), accounting.complete], [[], [0, 0], true])
})

test('ggufReader.read() reads a part of a split file that holds no tensors', () => {
  const { facts, codes } = readBytes(
    ggufReader,
    buildGguf({
      metadata: [
        ['split.no', 'u16', 0],
        ['split.count', 'u16', 3],
        ['split.tensors.count', 'i32', 9],
      ],
    }),
  )
  assert.deepEqual([facts.reading, codes, facts.metadata.map(({ value }) => value)], ['full', [], [0, 3, 9]])
})

test('ggufReader.sniff() tells the magics of GGUF and of what came before it from everything else', () => {
  assert.equal(ggufReader.sniff(glimpse(buildGguf())), 'magic')
  assert.equal(ggufReader.sniff(glimpse(Buffer.from('tjgg....'))), 'magic')
  assert.equal(ggufReader.sniff(glimpse(Buffer.from('GGUG'), 'a.gguf')), 'name')
  assert.equal(ggufReader.sniff(glimpse(Buffer.from('GGUG'))), null)
})
