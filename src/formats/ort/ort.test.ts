import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { buildFlat, type FlatRecord } from '../../testing/flatbuffer.ts'
import { glimpse, readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { ANOMALIES, type OrtAnomaly } from './anomalies.ts'
import { ortReader } from './index.ts'
import { ORT_SCHEMA } from './schema.ts'

const [{ base64 } = { base64: '' }] = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as {
  base64: string
}[]
const REAL = Buffer.from(base64, 'base64')

function read(bytes: Uint8Array): BytesRead {
  return readBytes(ortReader, bytes)
}

function build(graph: FlatRecord, model: FlatRecord = {}): Uint8Array {
  const value = { ortVersion: '6', model: { opsetImport: [{ domain: '', version: 18 }], graph, ...model } }
  return buildFlat({ schema: ORT_SCHEMA, root: 'InferenceSession', value, identifier: 'ORTM' })
}

const WEIGHT = { name: 'w', dims: [2, 3], dataType: 1, rawData: new Uint8Array(24) }

test('ortReader.read() reads what ONNX Runtime saves, with the weights of inner graphs', () => {
  const { facts, codes, accounting } = read(REAL)
  assert.deepEqual([facts.reading, codes, accounting], ['full', [], { complete: true, anomalies: [] }])
  assert.deepEqual(facts.tensors.map(({ name, type, shape }) => [name, type, shape]).toSorted(), [
    ['b', 'F32', [4]],
    ['node 0/inner', 'F32', [3, 4]],
    ['w', 'F32', [3, 4]],
  ])
  const inner = facts.tensors.find(({ name }) => name.endsWith('inner'))
  assert.equal(REAL.readFloatLE(inner?.offset), 0.5)
  assert.deepEqual(facts.metadata.find(({ key }) => key === 'operators')?.value, ['If 1', 'Gemm 2'])
})

const CASES: readonly (readonly [code: OrtAnomaly, what: string, bytes: Uint8Array])[] = [
  [
    'ort-custom-domain',
    'an operator of another library',
    build({ nodes: [{ opType: 'PyOp', domain: 'ai.onnx.contrib' }] }),
  ],
  [
    'ort-custom-domain',
    'such an operator in an inner graph',
    build({ nodes: [{ opType: 'If', attributes: [{ g: { nodes: [{ opType: 'Run', domain: 'mine' }] } }] }] }),
  ],
  ['ort-tensor-size', 'a shape of more bytes', build({ initializers: [{ ...WEIGHT, dims: [2, 4] }] })],
  ['ort-tensor-size', 'a negative dimension', build({ initializers: [{ ...WEIGHT, dims: [-1, 3] }] })],
]

for (const [code, what, bytes] of CASES) {
  test(`ortReader.read() notes ${code} for ${what}`, () => assert.deepEqual(read(bytes).codes, [code]))
}

test('ANOMALIES of ort are each noted by a case of these tests', () => {
  const tested = new Set<string>(CASES.map(([code]) => code))
  assert.deepEqual(
    ANOMALIES.map(({ code }) => code).filter((code) => !tested.has(code)),
    [],
  )
})

test('ortReader.read() notes nothing for operators and tensors of its own', () => {
  const nodes = [{ opType: 'FusedGemm', domain: 'com.microsoft' }, { opType: 'Relu' }]
  const sparse = [{ values: { ...WEIGHT, name: 's' }, indices: { ...WEIGHT, name: 'i', dims: [3], dataType: 7 } }]
  const { facts, codes } = read(build({ initializers: [WEIGHT], nodes, sparseInitializers: sparse }))
  assert.deepEqual([facts.reading, codes], ['full', []])
  assert.deepEqual(
    facts.tensors.map(({ name, type }) => `${name} ${type}`),
    ['w F32', 's F32', 'indices of i I64'],
  )
})

test('ortReader.read() says when the bytes of a tensor lie in another file', () => {
  const { facts } = read(build({ initializers: [{ name: 'w', dims: [2], dataType: 1, externalDataOffset: 0 }] }))
  assert.equal(facts.reading, 'listed')
})

test('ortReader.read() reads training checkpoints', () => {
  const value = {
    version: 1,
    moduleState: { requiresGradParams: [WEIGHT], frozenParams: [{ ...WEIGHT, name: 'f' }] },
    optimizerGroups: [{ groupName: 'g', optimizerStates: [{ paramName: 'w', momentums: [{ ...WEIGHT, name: 'm' }] }] }],
  }
  const { facts, codes } = read(buildFlat({ schema: ORT_SCHEMA, root: 'Checkpoint', value, identifier: 'ODTC' }))
  assert.deepEqual([facts.reading, codes, facts.tensors.map(({ name }) => name)], ['full', [], ['w', 'f', 'g/w/m']])
})

test('ortReader.read() of a file cut anywhere is never full without an anomaly', () => {
  for (let length = 8; length < REAL.length; length++) {
    const { facts, codes, accounting } = read(REAL.subarray(0, length))
    assert.ok(facts.reading !== 'full' || codes.length > 0 || !accounting.complete, `cut to ${length}`)
  }
})

test('ortReader.read() of mutated files throws nothing but Fault and reads nothing outside', () => {
  const mutation = fc.record({ at: fc.nat(REAL.length - 1), byte: fc.nat(255) })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (mutations) => {
    const bytes = Uint8Array.from(REAL)
    for (const { at, byte } of mutations) bytes[at] = byte
    try {
      read(bytes)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  })
  fc.assert(property, { numRuns: 500 })
})

test('ortReader.sniff() knows models and checkpoints', () => {
  assert.equal(ortReader.sniff(glimpse(REAL)), 'magic')
  assert.equal(ortReader.sniff(glimpse(Buffer.from('oak'), 'a.ort')), 'name')
  assert.equal(ortReader.sniff(glimpse(Buffer.from('oak'))), null)
})
