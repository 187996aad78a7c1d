/**
 * What is noted of programs: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. `format` is `executable` for all of them; the facts name the format itself. */
export const ANOMALIES = [
  { code: 'exe-program', format: 'executable', meaning: 'The file is a program or a library of one.' },
  {
    code: 'exe-broken',
    format: 'executable',
    breaks: true,
    meaning: 'The header of a program is broken, or points outside the file.',
  },
  {
    code: 'exe-portable',
    format: 'executable',
    meaning: 'An actually portable executable, such as a llamafile, whose program part is no build that is known here.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type ExecutableAnomaly = (typeof ANOMALIES)[number]['code']
