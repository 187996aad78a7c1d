/**
 * What can be wrong with an ExecuTorch program or its data file: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'pte-header',
    format: 'executorch',
    breaks: true,
    meaning: 'The extended header says something else than the file is.',
  },
  {
    code: 'pte-segment',
    format: 'executorch',
    breaks: true,
    meaning: 'A segment lies wholly or partly outside the file, or over something else.',
  },
  {
    code: 'pte-index',
    format: 'executorch',
    meaning: 'A tensor, a delegate or an instruction points at something beyond the end of a list.',
  },
  {
    code: 'pte-tensor-size',
    format: 'executorch',
    meaning: 'The shape of a tensor takes more bytes than there are where it lies.',
  },
  {
    code: 'pte-custom-operator',
    format: 'executorch',
    meaning: 'An operator that the runtime does not have and the application must bring along.',
  },
  {
    code: 'pte-native-library',
    format: 'executorch',
    meaning: 'A delegate carries a compiled library, which is loaded with the program.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type ExecutorchAnomaly = (typeof ANOMALIES)[number]['code']
