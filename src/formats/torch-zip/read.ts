/**
 * Reads a checkpoint: one pickle, the short records, and storages, which are measured and never read.
 */
import type { TorchArchive } from '../torch/archive.ts'
import { noteUnreferenced, readPickleRecord } from '../torch/pickle-record.ts'

/** Takes the records of a checkpoint. @throws Fault `budget-…` */
export function readCheckpoint(archive: TorchArchive): void {
  readPickleRecord(archive, 'data.pkl', { record: (key) => `data/${key}` })
  noteUnreferenced(archive, /^data\//)
}
