/** skops: scikit-learn models as a zip of a JSON schema and arrays. */
import type { FormatReader } from '../reader.ts'
import { zipHolding } from '../recognised/zip-names.ts'
import { readSkops } from './read.ts'

const holdsSchema = zipHolding(/^schema\.json$/)

/** See the module. */
export const skopsReader: FormatReader = {
  format: 'skops',
  title: 'skops model',
  version: 1,
  extensions: ['.skops'],
  specialises: 'zip',
  sniff: (glimpse) => (holdsSchema(glimpse) ? 'magic' : null),
  read: readSkops,
}
