/** TW-SYS: what the inspection has to say about itself. */
import type { Rule } from '../rule.ts'

/** See the module. */
export const SYSTEM_RULES: readonly Rule[] = [
  {
    id: 'TW-SYS-01',
    title: 'The inspection of a file could not be finished',
    grade: 'advisory',
    basis: 'capability',
    cwe: null,
    atlas: null,
    sentence: 'A reader crashed or hit a budget, so the result is inconclusive.',
    meaning:
      'Nothing is said against the file. It was not read to its end, because reading it would have cost more than one file may cost, or because the process that read it ended. What was not read is not cleared.',
    remedy:
      'If the file is as it should be, run the inspection again with a larger budget. If the message names a crash, report it as a bug of the inspection, with the file.',
    seen: 'The reader, its budget and the process around it report it.',
    related: [],
    over: 'any',
    effect: 'open',
    anomalies: [
      'empty-file',
      'not-readable',
      'reader-fault',
      'reader-crashed',
      'reader-timeout',
      'peek-unfetched',
      'budget-bytes',
      'budget-reads',
      'budget-items',
      'budget-depth',
      'budget-members',
      'budget-unpacked',
      'budget-facts',
      'ggf-limit',
      'sko-schema',
      'tor-grammar',
      'tor-record',
      'tsc-source',
      'h5-limit',
      'h5-unsupported',
      'h5-not-closed',
      'krs-unknown-class',
      'krs-no-object',
    ],
  },
]
