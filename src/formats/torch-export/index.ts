/** Exported programs (PT2): a graph as JSON, weights as raw records, and for AOTInductor compiled libraries. */
import type { FormatReader } from '../reader.ts'
import { sniffTorch } from '../torch/kinds.ts'
import { readTorchArchive } from '../torch/read-archive.ts'

/** See the module. */
export const torchExportReader: FormatReader = {
  format: 'torch-export',
  title: 'PyTorch export archive (PT2)',
  version: 1,
  extensions: ['.pt2', '.ep'],
  specialises: 'zip',
  sniff: (glimpse) => sniffTorch('torch-export', glimpse),
  read: readTorchArchive,
}
