/**
 * Formats that are recognised at head and tail and not read in this version: inconclusive, whatever they are.
 */
import type { FileFacts } from '../facts.ts'
import { AnomalyList } from '../anomaly-list.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { ANOMALIES, type RecognisedAnomaly } from './anomalies.ts'
import { ANOMALY_OF_KIND, type RecognisedFormat } from './recognised-format.ts'
import { recognise, RECOGNISED_FORMATS } from './recognise.ts'

export { recognise, RECOGNISED_FORMATS, type Recognition } from './recognise.ts'
export type { RecognisedFormat, RecognisedKind } from './recognised-format.ts'

function describe(format: RecognisedFormat, { path, source }: ReadRequest): FileFacts {
  const anomalies = new AnomalyList<RecognisedAnomaly>(ANOMALIES)
  const code = ANOMALY_OF_KIND[format.kind]
  if (code !== undefined) anomalies.add(code, `${format.title}: ${format.danger}`, { locus: 'file' })
  return {
    path,
    size: source.size,
    format: format.id,
    reading: 'recognised',
    reason: `${format.title}: recognised, not read in this version, so never cleared`,
    tensors: [],
    references: [],
    anomalies: anomalies.toArray(),
    metadata: [
      { key: 'recognised.title', type: 'string', value: format.title },
      { key: 'recognised.kind', type: 'string', value: format.kind },
      { key: 'recognised.danger', type: 'string', value: format.danger },
    ],
    claims: source.size === 0 ? [] : [{ from: 0, to: source.size, role: 'opaque' }],
  }
}

function makeReader(format: RecognisedFormat): FormatReader {
  return {
    format: format.id,
    title: format.title,
    version: 1,
    extensions: format.extensions,
    sniff: (glimpse) => recognise(glimpse).find((one) => one.format === format)?.confidence ?? null,
    read: (request) => describe(format, request),
  }
}

/** One reader for each format of {@link RECOGNISED_FORMATS}. */
export const recognisedReaders: readonly FormatReader[] = RECOGNISED_FORMATS.map(makeReader)
