/**
 * What the graphs of smaller frameworks may ask of whoever runs them: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  { code: 'net-python', format: 'graph-code', meaning: 'A layer or operator of the network calls Python.' },
  { code: 'net-file', format: 'graph-code', meaning: 'A layer or operator of the network reads or writes files.' },
  { code: 'net-native', format: 'graph-code', meaning: 'A layer or model needs native code that is not in the file.' },
  {
    code: 'net-path',
    format: 'graph-code',
    meaning: 'Data or a part of the model lies outside the folder of the model.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type GraphCodeAnomaly = (typeof ANOMALIES)[number]['code']
