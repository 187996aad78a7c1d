/**
 * OpenVINO graphs (IR): XML that names layers, beside which a file of weights lies.
 *
 * Source: OpenVINO documentation, "OpenVINO IR format"; operator sets up to 16.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { quoteName } from '../names.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { ANOMALIES as XML, type XmlAnomaly } from '../xml/anomalies.ts'
import { attributeOf, walkXml, type XmlElement } from '../xml/walk.ts'
import { xmlHead } from '../xml/head.ts'
import { ANOMALIES, type OpenvinoAnomaly } from './anomalies.ts'

/** Sets of operators that are part of OpenVINO; graphs before version 10 name none. */
const OWN_SET = /^(?:opset\d{1,2}|experimental|ie_internal_opset|legacy|util)$/
const HEAD = xmlHead('net', 'version|batch|name')

interface Graph {
  readonly facts: FactCollector<OpenvinoAnomaly | XmlAnomaly>
  readonly layers: Map<string, number>
}

function takeLayer({ facts, layers }: Graph, element: XmlElement): void {
  const type = attributeOf(element, 'type') ?? ''
  const set = attributeOf(element, 'version')
  const name = set === undefined || OWN_SET.test(set) ? type : `${set}.${type}`
  const known = layers.get(name) ?? 0
  layers.set(name, known + 1)
  if (name === type || known > 0) return
  const locus = `layer ${quoteName(attributeOf(element, 'name') ?? '')}`
  facts.reference({ kind: 'class', target: name.toWellFormed(), locus })
  facts.anomalies.add('ovn-custom-layer', `the layer ${quoteName(type)} is of the set ${quoteName(set ?? '')}`, {
    locus,
  })
}

function takeData({ facts }: Graph, element: XmlElement): void {
  const places = ['offset', 'size'].flatMap((name) => attributeOf(element, name) ?? [])
  if (places.length === 2 && !places.every((place) => /^\d{1,15}$/.test(place)))
    facts.anomalies.add('ovn-weights', `offset and size are ${places.map((place) => quoteName(place)).join(' and ')}`, {
      locus: `character ${element.offset}`,
    })
}

function open(graph: Graph, element: XmlElement): void {
  const { facts } = graph
  if (element.depth > 0) {
    if (element.name === 'layer') takeLayer(graph, element)
    if (element.name === 'data') takeData(graph, element)
    return
  }
  if (element.name !== 'net')
    facts.anomalies.add('xml-root', `the root is ${quoteName(element.name)}`, { locus: 'root' })
  for (const key of ['name', 'version']) {
    const value = attributeOf(element, key)
    if (value !== undefined) facts.metadata({ key, type: 'string', value: value.slice(0, 4096).toWellFormed() })
  }
}

function read(request: ReadRequest): FileFacts {
  const facts: Graph['facts'] = new FactCollector(request, 'openvino', [...ANOMALIES, ...XML])
  const graph: Graph = { facts, layers: new Map() }
  walkXml(request, facts, { open: (element) => open(graph, element) })
  const value = [...graph.layers].map(([name, count]) => `${name.slice(0, 200).toWellFormed()} ${count}`)
  facts.metadata({ key: 'layers', type: 'array<string>', value: value.slice(0, 256), count: value.length })
  return facts.finish()
}

/** See the module. */
export const openvinoReader: FormatReader = {
  format: 'openvino',
  title: 'OpenVINO graph',
  version: 1,
  extensions: ['.xml'],
  sniff: (glimpse) => (HEAD(glimpse) ? 'structure' : null),
  read,
}
