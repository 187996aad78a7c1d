/**
 * What is odd about a file whose format is only recognised: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. `format` is `recognised` for all of them; the facts name the format itself. */
export const ANOMALIES = [
  {
    code: 'rec-executable',
    format: 'recognised',
    meaning: 'A native executable, script or bytecode stands among the files of a model (TW-FILE-04).',
  },
  {
    code: 'rec-source-code',
    format: 'recognised',
    meaning: 'Source code stands among the files of a model and is not audited in this version.',
  },
  {
    code: 'rec-archive',
    format: 'recognised',
    meaning: 'An archive or compressed file whose members are not opened in this version (TW-ARC-07).',
  },
  {
    code: 'rec-code-on-load',
    format: 'recognised',
    meaning: 'A model format whose usual loader can run code that the file carries.',
  },
  {
    code: 'rec-opaque',
    format: 'recognised',
    meaning: 'An opaque or compiled format that cannot be inspected (TW-FILE-05, TW-EXE-02).',
  },
  {
    code: 'rec-plugin-engine',
    format: 'recognised',
    meaning: 'A compiled engine that can carry plug-in libraries (TW-EXE-02).',
  },
  {
    code: 'rec-pointer',
    format: 'recognised',
    meaning: 'A pointer to a file stands where the file should be (TW-FILE-06).',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type RecognisedAnomaly = (typeof ANOMALIES)[number]['code']
