/**
 * What can be wrong with a NumPy array file: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'npy-objects',
    format: 'npy',
    meaning:
      'The elements are Python objects: the body of the array is a pickle that was not proved inert (TW-NPY-01).',
  },
  {
    code: 'npy-header',
    format: 'npy',
    breaks: true,
    meaning: 'The header is not the plain dict that the format wants (TW-NPY-02).',
  },
  {
    code: 'npy-size',
    format: 'npy',
    breaks: true,
    meaning: 'Shape and element type need more bytes than follow the header, or more than 2^53-1 (TW-NPY-02).',
  },
  {
    code: 'npy-trailing-bytes',
    format: 'npy',
    breaks: true,
    meaning: 'Bytes that are no further array follow the data (TW-NPY-02).',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type NpyAnomaly = (typeof ANOMALIES)[number]['code']
