import assert from 'node:assert/strict'
import { test } from 'node:test'
import { glimpse, readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { pmmlReader } from '../pmml/index.ts'
import { ANOMALIES, type OpenvinoAnomaly } from './anomalies.ts'
import { openvinoReader } from './index.ts'

/** A graph as OpenVINO writes it, with these layers. */
function graph(...layers: readonly string[]): Buffer {
  return Buffer.from(
    `<?xml version="1.0"?>\n<net name="oak" version="11">\n<layers>${layers.join('\n')}</layers>\n</net>\n`,
  )
}

const CONSTANT = `<layer id="0" name="w" type="Const" version="opset1">
  <data element_type="f32" shape="4, 3" offset="0" size="48" />
  <output><port id="0" precision="FP32"><dim>4</dim><dim>3</dim></port></output>
</layer>`

function read(bytes: Uint8Array): BytesRead {
  return readBytes(openvinoReader, bytes)
}

test('openvinoReader.read() reads a graph of layers that OpenVINO has', () => {
  const { facts, codes, accounting } = read(graph(CONSTANT, '<layer id="1" name="r" type="Relu" version="opset1"/>'))
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
  assert.deepEqual(
    facts.metadata.map(({ key, value }) => [key, value]),
    [
      ['name', 'oak'],
      ['version', '11'],
      ['layers', ['Const 1', 'Relu 1']],
    ],
  )
})

const CASES: readonly (readonly [code: OpenvinoAnomaly, what: string, bytes: Uint8Array])[] = [
  ['ovn-custom-layer', 'a layer of an extension', graph('<layer id="0" name="x" type="Run" version="extension"/>')],
  ['ovn-weights', 'a place beyond all numbers', graph('<layer type="Const"><data offset="-4" size="48"/></layer>')],
]
for (const [code, what, bytes] of CASES)
  test(`openvinoReader.read() notes ${code} for ${what}`, () => assert.deepEqual(read(bytes).codes, [code]))

test('ANOMALIES of openvino are each noted by a case of these tests', () => {
  assert.deepEqual(
    ANOMALIES.map(({ code }) => code),
    CASES.map(([code]) => code),
  )
})

test('openvinoReader.read() refuses a document type, and another root', () => {
  const hostile = '<!DOCTYPE net [<!ENTITY x SYSTEM "file:///etc/hosts">]>\n<net name="&x;" version="11"/>'
  assert.deepEqual(read(Buffer.from(hostile)).codes, ['xml-doctype'])
  assert.equal(openvinoReader.sniff(glimpse(Buffer.from(hostile))), 'structure')
  assert.deepEqual(read(Buffer.from('<other/>')).codes, ['xml-root'])
})

const PMML = `<?xml version="1.0" encoding="UTF-8"?>
<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header><Application name="oak" version="1"/></Header>
<DataDictionary><DataField name="x" optype="continuous" dataType="double"/></DataDictionary>
<TreeModel functionName="regression"><Node score="1"><True/></Node></TreeModel></PMML>`

test('pmmlReader.read() reads what is modelled, from which fields, and by which program', () => {
  const { facts, codes, accounting } = readBytes(pmmlReader, Buffer.from(PMML))
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
  assert.deepEqual(
    facts.metadata.map(({ key, value }) => [key, value]),
    [
      ['version', '4.4'],
      ['application', 'oak'],
      ['application.version', '1'],
      ['models', ['TreeModel']],
      ['fields', ['x']],
    ],
  )
})

test('pmmlReader.read() refuses a document type, another root and a file that is cut', () => {
  const hostile = PMML.replace('<PMML', '<!DOCTYPE PMML [<!ENTITY x SYSTEM "file:///etc/hosts">]><PMML')
  assert.deepEqual(readBytes(pmmlReader, Buffer.from(hostile)).codes, ['xml-doctype'])
  assert.equal(pmmlReader.sniff(glimpse(Buffer.from(hostile), 'a.xml')), 'structure')
  assert.deepEqual(readBytes(pmmlReader, Buffer.from('<net/>')).codes, ['xml-root'])
  for (let length = 40; length < PMML.length; length += 5)
    assert.notEqual(readBytes(pmmlReader, Buffer.from(PMML.slice(0, length))).facts.reading, 'full')
})

test('openvinoReader.sniff() and pmmlReader.sniff() know their roots', () => {
  assert.equal(openvinoReader.sniff(glimpse(graph())), 'structure')
  assert.equal(openvinoReader.sniff(glimpse(Buffer.from(PMML))), null)
  assert.equal(pmmlReader.sniff(glimpse(Buffer.from(PMML))), 'structure')
  assert.equal(pmmlReader.sniff(glimpse(graph())), null)
  assert.equal(pmmlReader.sniff(glimpse(Buffer.from('oak'), 'a.pmml')), 'name')
})
