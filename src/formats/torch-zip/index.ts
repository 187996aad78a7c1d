/** What torch.save writes since 1.6: a zip of one pickle and a record for each storage. */
import type { FileFacts } from '../facts.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { TorchArchive } from '../torch/archive.ts'
import { noteUnreferenced, readPickleRecord } from '../torch/pickle-record.ts'
import { torchKind } from '../torch/kinds.ts'

const PICKLE = 'data.pkl'

/** Reads directory, pickle and the short records; storages are measured and never read. */
function readTorchZip(request: ReadRequest): FileFacts {
  const archive = new TorchArchive(request, 'torch-zip', /(^|\/)data\.pkl$/)
  archive.readSettings()
  readPickleRecord(archive, PICKLE, { record: (key) => `data/${key}` })
  noteUnreferenced(archive, /^data\//)
  return archive.finish()
}

/** See the module. */
export const torchZipReader: FormatReader = {
  format: 'torch-zip',
  title: 'PyTorch checkpoint (zip)',
  version: 1,
  extensions: ['.pt', '.pth', '.bin', '.ckpt', '.pkl', '.tar'],
  specialises: 'zip',
  sniff: (glimpse) => (torchKind(glimpse) === 'torch-zip' ? 'magic' : null),
  read: readTorchZip,
}
