/** torch.package: pickled objects with the Python source that they need. */
import type { FormatReader } from '../reader.ts'
import { sniffTorch } from '../torch/kinds.ts'
import { readTorchArchive } from '../torch/read-archive.ts'

/** See the module. */
export const torchPackageReader: FormatReader = {
  format: 'torch-package',
  title: 'torch.package archive',
  version: 1,
  extensions: ['.pt', '.pth', '.package'],
  specialises: 'zip',
  sniff: (glimpse) => sniffTorch('torch-package', glimpse),
  read: readTorchArchive,
}
