import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { buildFlat, type FlatRecord } from '../../testing/flatbuffer.ts'
import { glimpse, readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { writeZip } from '../../testing/zip.ts'
import { ANOMALIES, type TfliteAnomaly } from './anomalies.ts'
import { READERS } from '../registry.ts'
import { sniff } from '../sniff.ts'
import { tfliteReader } from './index.ts'
import { METADATA_SCHEMA, TFLITE_SCHEMA } from './schema.ts'

interface Vector {
  readonly name: string
  readonly base64: string
  readonly operators: readonly string[]
}
const VECTORS = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as readonly Vector[]

const WEIGHTS = new Uint8Array(48).fill(0x3f)
const DENSE = { opcodeIndex: 0, inputs: [0, 1], outputs: [2] }
const TENSORS: readonly FlatRecord[] = [
  { name: 'in', shape: [1, 3] },
  { name: 'kernel', shape: [4, 3], buffer: 1 },
  { name: 'out', shape: [1, 4] },
]

/** A model of one dense layer, changed. */
function build(changes: FlatRecord = {}, graph: FlatRecord = {}): Uint8Array {
  const subgraph = { tensors: TENSORS, inputs: [0], outputs: [2], operators: [DENSE], name: 'main', ...graph }
  const value: FlatRecord = {
    version: 3,
    description: 'oak',
    operatorCodes: [{ deprecatedBuiltinCode: 9, builtinCode: 9, version: 1 }],
    buffers: [{}, { data: WEIGHTS }],
    subgraphs: [subgraph],
    ...changes,
  }
  return buildFlat({ schema: TFLITE_SCHEMA, root: 'Model', value, identifier: 'TFL3' })
}

function read(bytes: Uint8Array): BytesRead {
  return readBytes(tfliteReader, bytes)
}

function operatorCode(builtinCode: number, customCode: string): FlatRecord {
  return { operatorCodes: [{ deprecatedBuiltinCode: Math.min(builtinCode, 127), builtinCode, customCode }] }
}

test('tfliteReader.read() reads operators, tensors and what the model says about itself', () => {
  const { facts, codes, accounting } = read(build())
  assert.deepEqual([facts.reading, codes, accounting], ['full', [], { complete: true, anomalies: [] }])
  const [tensor] = facts.tensors
  assert.deepEqual([facts.tensors.length, tensor?.name, tensor?.type, tensor?.shape], [1, 'kernel', 'F32', [4, 3]])
  assert.deepEqual(Buffer.from(build()).subarray(tensor?.offset).subarray(0, 48), Buffer.from(WEIGHTS))
  assert.deepEqual(facts.metadata.find(({ key }) => key === 'operators')?.value, ['FULLY_CONNECTED 1'])
  assert.deepEqual(facts.metadata.find(({ key }) => key === 'description')?.value, 'oak')
})

for (const { name, base64, operators } of VECTORS) {
  test(`tfliteReader.read() reads what the library of the format packs: ${name}`, () => {
    const { facts, codes, accounting } = read(Buffer.from(base64, 'base64'))
    assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
    assert.deepEqual(
      facts.tensors.map((tensor) => [tensor.name, tensor.type, tensor.shape, tensor.length]),
      [
        ['dense/kernel', 'F32', [4, 3], 48],
        ['dense/bias', 'I8', [4], 4],
        ['gain', 'F16', [4], 8],
      ],
    )
    assert.deepEqual(facts.metadata.find(({ key }) => key === 'operators')?.value, operators)
  })
}

test('tfliteReader.read() reads the metadata that a buffer holds, and names the files that belong to it', () => {
  const value = { name: 'Oak', license: 'apache-2.0', associatedFiles: [{ name: 'labels.txt' }] }
  const data = buildFlat({ schema: METADATA_SCHEMA, root: 'ModelMetadata', value, identifier: 'M001' })
  const bytes = build({
    buffers: [{}, { data: WEIGHTS }, { data }],
    metadata: [{ name: 'TFLITE_METADATA', buffer: 2 }],
  })
  const { facts, codes } = read(bytes)
  assert.deepEqual([facts.reading, codes], ['full', []])
  assert.equal(facts.metadata.find(({ key }) => key === 'metadata.license')?.value, 'apache-2.0')
  assert.deepEqual(facts.references, [{ kind: 'path', target: 'labels.txt', locus: 'metadata.associatedFiles' }])
})

/** A model whose weights lie behind the structures. */
function withBuffersBehind(offset?: number): Uint8Array {
  const size = build({ buffers: [{}, { offset: 4096, size: 48 }] }).length
  const at = Math.ceil(size / 64) * 64
  const head = build({ buffers: [{}, { offset: offset ?? at, size: 48 }] })
  return Buffer.concat([head, Buffer.alloc(at - size), WEIGHTS])
}

test('tfliteReader.read() finds buffers behind the structures, as in models of more than two gigabytes', () => {
  const bytes = withBuffersBehind()
  const { facts, codes, accounting } = read(bytes)
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
  assert.deepEqual([facts.tensors[0]?.offset, facts.tensors[0]?.length], [bytes.length - 48, 48])
})

const CASES: readonly (readonly [code: TfliteAnomaly, what: string, bytes: Uint8Array])[] = [
  ['tfl-custom-operator', 'an operator of the application', build(operatorCode(32, 'RunThis'))],
  ['tfl-flex-operator', 'an operator of TensorFlow', build(operatorCode(32, 'FlexWriteFile'))],
  ['tfl-index', 'an operator code that is not there', build({}, { operators: [{ ...DENSE, opcodeIndex: 5 }] })],
  ['tfl-index', 'an input that is not there', build({}, { operators: [{ ...DENSE, inputs: [0, 99] }] })],
  ['tfl-index', 'an output of the graph that is not there', build({}, { outputs: [-1] })],
  ['tfl-index', 'a buffer that is not there', build({}, { tensors: [...TENSORS, { name: 'x', buffer: 77 }] })],
  ['tfl-index', 'a signature of another graph', build({ signatureDefs: [{ signatureKey: 'x', subgraphIndex: 4 }] })],
  ['tfl-tensor-size', 'a shape of more bytes', build({ buffers: [{}, { data: WEIGHTS.subarray(1) }] })],
  [
    'tfl-tensor-size',
    'a shape beyond all numbers',
    build({}, { tensors: [{ name: 'a' }, { name: 'b', shape: Array(4).fill(2 ** 30), buffer: 1 }, { name: 'c' }] }),
  ],
  ['tfl-buffer', 'a buffer behind the end', withBuffersBehind(1e9)],
  ['tfl-buffer', 'a buffer over the structures', withBuffersBehind(8)],
  ['tfl-buffer', 'a buffer beyond all numbers', build({ buffers: [{}, { offset: 2n ** 63n, size: 48 }] })],
]

for (const [code, what, bytes] of CASES) {
  test(`tfliteReader.read() notes ${code} for ${what}`, () => {
    const { codes, facts } = read(bytes)
    assert.deepEqual(codes, [code])
    if (code === 'tfl-buffer') assert.equal(facts.reading, 'unread')
  })
}

test('ANOMALIES of tflite are each noted by a case of these tests', () => {
  const tested = new Set<string>(CASES.map(([code]) => code))
  assert.deepEqual(
    ANOMALIES.map(({ code }) => code).filter((code) => !tested.has(code)),
    [],
  )
})

test('tfliteReader.read() does not take an operator of a newer version for understood', () => {
  const { facts, codes } = read(build(operatorCode(999, '')))
  assert.deepEqual([facts.reading, codes], ['listed', []])
})

test('tfliteReader.read() marks tensors whose bytes are no plain numbers', () => {
  const tensors = [TENSORS[0] ?? {}, { name: 'w', shape: [9, 9], type: 17, buffer: 1 }, TENSORS[2] ?? {}]
  const { facts, codes } = read(build({}, { tensors }))
  assert.deepEqual([codes, facts.tensors[0]?.packed, facts.tensors[0]?.type], [[], 'typed', 'type 17'])
})

test('tfliteReader.read() of a file cut anywhere is never full without an anomaly', () => {
  const whole = withBuffersBehind()
  for (let length = 8; length < whole.length; length++) {
    const { facts, codes } = read(whole.subarray(0, length))
    assert.ok(facts.reading !== 'full' || codes.length > 0, `cut to ${length}`)
  }
})

test('tfliteReader.read() of mutated files throws nothing but Fault and reads nothing outside', () => {
  const whole = withBuffersBehind()
  const mutation = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) })
  const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (mutations) => {
    const bytes = Uint8Array.from(whole)
    for (const { at, byte } of mutations) bytes[at] = byte
    try {
      read(bytes)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  })
  fc.assert(property, { numRuns: 1000 })
})

