/**
 * What can be wrong with the index of a TensorFlow checkpoint: stable codes, which rules map to grades.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'tfc-structure',
    format: 'tf-checkpoint',
    breaks: true,
    meaning: 'A block of the index, or a handle to one, is not what the format allows.',
  },
  {
    code: 'tfc-checksum',
    format: 'tf-checkpoint',
    breaks: true,
    meaning: 'A block of the index does not have the checksum that stands behind it.',
  },
  {
    code: 'tfc-order',
    format: 'tf-checkpoint',
    breaks: true,
    meaning: 'The names in the index are not in ascending order, or one stands twice.',
  },
  {
    code: 'tfc-header',
    format: 'tf-checkpoint',
    breaks: true,
    meaning: 'The entry that says how many shards there are is missing or makes no sense.',
  },
  {
    code: 'tfc-tensor',
    format: 'tf-checkpoint',
    meaning:
      'A tensor has a type or shape that does not exist, a size that these do not give, or a shard that is none.',
  },
  {
    code: 'tfc-overlap',
    format: 'tf-checkpoint',
    meaning: 'Two tensors share bytes of a shard.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type CheckpointAnomaly = (typeof ANOMALIES)[number]['code']
