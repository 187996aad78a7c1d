/**
 * What can be wrong with an image or sound beside a model: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'img-broken',
    format: 'image',
    breaks: true,
    meaning: 'A part of an image or sound is longer than the bytes present, or not what must stand there.',
  },
  { code: 'img-check-sum', format: 'image', meaning: 'A part of an image does not have the check sum that is stored.' },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type ImageAnomaly = (typeof ANOMALIES)[number]['code']
