/**
 * What can be wrong with a LightGBM model: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'lgb-line',
    format: 'lightgbm',
    breaks: true,
    meaning: 'A line that is none of those that LightGBM writes.',
  },
  { code: 'lgb-end', format: 'lightgbm', breaks: true, meaning: 'The file ends before its trees do.' },
  {
    code: 'lgb-tree-size',
    format: 'lightgbm',
    meaning: 'The trees do not have the sizes that the header gives, by which the library cuts them out.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type LightgbmAnomaly = (typeof ANOMALIES)[number]['code']
