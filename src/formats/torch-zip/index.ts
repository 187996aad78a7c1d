/** What torch.save writes since 1.6: a zip of one pickle and a record for each storage. */
import type { FormatReader } from '../reader.ts'
import { TORCH_ENDINGS } from '../torch/endings.ts'
import { sniffTorch } from '../torch/kinds.ts'
import { readTorchArchive } from '../torch/read-archive.ts'

/** See the module. */
export const torchZipReader: FormatReader = {
  format: 'torch-zip',
  title: 'PyTorch checkpoint (zip)',
  version: 1,
  extensions: TORCH_ENDINGS,
  specialises: 'zip',
  sniff: (glimpse) => sniffTorch('torch-zip', glimpse),
  read: readTorchArchive,
}
