/**
 * What can be wrong with a skops model: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'sko-untrusted',
    format: 'skops',
    meaning:
      'The schema names a class, a function or a kind of node that is not on the list of trusted ones (TW-SKO-01).',
  },
  {
    code: 'sko-foreign',
    format: 'skops',
    meaning:
      'A node resolves to a method, an operator or a function by which code runs or other objects are reached (TW-SKO-02).',
  },
  {
    code: 'sko-schema',
    format: 'skops',
    breaks: true,
    meaning: 'The schema is missing, no JSON object, or says one thing twice.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type SkopsAnomaly = (typeof ANOMALIES)[number]['code']
