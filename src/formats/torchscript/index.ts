/** TorchScript: a model with its program, as torch.jit.save writes it. */
import type { FormatReader } from '../reader.ts'
import { torchKind } from '../torch/kinds.ts'
import { readTorchScript } from './read.ts'

/** See the module. */
export const torchScriptReader: FormatReader = {
  format: 'torchscript',
  title: 'TorchScript archive',
  version: 1,
  extensions: ['.pt', '.pth', '.ptl', '.torchscript', '.bin'],
  specialises: 'zip',
  sniff: (glimpse) => (torchKind(glimpse) === 'torchscript' ? 'magic' : null),
  read: readTorchScript,
}
