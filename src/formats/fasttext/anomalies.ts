/**
 * What can be wrong with a fastText model: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  { code: 'ftx-version', format: 'fasttext', breaks: true, meaning: 'A version that fastText never wrote.' },
  {
    code: 'ftx-length',
    format: 'fasttext',
    breaks: true,
    meaning: 'A matrix, a word or a list is longer than the bytes present.',
  },
  {
    code: 'ftx-shape',
    format: 'fasttext',
    meaning: 'A matrix has not the rows and columns that the settings and the dictionary give it.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type FasttextAnomaly = (typeof ANOMALIES)[number]['code']
