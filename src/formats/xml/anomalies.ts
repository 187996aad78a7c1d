/**
 * What can be wrong with the XML of any format: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. `format` is `xml`: every reader of XML files notes them. */
export const ANOMALIES = [
  {
    code: 'xml-doctype',
    format: 'xml',
    breaks: true,
    meaning: 'The file declares a document type, through which a reader can be made to open files and addresses.',
  },
  {
    code: 'xml-document-type',
    format: 'xml',
    breaks: true,
    meaning: 'The file names a document type and declares no entity; what else the type says is not read.',
  },
  { code: 'xml-syntax', format: 'xml', breaks: true, meaning: 'The file is not one well-formed XML document.' },
  { code: 'xml-encoding', format: 'xml', breaks: true, meaning: 'The file is not UTF-8, or says that it is not.' },
  { code: 'xml-root', format: 'xml', breaks: true, meaning: 'The root element is not that of the format.' },
  {
    code: 'xml-instruction',
    format: 'xml',
    meaning: 'A processing instruction, which makes some programs load a style sheet or run a script.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type XmlAnomaly = (typeof ANOMALIES)[number]['code']
