/**
 * What can be wrong with a file of bytecode: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'pyc-version',
    format: 'pyc',
    breaks: true,
    meaning: 'The number at the head of the bytecode is of no version of Python that is known.',
  },
  { code: 'pyc-broken', format: 'pyc', breaks: true, meaning: 'The bytecode is not laid out as its version does.' },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type PycAnomaly = (typeof ANOMALIES)[number]['code']