test('tfliteReader.sniff() knows the identifier', () => {
  assert.equal(tfliteReader.sniff(glimpse(build())), 'magic')
  assert.equal(tfliteReader.sniff(glimpse(Buffer.from('TFL3'), 'a.tflite')), 'name')
  assert.equal(tfliteReader.sniff(glimpse(Buffer.from('TFL3'))), null)
})

/** A zip whose offsets count from the start of the file that it stands at the end of. */
function zipAt(prefix: number, ...members: readonly (readonly [name: string, content: string])[]): Uint8Array {
  const zip = writeZip(members.map(([name, content]) => ({ name, data: content })))
  const end = zip.length - 22
  for (let at = zip.readUInt32LE(end + 16); at < end; at += 46 + zip.readUInt16LE(at + 28))
    zip.writeUInt32LE(zip.readUInt32LE(at + 42) + prefix, at + 42)
  zip.writeUInt32LE(zip.readUInt32LE(end + 16) + prefix, end + 16)
  return zip
}

test('tfliteReader.read() reads the files that belong to a model from the zip at its end', () => {
  const model = build()
  const file = Buffer.concat([model, zipAt(model.length, ['labels.txt', 'oak\n'], ['run.sh', '#!/bin/sh\n'])])
  const { facts, codes, accounting, members } = readBytes(tfliteReader, file, { readers: READERS })
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
  assert.deepEqual(
    members.map(({ path, format }) => [path, format]),
    [
      ['model.bin!/labels.txt', 'text'],
      ['model.bin!/run.sh', 'shell-script'],
    ],
  )
  assert.deepEqual(sniff(glimpse(file, 'a.tflite'), READERS).anomalies, [])
})

test('tfliteReader.read() reads the empty zip that some writers put at the end', () => {
  const model = build()
  const { facts, codes, accounting } = read(Buffer.concat([model, zipAt(model.length)]))
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
})

test('tfliteReader.read() leaves anything else at the end to the accounting', () => {
  assert.equal(read(Buffer.concat([build(), Buffer.from('payload')])).accounting.complete, false)
})
