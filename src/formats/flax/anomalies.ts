/**
 * What can be wrong with a MessagePack file: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'msg-length',
    format: 'flax',
    breaks: true,
    meaning: 'A length or a number of items is larger than the bytes present.',
  },
  { code: 'msg-reserved', format: 'flax', breaks: true, meaning: 'A type byte that MessagePack never uses.' },
  {
    code: 'msg-array',
    format: 'flax',
    breaks: true,
    meaning: 'An array is not written as shape, type and bytes.',
  },
  {
    code: 'msg-array-size',
    format: 'flax',
    meaning: 'The shape of an array takes another number of bytes than it has.',
  },
  { code: 'msg-dtype', format: 'flax', meaning: 'An array has an element type that is no plain number.' },
  { code: 'msg-extension', format: 'flax', meaning: 'An extension type that Flax does not have.' },
  {
    code: 'msg-duplicate-key',
    format: 'flax',
    meaning: 'A key stands twice in one map; readers differ in which one counts.',
  },
  { code: 'msg-key', format: 'flax', breaks: true, meaning: 'A key of a map is neither a text nor an integer.' },
  { code: 'msg-text', format: 'flax', meaning: 'A text is not UTF-8.' },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type FlaxAnomaly = (typeof ANOMALIES)[number]['code']
