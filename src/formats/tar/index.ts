/**
 * tar: headers and contents in blocks of 512 bytes, one behind the other.
 *
 * Dialects differ in how they say what does not fit into a header; where a header and its extension disagree, so do
 * readers.
 *
 * Source: as in `header.ts` and `pax.ts`.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { ANOMALIES } from './anomalies.ts'
import { BLOCK, hasChecksum } from './header.ts'
import { TarWalk } from './walk.ts'

/** A name that begins as another format does: the first bytes of a tar are a name, which anybody may choose. */
const FOREIGN = /^(%PDF-|%!PS|MZ|\x7fELF|#!|<|GIF8|\x89PNG|PK|GGUF|\x80[\x02-\x05]|\{)/i

function readTar(request: ReadRequest): FileFacts {
  const facts = new FactCollector(request, 'tar', ANOMALIES)
  new TarWalk(request, facts).run()
  return facts.finish({ broken: 'listed' })
}

/** Reads a tar and all of its members. */
export const tarReader: FormatReader = {
  format: 'tar',
  title: 'Tar archive',
  version: 1,
  extensions: ['.tar'],
  sniff: ({ head, path }) => {
    const block = Buffer.from(head.subarray(0, BLOCK))
    if (block.length === BLOCK && (block[0] !== 0 || block[257] !== 0) && hasChecksum(block))
      return FOREIGN.test(block.toString('latin1', 0, 16)) ? 'magic' : 'structure'
    return path.toLowerCase().endsWith('.tar') ? 'name' : null
  },
  read: readTar,
}
