/** Cases of TW-TSC: what the readers of torch's archives note. */
import { anomaly, answering, file, hit, subjectOf, type RuleCase } from './build.ts'

const SCRIPT = { path: 'model.pt', format: 'torchscript' } as const
const EXPORT = { path: 'model.pt2', format: 'torch-export' } as const

/** See the module. */
export const TORCH_CASES: readonly RuleCase[] = [
  ...answering({
    rule: 'TW-TSC-01',
    ...SCRIPT,
    hits: ['tsc-reaches'],
    misses: ['tsc-operator', 'tsc-as-weights'],
  }),
  hit(
    'TW-TSC-01',
    'a package with Python source',
    subjectOf([file('model.pt', 'torch-package', { anomalies: [anomaly('tsc-reaches', 'record "a.py"')] })]),
  ),
  ...answering({ rule: 'TW-TSC-02', ...SCRIPT, hits: ['tsc-operator'], misses: ['tsc-reaches', 'tsc-source'] }),
  hit(
    'TW-TSC-02',
    'an operator of a library',
    subjectOf([file('m.ptl', 'torchscript', { anomalies: [anomaly('tsc-operator', 'code "oak::bark"')] })]),
  ),
  ...answering({
    rule: 'TW-TSC-03',
    ...SCRIPT,
    hits: ['tsc-as-weights'],
    misses: ['tsc-reaches', 'extension-mismatch'],
  }),
  hit(
    'TW-TSC-03',
    'a program called pytorch_model.bin',
    subjectOf([file('pytorch_model.bin', 'torchscript', { anomalies: [anomaly('tsc-as-weights', 'name')] })]),
  ),
  ...answering({ rule: 'TW-TSC-04', ...EXPORT, hits: ['tsc-library'], misses: ['tsc-reaches', 'rec-executable'] }),
  hit(
    'TW-TSC-04',
    'a library for one processor',
    subjectOf([file('a.pt2', 'torch-export', { anomalies: [anomaly('tsc-library', 'record "a.so"')] })]),
  ),
]
