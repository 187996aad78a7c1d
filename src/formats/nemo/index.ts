/**
 * NVIDIA NeMo: a tar of a configuration and a checkpoint. What is in it decides, so each member is read as what it is.
 *
 * The configuration names the classes that are built; the checkpoint is a pickle.
 */
import type { FormatReader, Glimpse } from '../reader.ts'
import { BLOCK, hasChecksum, parseHeader } from '../tar/header.ts'
import { tarReader } from '../tar/index.ts'

const MEMBER = /(^|\/)(model_config\.yaml|model_weights\.ckpt|model_weights\/?)$/

function isNemo({ head, path }: Glimpse): boolean {
  const block = Buffer.from(head.subarray(0, BLOCK))
  if (block.length < BLOCK || !hasChecksum(block)) return false
  return path.toLowerCase().endsWith('.nemo') || MEMBER.test(parseHeader(block).name)
}

/** See the module. */
export const nemoReader: FormatReader = {
  format: 'nemo',
  title: 'NVIDIA NeMo model',
  version: 1,
  extensions: ['.nemo'],
  specialises: 'tar',
  sniff: (glimpse) => (isNemo(glimpse) ? 'magic' : null),
  read: (request) => ({ ...tarReader.read(request), format: 'nemo' }),
}
