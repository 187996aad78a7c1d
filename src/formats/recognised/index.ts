/**
 * Formats that are recognised at head and tail and not read in this version: inconclusive, whatever they are.
 */
import type { FormatReader } from '../reader.ts'
import { describe } from './describe.ts'
import type { RecognisedFormat } from './recognised-format.ts'
import { recognise, RECOGNISED_FORMATS } from './recognise.ts'

export { recognise, RECOGNISED_FORMATS, type Recognition } from './recognise.ts'
export type { RecognisedFormat, RecognisedKind } from './recognised-format.ts'

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
