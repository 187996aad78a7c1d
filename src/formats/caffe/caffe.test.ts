import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rawField } from '../../testing/protobuf.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import type { FormatReader } from '../reader.ts'
import { caffeReaders } from './index.ts'

function readerOf(format: string): FormatReader {
  return caffeReaders.find((reader) => reader.format === format) ?? assert.fail(format)
}

const text = (number: number, value: string): Buffer => rawField(number, 2, Buffer.from(value))
const message = (number: number, ...parts: readonly Buffer[]): Buffer => rawField(number, 2, Buffer.concat(parts))
const floats = Buffer.alloc(8, 1)
const blob = message(7, message(7, rawField(1, 2, Buffer.from([2]))), rawField(5, 2, floats))
const layer = (type: string, ...more: readonly Buffer[]): Buffer => message(100, text(1, 'l'), text(2, type), ...more)
const net = (...parts: readonly Buffer[]): Buffer => Buffer.concat([text(1, 'net'), ...parts])

test('caffeReaders list the layers of a network and find its weights', () => {
  const { facts, codes, accounting } = readBytes(readerOf('caffe'), net(layer('InnerProduct', blob)))
  assert.deepEqual([facts.reading, codes, accounting.complete], ['listed', [], true])
  assert.deepEqual(
    facts.tensors.map(({ name, shape, length, type }) => [name, shape, length, type]),
    [['l.0', [2], 8, 'F32']],
  )
})

test('caffeReaders note a layer of Python, as a message and as text', () => {
  const python = net(layer('Python', message(130, text(1, 'os'), text(2, 'system'))))
  assert.deepEqual(readBytes(readerOf('caffe'), python).codes, ['net-python'])
  const prototxt = (body: string): readonly string[] =>
    readBytes(readerOf('caffe-text'), Buffer.from(body), { path: 'a.prototxt' }).codes
  assert.deepEqual(prototxt('layer { type: "Pyth" "on" python_param { module: "os" } }'), ['net-python'])
  assert.deepEqual(prototxt('layer { type: "InnerProduct" name: "Python" }'), [])
})

test('caffeReaders note operators of Caffe2 that call Python or work on files', () => {
  const operator = (type: string): Buffer => message(2, text(1, 'in'), text(2, 'out'), text(4, type))
  const reader = readerOf('caffe2')
  assert.deepEqual(readBytes(reader, net(operator('FC'))).codes, [])
  assert.deepEqual(readBytes(reader, net(operator('Python'))).codes, ['net-python'])
  assert.deepEqual(readBytes(reader, net(operator('Save'))).codes, ['net-file'])
  assert.equal(reader.sniff(glimpse(net(operator('FC')), 'predict_net.pb')), 'structure')
  assert.equal(reader.sniff(glimpse(Buffer.from('words'), 'predict_net.pb')), null)
})

test('caffeReaders never read a network in full', () => {
  for (const bytes of [net(), net(layer('ReLU')), net(layer('ReLU')).subarray(0, 9)])
    assert.notEqual(readBytes(readerOf('caffe'), bytes).facts.reading, 'full')
})
