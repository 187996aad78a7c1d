/**
 * What can be wrong with an ONNX Runtime model: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'ort-custom-domain',
    format: 'ort',
    meaning: 'An operator of a domain that ONNX Runtime itself does not have needs a native library.',
  },
  {
    code: 'ort-tensor-size',
    format: 'ort',
    meaning: 'The shape of a tensor takes more bytes than it has.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type OrtAnomaly = (typeof ANOMALIES)[number]['code']
