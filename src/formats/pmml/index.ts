/**
 * PMML: models of statistics as XML.
 *
 * Source: the PMML 4.4 schema of the Data Mining Group.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { quoteName } from '../names.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { ANOMALIES, type XmlAnomaly } from '../xml/anomalies.ts'
import { xmlHead } from '../xml/head.ts'
import { attributeOf, walkXml, type XmlElement } from '../xml/walk.ts'

const HEAD = xmlHead('PMML')
const MODEL = /(?:Model|Network|Machine|Scorecard|RuleSet)$/
const MOST_NAMES = 64

type Facts = FactCollector<XmlAnomaly>

interface Found {
  readonly models: string[]
  readonly fields: string[]
}

function open(facts: Facts, found: Found, element: XmlElement): void {
  const { name, depth } = element
  if (depth === 0) {
    if (name !== 'PMML') facts.anomalies.add('xml-root', `the root is ${quoteName(name)}`, { locus: 'root' })
    addText(facts, 'version', attributeOf(element, 'version'))
  }
  if (name === 'Application') {
    addText(facts, 'application', attributeOf(element, 'name'))
    addText(facts, 'application.version', attributeOf(element, 'version'))
  }
  if (depth === 1 && MODEL.test(name) && found.models.length < MOST_NAMES) found.models.push(name.toWellFormed())
  if (name === 'DataField' && found.fields.length < MOST_NAMES)
    found.fields.push((attributeOf(element, 'name') ?? '').slice(0, 200).toWellFormed())
}

function addText(facts: Facts, key: string, value: string | undefined): void {
  if (value !== undefined) facts.metadata({ key, type: 'string', value: value.slice(0, 4096).toWellFormed() })
}

function read(request: ReadRequest): FileFacts {
  const facts: Facts = new FactCollector(request, 'pmml', ANOMALIES)
  const found: Found = { models: [], fields: [] }
  walkXml(request, facts, { open: (element) => open(facts, found, element) })
  facts.metadata({ key: 'models', type: 'array<string>', value: found.models })
  facts.metadata({ key: 'fields', type: 'array<string>', value: found.fields })
  return facts.finish()
}

/** See the module. */
export const pmmlReader: FormatReader = {
  format: 'pmml',
  title: 'PMML',
  version: 1,
  extensions: ['.pmml', '.xml'],
  sniff: (glimpse) => {
    if (HEAD(glimpse)) return 'structure'
    return /\.pmml$/i.test(glimpse.path) ? 'name' : null
  },
  read,
}
