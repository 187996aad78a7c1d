/**
 * What can be wrong with any FlatBuffer: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. `format` is `flatbuffer`: every reader of a FlatBuffer format notes them. */
export const ANOMALIES = [
  {
    code: 'fbf-outside',
    format: 'flatbuffer',
    breaks: true,
    meaning: 'An offset or a length of a FlatBuffer leads out of the file.',
  },
  {
    code: 'fbf-vtable',
    format: 'flatbuffer',
    breaks: true,
    meaning: 'A FlatBuffer table and its list of fields do not fit together.',
  },
  {
    code: 'fbf-string',
    format: 'flatbuffer',
    breaks: true,
    meaning: 'A FlatBuffer string is not ended by a zero byte.',
  },
  {
    code: 'fbf-union',
    format: 'flatbuffer',
    breaks: true,
    meaning: 'A FlatBuffer union has a kind and no value, or a value and no kind.',
  },
  {
    code: 'fbf-alignment',
    format: 'flatbuffer',
    meaning: 'A structure of a FlatBuffer does not lie at a multiple of its size, which the reference reader refuses.',
  },
  {
    code: 'fbf-end',
    format: 'flatbuffer',
    meaning: 'The file ends without the padding that every writer puts behind the last structure.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type FlatAnomaly = (typeof ANOMALIES)[number]['code']
