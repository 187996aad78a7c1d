/**
 * What can be wrong with serialised R data: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'rda-promise',
    format: 'r-data',
    meaning: 'A promise: an expression that R evaluates as soon as the value is looked at.',
  },
  { code: 'rda-closure', format: 'r-data', meaning: 'A function, which runs when the program calls it.' },
  { code: 'rda-bytecode', format: 'r-data', meaning: 'Compiled R code, which R does not check before it runs it.' },
  {
    code: 'rda-active',
    format: 'r-data',
    meaning: 'A pointer, a weak reference or a hook of another session, which the loading program must bring to life.',
  },
  {
    code: 'rda-header',
    format: 'r-data',
    breaks: true,
    meaning: 'A version or form of the format that R does not have.',
  },
  {
    code: 'rda-length',
    format: 'r-data',
    breaks: true,
    meaning: 'A vector or text is longer than the bytes present, or the file ends inside an item.',
  },
  {
    code: 'rda-item',
    format: 'r-data',
    breaks: true,
    meaning: 'An item of a kind that R does not write, or a reference to an item that is not there.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type RDataAnomaly = (typeof ANOMALIES)[number]['code']
