/** Cases of TW-H5: what the reader notes, code by code. */
import { answering, type RuleCase } from './build.ts'

const H5 = { path: 'model.weights.h5', format: 'hdf5' } as const

/** See the module. */
export const HDF5_CASES: readonly RuleCase[] = [
  ...answering({ rule: 'TW-H5-01', ...H5, hits: ['h5-external-storage'], misses: ['h5-external-link', 'h5-virtual'] }),
  ...answering({ rule: 'TW-H5-01', path: 'model.h5', format: 'keras-h5', hits: ['h5-external-storage'], misses: [] }),
  ...answering({
    rule: 'TW-H5-02',
    ...H5,
    hits: ['h5-external-link', 'h5-virtual', 'h5-soft-link', 'h5-link-class'],
    misses: ['h5-external-storage', 'h5-cycle'],
  }),
  ...answering({
    rule: 'TW-H5-03',
    ...H5,
    hits: ['h5-address', 'h5-structure', 'h5-checksum', 'h5-cycle', 'h5-overlap', 'h5-size', 'h5-duplicate-name'],
    misses: ['h5-unused-bytes', 'h5-unsupported'],
  }),
  ...answering({
    rule: 'TW-H5-04',
    ...H5,
    hits: ['h5-shape-bomb', 'h5-filter'],
    misses: ['h5-limit', 'h5-size'],
  }),
]
