/**
 * TorchServe model archives: a zip of a manifest, a Python handler and a model. Each member is read as what it is.
 */
import type { FormatReader } from '../reader.ts'
import { zipHolding } from '../recognised/zip-names.ts'
import { zipReader } from '../zip/reader.ts'

const holdsManifest = zipHolding(/^MAR-INF\/MANIFEST\.json$/)

/** See the module. */
export const torchModelArchiveReader: FormatReader = {
  format: 'torch-model-archive',
  title: 'TorchServe model archive',
  version: 1,
  extensions: ['.mar'],
  specialises: 'zip',
  sniff: (glimpse) => (holdsManifest(glimpse) ? 'magic' : null),
  read: (request) => ({ ...zipReader.read(request), format: 'torch-model-archive' }),
}
