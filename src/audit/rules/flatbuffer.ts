/** TW-TFL: models that are FlatBuffers, whose tables point at each other by offsets that nobody checks at load. */
import type { Rule } from '../rule.ts'

const OVER = ['tflite', 'ort', 'executorch', 'litert-lm', 'catboost'] as const

/** See the module. */
export const FLATBUFFER_RULES: readonly Rule[] = [
  {
    id: 'TW-TFL-01',
    title: 'Tables or offsets lead where nothing is',
    grade: 'major',
    basis: 'exploit',
    cwe: 125,
    atlas: 'AML.T0076',
    sentence: 'Flatbuffer tables or offsets fail verification.',
    meaning:
      'The runtime follows the offsets of the file without looking. One that leads out of it, or a shape that is larger than its buffer, makes the runtime read or write memory that is not the model. A file that was cut in transit shows the same.',
    remedy: 'Fetch the file again; if the digest is the one that the vendor gives, do not load it.',
    seen: 'Every table, vector, text and offset from the root on, and every number of a tensor, buffer or operator against the list that it points into.',
    related: ['CVE-2022-23558', 'CVE-2021-37681'],
    over: OVER,
    anomalies: [
      'fbf-outside',
      'fbf-vtable',
      'fbf-string',
      'fbf-union',
      'fbf-alignment',
      'fbf-end',
      'tfl-index',
      'tfl-buffer',
      'tfl-tensor-size',
      'ort-tensor-size',
      'pte-header',
      'pte-segment',
      'pte-index',
      'pte-tensor-size',
      'llm-header',
      'llm-section',
      'llm-unpack',
    ],
  },
  {
    id: 'TW-TFL-02',
    title: 'An operator that the runtime does not have',
    grade: 'major',
    basis: 'capability',
    cwe: 829,
    atlas: 'AML.T0011.000',
    sentence: 'Custom or Flex operator.',
    meaning:
      'The model runs only beside native code that somebody must bring along, or through TensorFlow, whose operators also read and write files. That code is no part of the consignment and was not inspected.',
    remedy:
      'Ask the vendor which library has the operator, and have it cleared as software; or have the model converted to operators of the runtime.',
    seen: 'The operator of each code, against those of the runtime.',
    related: [],
    over: OVER,
    anomalies: ['tfl-custom-operator', 'tfl-flex-operator', 'pte-custom-operator'],
  },
]
