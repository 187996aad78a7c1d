/**
 * What can be wrong with a plain text: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  { code: 'text-utf8', format: 'text', breaks: true, meaning: 'The file is not UTF-8.' },
  { code: 'text-control', format: 'text', meaning: 'The text holds control characters other than tabs and line ends.' },
  {
    code: 'text-invisible',
    format: 'text',
    meaning: 'The text holds bidirectional overrides, tag or invisible characters.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type TextAnomaly = (typeof ANOMALIES)[number]['code']
