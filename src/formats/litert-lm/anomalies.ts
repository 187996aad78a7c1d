/**
 * What can be wrong with a LiteRT-LM bundle: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'llm-header',
    format: 'litert-lm',
    breaks: true,
    meaning: 'The header has a version or a length that no reader accepts.',
  },
  {
    code: 'llm-section',
    format: 'litert-lm',
    breaks: true,
    meaning: 'A section lies wholly or partly outside the file, or over another.',
  },
  {
    code: 'llm-unpack',
    format: 'litert-lm',
    breaks: true,
    meaning: 'A compressed section does not unpack to what it declares.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type LitertAnomaly = (typeof ANOMALIES)[number]['code']
