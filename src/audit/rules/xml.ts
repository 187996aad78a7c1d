/** TW-CFG, third part: XML. */
import type { Rule } from '../rule.ts'

const OVER = ['xml', 'openvino', 'pmml'] as const

/** See the module. */
export const XML_RULES: readonly Rule[] = [
  {
    id: 'TW-CFG-10',
    title: 'An XML file declares a document type',
    grade: 'major',
    basis: 'exploit',
    cwe: 611,
    atlas: 'AML.T0025',
    sentence: 'XML external entity.',
    meaning:
      'A document type can name files and addresses that a careless reader opens and copies into the content, and can make a few bytes expand to gigabytes. No model format needs one.',
    remedy: 'Ask the vendor for a file without a document type.',
    seen: 'The whole file, by a reader that knows no entities but those of XML itself.',
    related: [],
    over: OVER,
    anomalies: ['xml-doctype'],
  },
  {
    id: 'TW-CFG-14',
    title: 'An XML file is not well-formed',
    grade: 'minor',
    basis: 'capability',
    cwe: 20,
    atlas: 'AML.T0076',
    sentence: 'Malformed XML, or XML of another format than the name says.',
    meaning:
      'Readers stop at it, pass over it or guess. What could not be read is inconclusive; what could be read was read.',
    remedy: 'Ask the vendor for a well-formed file; the message says where it breaks.',
    seen: 'The whole file, read strictly.',
    related: [],
    over: OVER,
    anomalies: ['xml-document-type', 'xml-syntax', 'xml-encoding', 'xml-root', 'xml-instruction', 'ovn-weights'],
  },
]
