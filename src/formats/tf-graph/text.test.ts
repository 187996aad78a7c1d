import assert from 'node:assert/strict'
import { test } from 'node:test'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { buildGraph, graphDef, nodeDef } from '../../testing/tensorflow.ts'
import { tensorflowReaders } from './index.ts'
import { graphTextReader } from './text.ts'

function codesOf(text: string): readonly string[] {
  const { facts, members, codes } = readBytes(graphTextReader, Buffer.from(text), {
    path: 'g.pbtxt',
    readers: tensorflowReaders,
  })
  assert.equal(facts.reading, 'listed')
  return [...codes, ...members.flatMap(({ anomalies }) => anomalies.map(({ code }) => code))]
}

test('graphTextReader.read() finds operators, in pieces, with escapes and behind comments', () => {
  assert.deepEqual(codesOf('node { name: "a" op: "WriteFile" }'), ['tfg-file'])
  assert.deepEqual(codesOf('node { op: \'Wri\' # not here\n "te\\x46ile" }'), ['tfg-file'])
  assert.deepEqual(codesOf('node { op # comment "NoOp"\n : "Py\\106unc" }'), ['tfg-python'])
  assert.deepEqual(codesOf('node { op: "MatMul" } # op: "WriteFile"'), [])
  assert.deepEqual(codesOf('node { name: "op: \\"WriteFile\\"" op: "NoOp" }'), [])
})

test('graphTextReader.read() reads a graph within a text as a member', () => {
  const bytes = buildGraph(graphDef([nodeDef('w', 'WriteFile')]))
  const escaped = [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
  assert.deepEqual(codesOf(`node { op: "Const" attr { value { tensor { string_val: "${escaped}" } } } }`), ['tfg-file'])
})

test('graphTextReader.sniff() knows a graph as text by what it begins with', () => {
  assert.equal(graphTextReader.sniff(glimpse(Buffer.from('# made by hand\nnode {\n'), 'x')), 'structure')
  assert.equal(graphTextReader.sniff(glimpse(Buffer.from('item { id: 1 }'), 'labels.pbtxt')), 'name')
  assert.equal(graphTextReader.sniff(glimpse(Buffer.from('node of a graph'), 'x.txt')), null)
})
