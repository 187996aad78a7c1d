/**
 * What can be wrong with an XGBoost model: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'xgb-length',
    format: 'xgboost-ubj',
    breaks: true,
    meaning: 'A length or a number of items is larger than the bytes present.',
  },
  {
    code: 'xgb-marker',
    format: 'xgboost-ubj',
    breaks: true,
    meaning: 'A marker that UBJSON does not have, or not there.',
  },
  {
    code: 'xgb-duplicate-key',
    format: 'xgboost-ubj',
    meaning: 'A key stands twice in one object; readers differ in which one counts.',
  },
  {
    code: 'xgb-shape',
    format: 'xgboost-ubj',
    breaks: true,
    meaning: 'The file is a value without a learner.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type XgboostAnomaly = (typeof ANOMALIES)[number]['code']
