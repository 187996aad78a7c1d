/**
 * What can be wrong with a TFRecord file: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'tfr-length',
    format: 'tfrecord',
    breaks: true,
    meaning: 'A record is longer than the bytes present.',
  },
  {
    code: 'tfr-check-sum',
    format: 'tfrecord',
    meaning: 'The length or the content of a record does not have the check sum that is stored.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type TfrecordAnomaly = (typeof ANOMALIES)[number]['code']
