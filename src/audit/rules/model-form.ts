/** TW-MDL: models of trees and words, which are numbers in forms of their own. */
import type { Rule } from '../rule.ts'

const OVER = ['xgboost-json', 'xgboost-ubj', 'lightgbm', 'fasttext'] as const

/** See the module. */
export const MODEL_FORM_RULES: readonly Rule[] = [
  {
    id: 'TW-MDL-01',
    title: 'A model declares more than it has',
    grade: 'major',
    basis: 'exploit',
    cwe: 1284,
    atlas: 'AML.T0076',
    sentence: 'Counts, lengths or keys of a model file contradict its bytes.',
    meaning:
      'Libraries written in C++ allocate and copy what such a file declares, and have read and written beyond their memory for it. A file that was cut in transit shows the same.',
    remedy: 'Fetch the file again; if the digest is the one that the vendor gives, do not load it.',
    seen: 'Every length and count against the bytes that follow it.',
    related: [],
    over: OVER,
    anomalies: ['xgb-length', 'xgb-marker', 'xgb-duplicate-key', 'ftx-length'],
  },
  {
    id: 'TW-MDL-02',
    title: 'A model or image is not in the form that its library writes',
    grade: 'minor',
    basis: 'capability',
    cwe: 20,
    atlas: 'AML.T0076',
    sentence: 'Lines, sizes or versions that the library of the format would not write.',
    meaning:
      'The file was changed by hand, cut, or written by another program. What could not be read is inconclusive.',
    remedy: 'Ask the vendor for the model as its library saves it.',
    seen: 'The whole file against the form of its library.',
    related: [],
    over: [...OVER, 'png', 'jpeg', 'gif', 'webp', 'wav', 'tfrecord'],
    anomalies: [
      'xgb-shape',
      'lgb-line',
      'lgb-end',
      'lgb-tree-size',
      'ftx-version',
      'ftx-shape',
      'img-broken',
      'img-check-sum',
      'tfr-length',
      'tfr-check-sum',
    ],
  },
]
