/** Cases of TW-NPY and TW-SKO: what the readers of arrays and of skops models note. */
import { anomaly, answering, file, hit, subjectOf, type RuleCase } from './build.ts'

const NPY = { path: 'weights.npy', format: 'npy' } as const

const SKOPS = { path: 'model.skops', format: 'skops' } as const

/** See the module. */
export const ARRAY_CASES: readonly RuleCase[] = [
  ...answering({ rule: 'TW-NPY-01', ...NPY, hits: ['npy-objects'], misses: ['npy-header', 'npy-size'] }),
  hit(
    'TW-NPY-01',
    'an array of objects in an archive',
    subjectOf([file('model.npz!/labels.npy', 'npy', { reading: 'listed', anomalies: [anomaly('npy-objects')] })]),
  ),
  ...answering({
    rule: 'TW-NPY-02',
    ...NPY,
    hits: ['npy-header', 'npy-size', 'npy-trailing-bytes'],
    misses: ['npy-objects', 'truncated'],
  }),
  ...answering({ rule: 'TW-SKO-01', ...SKOPS, hits: ['sko-untrusted'], misses: ['sko-foreign', 'sko-schema'] }),
  hit(
    'TW-SKO-01',
    'a class of the program that wrote the model',
    subjectOf([file('a.skops', 'skops', { anomalies: [anomaly('sko-untrusted', 'schema.json#/content')] })]),
  ),
  ...answering({ rule: 'TW-SKO-02', ...SKOPS, hits: ['sko-foreign'], misses: ['sko-untrusted', 'sko-schema'] }),
  hit(
    'TW-SKO-02',
    'an operator node',
    subjectOf([file('a.skops', 'skops', { anomalies: [anomaly('sko-foreign', 'schema.json#/content')] })]),
  ),
]
