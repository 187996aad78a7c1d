/**
 * What can be wrong with what torch saves, in any of its containers: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. `format` is `torch-zip` for what several of the containers share. */
export const ANOMALIES = [
  {
    code: 'tor-grammar',
    format: 'torch-legacy',
    breaks: true,
    meaning: 'The streams of the file are not those of the format, or not in its order.',
  },
  {
    code: 'tor-unreferenced',
    format: 'torch-zip',
    meaning: 'A storage lies in the file that no tensor refers to (TW-PKL-17).',
  },
  {
    code: 'tor-record',
    format: 'torch-zip',
    breaks: true,
    meaning: 'A record that says how the file is to be read says nothing that is known.',
  },
  {
    code: 'tsc-reaches',
    format: 'torchscript',
    meaning:
      'Code of the archive reaches files, other machines or Python, or is Python source that is imported from it (TW-TSC-01).',
  },
  {
    code: 'tsc-operator',
    format: 'torchscript',
    meaning: 'Code uses an operator or a custom class that is not on the list (TW-TSC-02).',
  },
  {
    code: 'tsc-as-weights',
    format: 'torchscript',
    meaning: 'The archive is named as plain weights, and a loader of weights runs its code (TW-TSC-03).',
  },
  {
    code: 'tsc-library',
    format: 'torch-export',
    meaning: 'The archive holds a compiled library, which the loader of the archive loads (TW-TSC-04).',
  },
  {
    code: 'tsc-source',
    format: 'torchscript',
    breaks: true,
    meaning: 'The source of the archive is not TorchScript, or longer than is read.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type TorchAnomaly = (typeof ANOMALIES)[number]['code']
