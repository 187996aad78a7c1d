import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBytes } from '../../testing/read-bytes.ts'
import { onnxReader } from './index.ts'
import vectors from './vectors.json' with { type: 'json' }

for (const [name, text] of Object.entries(vectors.files)) {
  test(`onnxReader.read() reads ${name} of onnx ${vectors.onnx} in full`, () => {
    const bytes = Buffer.from(text, 'base64')
    const { facts, codes, accounting } = readBytes(onnxReader, bytes, { path: 'model.onnx' })
    assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true], JSON.stringify(facts.anomalies))
  })
}

test('onnxReader.read() finds a tensor of every element type that onnx writes', () => {
  const { facts } = readBytes(onnxReader, Buffer.from(vectors.files.types, 'base64'))
  assert.equal(facts.tensors.length, 28)
  assert.deepEqual(
    facts.tensors.filter(({ packed }) => packed === undefined).map(({ type }) => type),
    ['F32', 'F64', 'C64', 'C128'],
  )
})
