/**
 * Reads an exported program (PT2): a graph as JSON, weights as raw records, and for AOTInductor compiled libraries.
 *
 * The graph names operators and is interpreted; a library in the archive is loaded into the process.
 *
 * Source: `torch/export/pt2_archive/`.
 */
import type { TorchArchive } from '../torch/archive.ts'
import { readWeights } from './weights.ts'

const CONFIG = /^data\/(?:weights|constants)\/.*_config\.json$/
const LIBRARY = /\.(?:so|dylib|dll|pyd|cubin|hsaco|o|a)(?:\.\d+)*$/i

/** Takes the records of an exported program. @throws Fault `budget-…` */
export function readExported(archive: TorchArchive): void {
  for (const name of ['archive_format', 'archive_version']) archive.text(name)
  for (const name of archive.left.filter((each) => CONFIG.test(each))) readWeights(archive, name)
  for (const name of archive.left.filter((each) => LIBRARY.test(each)))
    archive.note('tsc-library', name, 'is a compiled library')
}
