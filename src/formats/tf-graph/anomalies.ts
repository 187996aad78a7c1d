/**
 * What can be wrong with, or asked of whoever runs, a TensorFlow graph: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'tfg-file',
    format: 'tf-graph',
    meaning: 'An operator of the graph reads, writes, lists or deletes files.',
  },
  { code: 'tfg-asset-path', format: 'tf-graph', meaning: 'An asset lies outside the folder of the assets.' },
  { code: 'tfg-python', format: 'tf-graph', meaning: 'An operator of the graph calls Python.' },
  { code: 'tfg-library', format: 'tf-graph', meaning: 'A native library to load is named.' },
  { code: 'tfg-keras-code', format: 'tf-graph', meaning: 'The Keras metadata hold a layer of Python code.' },
  {
    code: 'tfg-hidden',
    format: 'tf-graph',
    meaning: 'An operator on files or of Python stands in a function or in a graph within a value.',
  },
  {
    code: 'tfg-network',
    format: 'tf-graph',
    meaning: 'An operator of the graph opens connections or databases, or sends out what it sees.',
  },
  { code: 'tfg-operator', format: 'tf-graph', meaning: 'An operator that TensorFlow does not have.' },
  {
    code: 'tfg-load-effect',
    format: 'tf-graph',
    meaning: 'What runs when the model is loaded or restored has effects outside the model.',
  },
  {
    code: 'tfg-tensor-size',
    format: 'tf-graph',
    breaks: true,
    meaning: 'The data of a tensor is not as long as shape and type give.',
  },
  {
    code: 'tfg-missing',
    format: 'tf-graph',
    breaks: true,
    meaning: 'A part that a saved model or graph must have is missing.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type GraphAnomaly = (typeof ANOMALIES)[number]['code']
