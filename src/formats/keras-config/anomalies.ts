/**
 * What a Keras configuration can ask of whoever loads it: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'krs-lambda',
    format: 'keras-config',
    meaning: 'A Lambda layer, or a Python function that is stored as bytecode.',
  },
  {
    code: 'krs-foreign-class',
    format: 'keras-config',
    meaning: 'An object is to be made of a class or function of Python, or of a library, that is no part of Keras.',
  },
  {
    code: 'krs-tool',
    format: 'keras-config',
    meaning: 'A function that loads, fetches, writes or configures stands where a layer or an activation must stand.',
  },
  {
    code: 'krs-loader',
    format: 'keras-config',
    meaning: 'A layer that loads another artefact, which no check of Keras covers.',
  },
  {
    code: 'krs-custom',
    format: 'keras-config',
    meaning: 'A registered or unknown object, which the code of the importer must bring.',
  },
  {
    code: 'krs-unknown-class',
    format: 'keras-config',
    meaning: 'A class of Keras that this version does not know.',
  },
  {
    code: 'krs-path',
    format: 'keras-config',
    meaning: 'A path or an address in a configuration leads out of the model.',
  },
  {
    code: 'krs-no-object',
    format: 'keras-config',
    breaks: true,
    meaning: 'The configuration is no object as Keras writes them.',
  },
  {
    code: 'krs-legacy',
    format: 'keras-h5',
    meaning: 'A whole model in HDF5, the older form, in which older versions of Keras check nothing when they load it.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type KerasAnomaly = (typeof ANOMALIES)[number]['code']
