/**
 * Exported programs (PT2): a graph as JSON, weights as raw records, and for AOTInductor compiled libraries.
 *
 * The graph names operators and is interpreted; a library in the archive is loaded into the process.
 *
 * Source: `torch/export/pt2_archive/`.
 */
import type { FileFacts } from '../facts.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { TorchArchive } from '../torch/archive.ts'
import { torchKind } from '../torch/kinds.ts'
import { readWeights } from './weights.ts'

const LANDMARK = /(^|\/)(?:archive_format|serialized_exported_program\.json)$/
const CONFIG = /^data\/(?:weights|constants)\/.*_config\.json$/
const LIBRARY = /\.(?:so|dylib|dll|pyd|cubin|hsaco|o|a)(?:\.\d+)*$/i

function readTorchExport(request: ReadRequest): FileFacts {
  const archive = new TorchArchive(request, 'torch-export', LANDMARK)
  archive.readSettings()
  for (const name of ['archive_format', 'archive_version']) archive.text(name)
  for (const name of archive.left.filter((each) => CONFIG.test(each))) readWeights(archive, name)
  for (const name of archive.left.filter((each) => LIBRARY.test(each)))
    archive.note('tsc-library', name, 'is a compiled library')
  return archive.finish()
}

/** See the module. */
export const torchExportReader: FormatReader = {
  format: 'torch-export',
  title: 'PyTorch export archive (PT2)',
  version: 1,
  extensions: ['.pt2', '.ep'],
  specialises: 'zip',
  sniff: (glimpse) => (torchKind(glimpse) === 'torch-export' ? 'magic' : null),
  read: readTorchExport,
}
