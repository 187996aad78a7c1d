/** TorchScript: a model with its program, as torch.jit.save writes it. */
import type { FormatReader } from '../reader.ts'
import { sniffTorch } from '../torch/kinds.ts'
import { readTorchArchive } from '../torch/read-archive.ts'

/** See the module. */
export const torchScriptReader: FormatReader = {
  format: 'torchscript',
  title: 'TorchScript archive',
  version: 1,
  extensions: ['.pt', '.pth', '.ptl', '.torchscript', '.bin'],
  specialises: 'zip',
  sniff: (glimpse) => sniffTorch('torchscript', glimpse),
  read: readTorchArchive,
}
