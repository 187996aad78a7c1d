/** TensorFlow checkpoints: the index, which says what the shards beside it hold. */
import type { FormatReader } from '../reader.ts'
import { readCheckpoint } from './read.ts'
import { SIGNATURE } from './table.ts'

/** Reads `*.index`; the shards are held against it when all files are known. */
export const checkpointReader: FormatReader = {
  format: 'tf-checkpoint',
  title: 'TensorFlow checkpoint index',
  version: 1,
  extensions: ['.index'],
  sniff: ({ tail }) => (SIGNATURE.equals(tail.subarray(-SIGNATURE.length)) ? 'magic' : null),
  read: readCheckpoint,
}
