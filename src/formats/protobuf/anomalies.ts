/**
 * What can be wrong with any protobuf message: stable codes, which rules map to grades.
 *
 * Every parser of protobuf refuses the first group; of the second it keeps one value, by rules that not all follow.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'pb-truncated',
    format: 'protobuf',
    breaks: true,
    meaning: 'The file ends inside a field of its outermost message.',
  },
  {
    code: 'pb-length',
    format: 'protobuf',
    breaks: true,
    meaning: 'A field is longer than the message that it stands in.',
  },
  {
    code: 'pb-tag',
    format: 'protobuf',
    breaks: true,
    meaning: 'A tag or a number is not one that the encoding has: field 0, a group, more than ten bytes.',
  },
  {
    code: 'pb-wire-type',
    format: 'protobuf',
    breaks: true,
    meaning: 'A known field is encoded as a value of another kind than it has.',
  },
  { code: 'pb-depth', format: 'protobuf', breaks: true, meaning: 'Messages are nested deeper than 100 levels.' },
  {
    code: 'pb-repeated',
    format: 'protobuf',
    meaning: 'A field that stands once at most stands twice; readers differ in which one counts.',
  },
  {
    code: 'pb-duplicate-key',
    format: 'protobuf',
    meaning: 'A key of a map stands twice; readers differ in which value counts.',
  },
  { code: 'pb-text', format: 'protobuf', meaning: 'A text is not UTF-8.' },
  {
    code: 'pb-unknown-field',
    format: 'protobuf',
    meaning: 'A field that the message does not have in the version that is known here.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type ProtobufAnomaly = (typeof ANOMALIES)[number]['code']
