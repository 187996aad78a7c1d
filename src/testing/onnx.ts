/**
 * Writes ONNX models for tests: a sound one, and what may be put into it.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onnxReader } from '../formats/onnx/index.ts'
import { ONNX_SCHEMA } from '../formats/onnx/schema.ts'
import { encode, type FieldInput, type Message } from './protobuf.ts'
import { readBytes } from './read-bytes.ts'

/** A value of type float[2]. */
export function valueInfo(name: string): Message {
  const shape: Message = [['dim', [['dim_value', 2]]]]
  const tensor: Message = [
    ['elem_type', 1],
    ['shape', shape],
  ]
  return [
    ['name', name],
    ['type', [['tensor_type', tensor]]],
  ]
}

/** A node. */
export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  more: Message = [],
): Message {
  return [
    ...inputs.map((name) => ['input', name] as const),
    ...outputs.map((name) => ['output', name] as const),
    ['op_type', operator],
    ...more,
  ]
}

/** A float tensor of two elements with raw data. */
export function rawTensor(name: string, changes: Readonly<Record<string, FieldInput>> = {}): Message {
  const fields: Record<string, FieldInput> = { dims: 2, data_type: 1, name, raw_data: Buffer.alloc(8, 1), ...changes }
  return Object.entries(fields)
}

/** A float tensor of two elements whose data lies in another file. */
export function externalTensor(
  name: string,
  entries: readonly (readonly [string, string])[],
  more: Message = [],
): Message {
  const data = entries.map(([key, value]): Message[number] => [
    'external_data',
    [
      ['key', key],
      ['value', value],
    ],
  ])
  return [['dims', 2], ['data_type', 1], ['name', name], ...data, ['data_location', 1], ...more]
}

/** The import of an operator set. */
export function opset(version: number, domain = ''): Message[number] {
  return [
    'opset_import',
    [
      ['domain', domain],
      ['version', version],
    ],
  ]
}

/** A graph that adds `w` to `x`, with more in front of and behind what it has. */
export function graph(more: Message = [], nodes: readonly Message[] = [node('Add', ['x', 'w'], ['y'])]): Message {
  return [
    ...nodes.map((each) => ['node', each] as const),
    ['name', 'g'],
    ['initializer', rawTensor('w')],
    ['input', valueInfo('x')],
    ['output', valueInfo('y')],
    ...more,
  ]
}

/** The bytes of a model: IR version 8, the graph, operator set 17 unless told otherwise. */
export function buildOnnx(
  parts: { readonly graph?: Message; readonly head?: Message; readonly tail?: Message } = {},
): Buffer {
  const { head = [['ir_version', 8]], tail = [opset(17)] } = parts
  return encode(ONNX_SCHEMA, 'ModelProto', [...head, ['graph', parts.graph ?? graph()], ...tail])
}

/** What a model is like, its bytes, and the anomalies that it must have, in the order of the alphabet. */
export type OnnxCase = readonly [about: string, bytes: Uint8Array, codes: readonly string[]]

/** Registers a test for each case: its anomalies are these, and it is full when there are none. */
export function checkOnnxCases(cases: readonly OnnxCase[]): void {
  for (const [about, bytes, expected] of cases) {
    test(`onnxReader.read() notes ${expected.join(' and ') || 'nothing'} of ${about}`, () => {
      const { codes, facts, accounting } = readBytes(onnxReader, bytes, { path: 'm/model.onnx' })
      assert.deepEqual([...codes].toSorted(), expected, JSON.stringify(facts.anomalies))
      assert.ok(accounting.complete || facts.reading !== 'full', 'bytes are left')
      if (expected.length === 0) assert.equal(facts.reading, 'full')
    })
  }
}
