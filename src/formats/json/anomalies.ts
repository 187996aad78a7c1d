/**
 * What can be wrong with the JSON of any Hugging Face file: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. `format` is `json`: every reader of JSON files notes them. */
export const ANOMALIES = [
  { code: 'json-utf8', format: 'json', breaks: true, meaning: 'The file is not UTF-8.' },
  { code: 'json-bom', format: 'json', meaning: 'The file begins with a byte-order mark, at which some readers stop.' },
  { code: 'json-syntax', format: 'json', breaks: true, meaning: 'The file is not one JSON value.' },
  {
    code: 'json-duplicate-key',
    format: 'json',
    meaning: 'A key stands twice in one object; readers differ in which one counts.',
  },
  {
    code: 'json-surrogate',
    format: 'json',
    meaning: 'A string holds half of a surrogate pair, which is no character.',
  },
  {
    code: 'json-non-finite',
    format: 'json',
    meaning: 'NaN or Infinity, which is no JSON and which some readers refuse.',
  },
  {
    code: 'json-root',
    format: 'json',
    breaks: true,
    meaning: 'The value of the file is not of the kind that a file of this name holds.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type JsonAnomaly = (typeof ANOMALIES)[number]['code']
