/** Cases of all rules. */
import { ARCHIVE_CASES } from './archives.ts'
import { ARRAY_CASES } from './arrays.ts'
import type { RuleCase } from './build.ts'
import { CONFIG_CASES } from './configs.ts'
import { FILE_CASES } from './files.ts'
import { GRAPH_CASES } from './graphs.ts'
import { HDF5_CASES } from './hdf5.ts'
import { KERAS_CASES } from './keras.ts'
import { GRAPH_RUNTIME_CASES } from './graph-runtimes.ts'
import { LONG_TAIL_CASES } from './long-tail.ts'
import { PAPER_CASES } from './papers.ts'
import { PICKLE_CASES } from './pickles.ts'
import { PROGRAM_CASES } from './programs.ts'
import { TEMPLATE_CASES } from './templates.ts'
import { TEXT_CASES } from './texts.ts'
import { TORCH_CASES } from './torch.ts'
import { WEIGHT_CASES } from './weights.ts'

export { anomaly, card, file, subjectOf, type CaseSubject, type RuleCase } from './build.ts'

/** See the module. */
export const RULE_CASES: readonly RuleCase[] = [
  ...FILE_CASES,
  ...ARCHIVE_CASES,
  ...WEIGHT_CASES,
  ...PICKLE_CASES,
  ...CONFIG_CASES,
  ...TEXT_CASES,
  ...GRAPH_CASES,
  ...ARRAY_CASES,
  ...TORCH_CASES,
  ...HDF5_CASES,
  ...KERAS_CASES,
  ...GRAPH_RUNTIME_CASES,
  ...LONG_TAIL_CASES,
  ...TEMPLATE_CASES,
  ...PROGRAM_CASES,
  ...PAPER_CASES,
]
