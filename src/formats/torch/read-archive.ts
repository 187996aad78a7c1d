/**
 * Reads any of the zip archives of torch, as what its directory says that it is.
 */
import type { FileFacts } from '../facts.ts'
import type { ReadRequest } from '../reader.ts'
import { readExported } from '../torch-export/read.ts'
import { readPackage } from '../torch-package/read.ts'
import { readCheckpoint } from '../torch-zip/read.ts'
import { readScript } from '../torchscript/read.ts'
import { TorchArchive } from './archive.ts'
import type { TorchKind } from './kinds.ts'

const TAKE: Readonly<Record<TorchKind, (archive: TorchArchive) => void>> = {
  torchscript: readScript,
  'torch-package': readPackage,
  'torch-export': readExported,
  'torch-zip': readCheckpoint,
}

/** Reads the archive; a zip that is none of torch's is read as a zip. @throws Fault `budget-…` */
export function readTorchArchive(request: ReadRequest): FileFacts {
  const archive = new TorchArchive(request)
  if (archive.kind !== undefined) {
    archive.readSettings()
    TAKE[archive.kind](archive)
  }
  return archive.finish()
}
