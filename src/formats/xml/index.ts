/**
 * XML of no format that is known: held against the rules of XML, and otherwise not understood.
 */
import { FactCollector } from '../fact-collector.ts'
import { firstByteIsOneOf } from '../glimpse.ts'
import type { FormatReader } from '../reader.ts'
import { ANOMALIES, type XmlAnomaly } from './anomalies.ts'
import { walkXml } from './walk.ts'

const REASON = 'XML of a format that is not known, so that nobody can say what its content does'

/** See the module. */
export const xmlReader: FormatReader = {
  format: 'xml',
  title: 'XML',
  version: 1,
  extensions: ['.xml'],
  sniff: (glimpse) => {
    if (!glimpse.path.toLowerCase().endsWith('.xml')) return null
    return firstByteIsOneOf(glimpse, '<') ? 'structure' : 'name'
  },
  read(request) {
    const facts = new FactCollector<XmlAnomaly>(request, 'xml', ANOMALIES)
    walkXml(request, facts, { open: () => {}, allowsDocumentType: true })
    return facts.finish({ reading: 'recognised', reason: REASON })
  },
}
