/**
 * What can be wrong with a TensorFlow Lite model: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'tfl-index',
    format: 'tflite',
    meaning: 'An operator, tensor or signature points at something beyond the end of a list.',
  },
  {
    code: 'tfl-buffer',
    format: 'tflite',
    breaks: true,
    meaning: 'A buffer lies wholly or partly outside the file.',
  },
  {
    code: 'tfl-tensor-size',
    format: 'tflite',
    meaning: 'The shape of a tensor takes more bytes than its buffer has.',
  },
  {
    code: 'tfl-custom-operator',
    format: 'tflite',
    meaning: 'An operator that the runtime does not have and the application must bring along.',
  },
  {
    code: 'tfl-flex-operator',
    format: 'tflite',
    meaning: 'An operator that runs in TensorFlow itself, which can do more than compute.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type TfliteAnomaly = (typeof ANOMALIES)[number]['code']
