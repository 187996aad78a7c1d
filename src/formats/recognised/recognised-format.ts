/**
 * One format that is recognised and not read.
 *
 * The table of these formats is data: what a file is, what the bytes at its head and tail must be, and what can
 * happen to whoever loads it. Nothing here reads a file, so nothing here can say that a file is harmless.
 */
import type { Glimpse } from '../reader.ts'
import type { RecognisedAnomaly } from './anomalies.ts'

/** What kind of thing a file is, as far as the policy cares. */
export type RecognisedKind =
  | 'model' // weights or a graph that only describes data
  | 'code-model' // a model whose usual loader runs code that the file carries
  | 'engine' // compiled or opaque: cannot be inspected
  | 'plugin-engine' // an engine that can bring native libraries along
  | 'archive' // members that are not opened
  | 'executable' // native code, script or bytecode
  | 'data' // a table, an array, an index, a database
  | 'side-file' // an image, sound, film, document, font
  | 'pointer' // stands where another file should be

/** What a sniffer asks of a glimpse. */
export type Predicate = (glimpse: Glimpse) => boolean

/** See the module. */
export interface RecognisedFormat {
  /** Stands in `FileFacts.format`. */
  readonly id: string
  /** For a person. */
  readonly title: string
  readonly kind: RecognisedKind
  /** File name endings that claim it, in lower case, with the dot. */
  readonly extensions: readonly string[]
  /** Unmistakable bytes. */
  readonly magic?: Predicate
  /** The head parses as this format and hardly as anything else. */
  readonly structure?: Predicate
  /** What it can do to whoever loads it, as a sentence. */
  readonly danger: string
}

/** The anomaly that files of a kind are noted with, if any. */
export const ANOMALY_OF_KIND: Readonly<Record<RecognisedKind, RecognisedAnomaly | undefined>> = {
  model: undefined,
  'code-model': 'rec-code-on-load',
  engine: 'rec-opaque',
  'plugin-engine': 'rec-plugin-engine',
  archive: 'rec-archive',
  executable: 'rec-executable',
  data: undefined,
  'side-file': undefined,
  pointer: 'rec-pointer',
}
