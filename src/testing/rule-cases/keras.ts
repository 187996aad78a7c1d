/** Cases of TW-KRS: what the reader of configurations notes, code by code. */
import { answering, type RuleCase } from './build.ts'

const CONFIG = { path: 'config.json', format: 'keras-config' } as const
const H5 = { path: 'model.h5', format: 'keras-h5' } as const

/** See the module. */
export const KERAS_CASES: readonly RuleCase[] = [
  ...answering({ rule: 'TW-KRS-01', ...CONFIG, hits: ['krs-lambda'], misses: ['krs-custom', 'krs-loader'] }),
  ...answering({ rule: 'TW-KRS-01', ...H5, hits: ['krs-lambda'], misses: ['krs-legacy'] }),
  ...answering({
    rule: 'TW-KRS-02',
    ...CONFIG,
    hits: ['krs-foreign-class'],
    misses: ['krs-custom', 'krs-unknown-class'],
  }),
  ...answering({ rule: 'TW-KRS-02', ...H5, hits: ['krs-foreign-class'], misses: ['krs-tool'] }),
  ...answering({ rule: 'TW-KRS-03', ...CONFIG, hits: ['krs-tool'], misses: ['krs-foreign-class', 'krs-path'] }),
  ...answering({ rule: 'TW-KRS-03', ...H5, hits: ['krs-tool'], misses: ['krs-lambda'] }),
  ...answering({ rule: 'TW-KRS-04', ...CONFIG, hits: ['krs-loader'], misses: ['krs-lambda', 'krs-tool'] }),
  ...answering({ rule: 'TW-KRS-04', ...H5, hits: ['krs-loader'], misses: ['krs-custom'] }),
  ...answering({ rule: 'TW-KRS-05', ...CONFIG, hits: ['krs-custom'], misses: ['krs-unknown-class', 'krs-no-object'] }),
  ...answering({ rule: 'TW-KRS-05', ...H5, hits: ['krs-custom'], misses: ['krs-foreign-class'] }),
  ...answering({ rule: 'TW-KRS-06', ...H5, hits: ['krs-legacy'], misses: ['krs-lambda', 'h5-user-block'] }),
  ...answering({ rule: 'TW-KRS-06', path: 'old.hdf5', format: 'keras-h5', hits: ['krs-legacy'], misses: [] }),
]
