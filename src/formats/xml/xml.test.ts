import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FormatReader } from '../reader.ts'
import { ANOMALIES, type XmlAnomaly } from './anomalies.ts'
import { xmlHead } from './head.ts'
import { xmlReader } from './index.ts'
import { attributeOf, walkXml, type XmlElement } from './walk.ts'

let elements: XmlElement[] = []
let texts = ''
const reader: FormatReader = {
  ...xmlReader,
  read(request) {
    elements = []
    texts = ''
    const facts = new FactCollector<XmlAnomaly>(request, 'xml', ANOMALIES)
    walkXml(request, facts, { open: (element) => elements.push(element), text: (piece) => (texts += piece) })
    return facts.finish()
  },
}

function read(xml: string | Uint8Array): BytesRead {
  return readBytes(reader, Buffer.from(xml), { limits: { items: 1000 } })
}

test('walkXml() gives elements with their attributes, and texts', () => {
  const { facts, codes, accounting } = read(
    '<?xml version="1.0"?>\n<!-- oak -->\n<a __proto__="1" b="&lt;&#x41;">x<c/>y</a>\n',
  )
  assert.deepEqual([facts.reading, codes, accounting.complete, texts.trim()], ['full', [], true, 'xy'])
  assert.deepEqual(
    elements.map(({ name, depth }) => [name, depth]),
    [
      ['a', 0],
      ['c', 1],
    ],
  )
  const [root] = elements as [XmlElement]
  assert.deepEqual(
    [attributeOf(root, 'b'), attributeOf(root, '__proto__'), attributeOf(root, 'c')],
    ['<A', '1', undefined],
  )
})

const BOMB = '<!DOCTYPE a [<!ENTITY x "yy"><!ENTITY z "&x;&x;">]><a>&z;</a>'
const CASES: readonly (readonly [code: XmlAnomaly, what: string, xml: string | Uint8Array])[] = [
  ['xml-doctype', 'an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hosts">]><a>&x;</a>'],
  ['xml-doctype', 'an entity of entities', BOMB],
  ['xml-doctype', 'a document type alone', '<!DOCTYPE a SYSTEM "http://example.net/a.dtd"><a/>'],
  ['xml-syntax', 'an entity that is not there', '<a>&x;</a>'],
  ['xml-syntax', 'an element that is not closed', '<a><b></a>'],
  ['xml-syntax', 'two roots', '<a/><a/>'],
  ['xml-syntax', 'an attribute twice', '<a b="1" b="2"/>'],
  ['xml-syntax', 'nothing but text', 'oak'],
  ['xml-encoding', 'another encoding', '<?xml version="1.0" encoding="UTF-16"?><a/>'],
  ['xml-encoding', 'bytes that are no UTF-8', Uint8Array.of(0x3c, 0xff, 0x3e)],
]

for (const [code, what, xml] of CASES) {
  test(`walkXml() notes ${code} for ${what}`, () => {
    const { codes, facts } = read(xml)
    assert.deepEqual([codes, facts.reading], [[code], 'unread'])
  })
}

test('walkXml() notes an instruction and goes on', () => {
  const { codes, facts } = read('<?xml-stylesheet href="x.xsl"?><a/>')
  assert.deepEqual([codes, facts.reading, elements.length], [['xml-instruction'], 'full', 1])
})

test('ANOMALIES of xml are each noted by a case of these tests', () => {
  const tested = new Set<string>([...CASES.map(([code]) => code), 'xml-instruction', 'xml-root', 'xml-document-type'])
  assert.deepEqual(
    ANOMALIES.map(({ code }) => code).filter((code) => !tested.has(code)),
    [],
  )
})

test('walkXml() goes only so deep, and spends the budget on elements', () => {
  assert.throws(() => read(`${'<a>'.repeat(500)}${'</a>'.repeat(500)}`), { code: 'budget-depth' })
  assert.throws(() => read(`<a>${'<b/>'.repeat(2000)}</a>`), { code: 'budget-items' })
})

test('walkXml() of cut, mutated and random texts throws nothing but Fault', () => {
  const whole = '<?xml version="1.0"?><net name="oak"><layer id="1" type="Relu">&amp;<![CDATA[x]]></layer></net>'
  for (let length = 0; length < whole.length - 1; length++)
    assert.notEqual(read(whole.slice(0, length)).facts.reading, 'full')
  const readOrFault = (xml: string): void => {
    try {
      read(xml)
    } catch (thrown) {
      if (!isFault(thrown)) throw thrown
    }
  }
  fc.assert(
    fc.property(fc.nat(whole.length), fc.string({ maxLength: 6 }), (at, more) =>
      readOrFault(whole.slice(0, at) + more + whole.slice(at)),
    ),
    { numRuns: 500 },
  )
  const markup = fc.array(fc.constantFrom('<', '>', '/', '!', '[', ']', '?', '&', ';', '"', '=', 'a', ' ', '-'))
  fc.assert(
    fc.property(markup, (parts) => readOrFault(parts.join(''))),
    { numRuns: 500 },
  )
})

test('xmlHead() sees the root behind what may stand before it', () => {
  const head = xmlHead('net', 'version|name')
  const sees = (xml: string): boolean => head(glimpse(Buffer.from(xml)))
  assert.ok(sees('<?xml version="1.0"?>\n<!-- a --><net name="x" version="11">'))
  assert.ok(sees('<!DOCTYPE net [<!ENTITY x SYSTEM "file:///etc/hosts">]>\n<net version="11">'))
  assert.ok(!sees('<network name="x">') && !sees('<net>') && !sees('<a><net name="x">'))
})

test('xmlReader tells a document type that is only named from one that declares something', () => {
  const named = '<!DOCTYPE plist PUBLIC "-//Oak//DTD 1.0//EN" "http://example.net/oak.dtd"><plist/>'
  assert.deepEqual(readBytes(xmlReader, Buffer.from(named)).codes, ['xml-document-type'])
  const declaring = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hosts">]><a>&x;</a>'
  assert.deepEqual(readBytes(xmlReader, Buffer.from(declaring)).codes, ['xml-doctype'])
})

test('xmlReader understands no content, and knows the form', () => {
  const { facts, codes } = readBytes(xmlReader, Buffer.from('<settings/>'))
  assert.deepEqual([facts.reading, codes], ['recognised', []])
  assert.equal(xmlReader.sniff(glimpse(Buffer.from(' <a/>'), 'a.xml')), 'structure')
  assert.equal(xmlReader.sniff(glimpse(Buffer.from('oak'), 'a.xml')), 'name')
  assert.equal(xmlReader.sniff(glimpse(Buffer.from('<a/>'), 'a.txt')), null)
})
