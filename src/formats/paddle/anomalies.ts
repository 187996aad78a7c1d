/**
 * What can be wrong with a file of PaddlePaddle parameters: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'pdl-structure',
    format: 'paddle-params',
    breaks: true,
    meaning: 'A tensor ends too early, or its head is not what the format allows.',
  },
  {
    code: 'pdl-tensor',
    format: 'paddle-params',
    breaks: true,
    meaning: 'A tensor has a type or a shape that does not exist.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type ParamsAnomaly = (typeof ANOMALIES)[number]['code']
