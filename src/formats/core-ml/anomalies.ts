/**
 * What can be wrong with the weights of a Core ML program: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'cml-weights',
    format: 'core-ml-weights',
    breaks: true,
    meaning: 'A blob of weights ends too early, or its head is not what the format allows.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type WeightsAnomaly = (typeof ANOMALIES)[number]['code']
