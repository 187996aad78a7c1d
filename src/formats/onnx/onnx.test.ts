import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { buildOnnx, externalTensor, graph, node, opset, rawTensor, valueInfo } from '../../testing/onnx.ts'
import { outermostEnds } from '../../testing/protobuf.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { ANOMALIES } from './anomalies.ts'
import { onnxReader } from './index.ts'

const branch = (name: string): ReturnType<typeof graph> => [
  ['node', node('Add', ['x', `${name}.w`], [`${name}.out`])],
  ['name', name],
  ['initializer', rawTensor(`${name}.w`)],
  ['output', valueInfo(`${name}.out`)],
]
const conditional = node(
  'If',
  ['c'],
  ['z'],
  [
    [
      'attribute',
      [
        ['name', 'then_branch'],
        ['type', 5],
        ['g', branch('a')],
      ],
    ],
    [
      'attribute',
      [
        ['name', 'else_branch'],
        ['type', 5],
        ['g', branch('b')],
      ],
    ],
  ],
)
const model = buildOnnx({
  head: [
    ['ir_version', 8],
    ['producer_name', 'test'],
    ['doc_string', 'what it is'],
  ],
  graph: graph(
    [
      ['initializer', rawTensor('c', { dims: 1, data_type: 9, raw_data: Buffer.from([1]) })],
      [
        'initializer',
        externalTensor('e', [
          ['location', 'w.bin'],
          ['offset', '16'],
          ['length', '8'],
        ]),
      ],
      [
        'initializer',
        [
          ['dims', 2],
          ['data_type', 7],
          ['int64_data', { packed: [1, -1] }],
          ['name', 'typed'],
        ],
      ],
      [
        'sparse_initializer',
        [
          ['values', rawTensor('s')],
          ['indices', rawTensor('i', { data_type: 7, raw_data: Buffer.alloc(16) })],
          ['dims', 4],
        ],
      ],
      [
        'quantization_annotation',
        [
          ['tensor_name', 'w'],
          [
            'quant_parameter_tensor_names',
            [
              ['key', 'SCALE_TENSOR'],
              ['value', 'c'],
            ],
          ],
        ],
      ],
    ],
    [node('Add', ['x', 'w'], ['y']), conditional],
  ),
  tail: [
    opset(17),
    [
      'metadata_props',
      [
        ['key', 'author'],
        ['value', 'A'],
      ],
    ],
  ],
})

test('onnxReader.read() of a sound model is full and claims every byte', () => {
  const { facts, accounting, codes } = readBytes(onnxReader, model, { path: 'm/model.onnx' })
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
  const metadata = new Map(facts.metadata.map(({ key, value }) => [key, value]))
  assert.equal(metadata.get('producer_name'), 'test')
  assert.equal(metadata.get('opset_import/ai.onnx'), 17)
  assert.equal(metadata.get('metadata_props/author'), 'A')
  assert.equal(metadata.get('graph/nodes'), 4)
  assert.deepEqual(metadata.get('graph/operators'), ['::Add × 3', '::If × 1'])
  assert.deepEqual(facts.references, [{ kind: 'path', target: 'w.bin', locus: 'tensor "e"' }])
})

test('onnxReader.read() finds the data of each tensor where it lies', () => {
  const { facts } = readBytes(onnxReader, model, { path: 'm/model.onnx' })
  const byName = new Map(facts.tensors.map((tensor) => [tensor.name, tensor]))
  const w = byName.get('w')
  assert.deepEqual([w?.type, w?.shape, w?.length, w?.packed], ['F32', [2], 8, undefined])
  assert.deepEqual([...model.subarray(w?.offset, (w?.offset ?? 0) + 8)], Array(8).fill(1))
  assert.deepEqual(byName.get('e'), { name: 'e', type: 'F32', shape: [2], file: 'm/w.bin', offset: 16, length: 8 })
  assert.equal(byName.get('typed')?.packed, 'typed')
  assert.deepEqual(byName.get('s.indices')?.length, 16)
  assert.equal(facts.tensors.length, 8)
})

test('onnxReader.sniff() knows a model by its structure whatever it is called', () => {
  assert.equal(onnxReader.sniff(glimpse(model)), 'structure')
  assert.equal(onnxReader.sniff(glimpse(Buffer.from('words'), 'a.onnx')), 'name')
  assert.equal(onnxReader.sniff(glimpse(Buffer.from('words'))), null)
})

function readOrFault(bytes: Uint8Array): ReturnType<typeof readBytes> | undefined {
  try {
    return readBytes(onnxReader, bytes, { limits: { items: 10_000, bytes: 2_000_000 } })
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    return undefined
  }
}

test('onnxReader.read() of a model cut within a field is never full without an anomaly', () => {
  const ends = new Set(outermostEnds(model))
  for (let length = 1; length < model.length; length++) {
    if (ends.has(length)) continue
    const read = readOrFault(model.subarray(0, length))
    if (read !== undefined) assert.ok(read.codes.length > 0, `cut to ${length} bytes of ${model.length}`)
  }
})

test('onnxReader.read() of mutated models throws nothing but Fault and reads nothing outside', () => {
  const known = new Set<string>(ANOMALIES.map(({ code }) => code))
  const mutation = fc.record({ at: fc.nat(model.length - 1), byte: fc.nat(255) })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (mutations) => {
    const bytes = Uint8Array.from(model)
    for (const { at, byte } of mutations) bytes[at] = byte
    for (const code of readOrFault(bytes)?.codes ?? []) assert.ok(known.has(code) || code.startsWith('pb-'), code)
  })
  fc.assert(property, { numRuns: 2000 })
})

test('onnxReader.read() of random bytes throws nothing but Fault', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void readOrFault(bytes)),
    { numRuns: 1000 },
  )
})

test('onnxReader.read() allocates nothing for what is only declared', () => {
  const giant = Buffer.from('080842ffffffffffffff7f', 'hex')
  const { facts, budget } = readBytes(onnxReader, giant)
  assert.equal(facts.reading, 'unread')
  assert.ok(budget.cost.bytesRead < 1000)
})

test('onnxReader.read() passes over raw data without reading it', () => {
  const data = Buffer.alloc(8_000_000)
  const large = buildOnnx({ graph: graph([['initializer', rawTensor('big', { dims: 2_000_000, raw_data: data })]]) })
  const { facts, budget } = readBytes(onnxReader, large)
  assert.equal(facts.reading, 'full')
  assert.ok(budget.cost.bytesRead < 400_000, `${budget.cost.bytesRead} bytes read`)
})

test('onnxReader.read() reads every model of the ONNX suites in full', needsShared('corpus', 'onnx'), () => {
  const folder = sharedPath('corpus', 'onnx') ?? ''
  const files = globSync('**/*.onnx', { cwd: folder })
  assert.equal(files.length, 149)
  for (const file of files) {
    const bytes = readFileSync(`${folder}/${file}`)
    const { facts, accounting, codes } = readBytes(onnxReader, bytes, { path: file })
    assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true], file)
    assert.equal(onnxReader.sniff(glimpse(bytes)), 'structure', file)
  }
})
