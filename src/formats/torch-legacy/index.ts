/** What torch.save wrote before its zip format: five pickles, then the storages. */
import type { FormatReader } from '../reader.ts'
import { TORCH_ENDINGS } from '../torch/endings.ts'
import { sniffTorchLegacy } from './grammar.ts'
import { readTorchLegacy } from './read.ts'

/** See the module. */
export const torchLegacyReader: FormatReader = {
  format: 'torch-legacy',
  title: 'PyTorch checkpoint (legacy)',
  version: 1,
  extensions: TORCH_ENDINGS,
  specialises: 'pickle',
  sniff: sniffTorchLegacy,
  read: readTorchLegacy,
}
