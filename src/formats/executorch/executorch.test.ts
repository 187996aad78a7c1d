import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { buildFlat, type FlatRecord } from '../../testing/flatbuffer.ts'
import { glimpse, readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { ANOMALIES, type ExecutorchAnomaly } from './anomalies.ts'
import { executorchReader } from './index.ts'
import { FLAT_TENSOR_SCHEMA, PROGRAM_SCHEMA } from './schema.ts'

const VECTORS = new Map(
  (
    JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as { name: string; base64: string }[]
  ).map(({ name, base64 }) => [name, Buffer.from(base64, 'base64')]),
)

function vector(name: string): Buffer {
  return VECTORS.get(name) ?? assert.fail(name)
}

function read(bytes: Uint8Array): BytesRead {
  return readBytes(executorchReader, bytes)
}

const WEIGHTS = new Uint8Array(48).fill(0x3f)
const TENSOR = { scalarType: 6, sizes: [4, 3], dimOrder: [0, 1], dataBufferIdx: 1 }
const CALL = ['KernelCall', { opIndex: 0, args: [0] }] as const

/** A program of one constant and one instruction, changed. */
function build(changes: FlatRecord = {}, plan: FlatRecord = {}): Uint8Array {
  const forward = {
    name: 'forward',
    values: [{ val: ['Tensor', TENSOR] }],
    operators: [{ name: 'aten::relu', overload: 'out' }],
    chains: [{ instructions: [{ instrArgs: CALL }] }],
    ...plan,
  }
  const value = { executionPlan: [forward], constantBuffer: [{}, { storage: WEIGHTS }], ...changes } as FlatRecord
  return buildFlat({ schema: PROGRAM_SCHEMA, root: 'Program', value, identifier: 'ET12' })
}

function withTensor(changes: FlatRecord): Uint8Array {
  return build({}, { values: [{ val: ['Tensor', { ...TENSOR, ...changes }] }] })
}

function withDelegate(data: Uint8Array): Uint8Array {
  const delegates = [{ id: 'Backend', processed: { location: 0, index: 0 } }]
  return build({ backendDelegateData: [{ data }] }, { delegates })
}

test('executorchReader.read() reads the tensors of a program where they lie', () => {
  for (const name of ['a dense layer', 'a dense layer with stack traces']) {
    const { facts, codes, accounting } = read(vector(name))
    assert.deepEqual([facts.reading, codes, accounting], ['full', [], { complete: true, anomalies: [] }], name)
    assert.deepEqual(
      facts.tensors.map(({ type, shape, length }) => [type, shape, length]),
      [
        ['F32', [4, 3], 48],
        ['F32', [4], 16],
      ],
    )
  }
})

test('executorchReader.read() finds weights that were put into a data file under their names', () => {
  const program = read(vector('a program with its weights elsewhere')).facts
  const data = read(vector('the weights of that program'))
  assert.deepEqual(
    [program.reading, program.references.map(({ target }) => target).toSorted()],
    ['full', ['dense.bias', 'dense.weight']],
  )
  assert.deepEqual([data.facts.reading, data.codes, data.accounting.complete], ['full', [], true])
  assert.deepEqual(data.facts.tensors.map(({ name }) => name).toSorted(), ['dense.bias', 'dense.weight'])
  const inside = read(vector('a dense layer')).facts.tensors.map(({ offset, length }) =>
    vector('a dense layer').toString('hex', offset, offset + length),
  )
  const outside = data.facts.tensors.map(({ offset, length }) =>
    vector('the weights of that program').toString('hex', offset, offset + length),
  )
  assert.deepEqual(outside.toSorted(), inside.toSorted())
})

test('executorchReader.read() leaves what a delegate carries unread', () => {
  const { facts, codes, accounting } = read(vector('a delegate'))
  assert.deepEqual([facts.reading, codes, accounting.complete], ['listed', [], true])
  assert.match(facts.reason ?? '', /XnnpackBackend/)
})

/** The first dense layer with bytes of its extended header overwritten. */
function withHeader(at: number, ...bytes: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(vector('a dense layer'))
  copy.set(bytes, at)
  return copy
}

const CASES: readonly (readonly [code: ExecutorchAnomaly, what: string, bytes: Uint8Array])[] = [
  ['pte-header', 'a header longer than the file', withHeader(12, 0xff, 0xff)],
  ['pte-header', 'segments before the end of the program', withHeader(24, 8)],
  ['pte-header', 'a program beyond all numbers', withHeader(16, ...Array<number>(8).fill(0xff))],
  ['pte-segment', 'a segment behind the end', build({ segments: [{ offset: 1e9, size: 4 }] })],
  ['pte-segment', 'a segment over the program', build({ segments: [{ offset: 8, size: 4 }] })],
  ['pte-segment', 'a segment beyond all numbers', build({ segments: [{ offset: 2n ** 63n, size: 4 }] })],
  ['pte-index', 'a constant that is not there', withTensor({ dataBufferIdx: 9 })],
  ['pte-index', 'an operator that is not there', build({}, { operators: [] })],
  ['pte-index', 'a value that is not there', build({}, { values: [] })],
  [
    'pte-index',
    'a delegate without data',
    build({}, { delegates: [{ id: 'x', processed: { location: 1, index: 3 } }] }),
  ],
  ['pte-tensor-size', 'a shape of more bytes', withTensor({ sizes: [4, 4] })],
  ['pte-tensor-size', 'a negative dimension', withTensor({ sizes: [-4, -3] })],
  ['pte-custom-operator', 'an operator of the application', build({}, { operators: [{ name: 'mine::run' }] })],
  ['pte-native-library', 'a delegate that is a library', withDelegate(Buffer.from('\x7fELF\x02\x01\x01', 'latin1'))],
]

for (const [code, what, bytes] of CASES) {
  test(`executorchReader.read() notes ${code} for ${what}`, () => {
    const { codes, facts } = read(bytes)
    assert.ok(codes.includes(code), `noted: ${codes.join(', ')}`)
    if (ANOMALIES.some((one) => one.code === code && 'breaks' in one)) assert.equal(facts.reading, 'unread')
  })
}

test('ANOMALIES of executorch are each noted by a case of these tests', () => {
  const tested = new Set<string>(CASES.map(([code]) => code))
  assert.deepEqual(
    ANOMALIES.map(({ code }) => code).filter((code) => !tested.has(code)),
    [],
  )
})

test('executorchReader.read() notes nothing for a program that only resembles those', () => {
  const { codes, facts } = read(build())
  assert.deepEqual([facts.reading, codes, facts.tensors[0]?.length], ['full', [], 48])
  assert.deepEqual(read(withDelegate(Buffer.from('plain data'))).codes, [])
  assert.equal(read(withTensor({ dimOrder: [1, 0] })).facts.tensors[0]?.packed, 'strided')
  assert.equal(read(withTensor({ scalarType: 16 })).facts.tensors[0]?.packed, 'typed')
})

test('executorchReader.read() notes a data file whose names point nowhere', () => {
  const value = { namedData: [{ key: 'w', segmentIndex: 4, tensorLayout: { scalarType: 6, sizes: [1] } }] }
  const bytes = buildFlat({ schema: FLAT_TENSOR_SCHEMA, root: 'FlatTensor', value, identifier: 'FT01' })
  assert.deepEqual(read(bytes).codes, ['pte-index'])
})

test('executorchReader.read() of a file cut anywhere is never full without an anomaly', () => {
  const whole = vector('a dense layer')
  for (let length = 8; length < whole.length; length++) {
    const { facts, codes, accounting } = read(whole.subarray(0, length))
    assert.ok(facts.reading !== 'full' || codes.length > 0 || !accounting.complete, `cut to ${length}`)
  }
})

test('executorchReader.read() of mutated files throws nothing but Fault and reads nothing outside', () => {
  for (const whole of VECTORS.values()) {
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
    fc.assert(property, { numRuns: 300 })
  }
})

test('executorchReader.sniff() knows programs and data files', () => {
  assert.equal(executorchReader.sniff(glimpse(vector('a dense layer'))), 'magic')
  assert.equal(executorchReader.sniff(glimpse(vector('the weights of that program'))), 'magic')
  assert.equal(executorchReader.sniff(glimpse(Buffer.from('oak'), 'a.pte')), 'name')
  assert.equal(executorchReader.sniff(glimpse(Buffer.from('oak'), 'a.pt')), null)
})
