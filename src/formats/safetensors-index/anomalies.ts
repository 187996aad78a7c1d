/**
 * What can be wrong with the index of a sharded model, by itself and against its shards.
 */
import type { AnomalyMeaning } from '../anomaly-list.ts'

/** See the module. */
export const ANOMALIES = [
  {
    code: 'stn-index-shape',
    format: 'safetensors-index',
    breaks: true,
    meaning: 'The index has no weight_map from tensor names to file names.',
  },
  { code: 'stn-index-path', format: 'safetensors-index', meaning: 'The index names a shard outside its own folder.' },
  {
    code: 'stn-index-missing-shard',
    format: 'safetensors-index',
    meaning: 'The index names a shard that is not there.',
  },
  {
    code: 'stn-index-extra-shard',
    format: 'safetensors-index',
    meaning: 'A shard stands beside the index that does not name it.',
  },
  {
    code: 'stn-index-missing-tensor',
    format: 'safetensors-index',
    meaning: 'The index names a tensor that its shard does not hold.',
  },
  {
    code: 'stn-index-extra-tensor',
    format: 'safetensors-index',
    meaning: 'A shard holds a tensor that the index does not give to it.',
  },
  {
    code: 'stn-index-total-size',
    format: 'safetensors-index',
    meaning: 'The total size in the index is not the sum of the tensors.',
  },
] as const satisfies readonly AnomalyMeaning[]

/** A code of {@link ANOMALIES}. */
export type IndexAnomaly = (typeof ANOMALIES)[number]['code']
