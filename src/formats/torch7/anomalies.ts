/**
 * What can be wrong with a Torch7 file: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'lua-function',
    format: 'torch7',
    meaning: 'A Lua function as bytecode, which Lua does not check before it runs it.',
  },
  {
    code: 'lua-length',
    format: 'torch7',
    breaks: true,
    meaning: 'A text, table or storage is longer than the bytes present, or the file ends inside an object.',
  },
  {
    code: 'lua-object',
    format: 'torch7',
    breaks: true,
    meaning: 'An object of a kind that Torch does not write, or a class whose form is not known here.',
  },
  {
    code: 'lua-tensor',
    format: 'torch7',
    meaning: 'Sizes, strides and offset of a tensor reach beyond its storage.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type Torch7Anomaly = (typeof ANOMALIES)[number]['code']
