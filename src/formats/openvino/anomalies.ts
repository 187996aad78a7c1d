/**
 * What can be wrong with an OpenVINO graph: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'ovn-custom-layer',
    format: 'openvino',
    meaning: 'A layer of an operator set that OpenVINO itself does not have needs a native extension.',
  },
  {
    code: 'ovn-weights',
    format: 'openvino',
    meaning: 'A constant names a place in the weights that is no place.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type OpenvinoAnomaly = (typeof ANOMALIES)[number]['code']
