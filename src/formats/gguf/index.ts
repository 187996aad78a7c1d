/** GGUF: the single-file format of llama.cpp and its kin. */
import type { FormatReader } from '../reader.ts'
import { OBSOLETE_MAGICS, readGguf } from './read.ts'

/** Reads GGUF version 2 and 3 in either byte order; recognises what came before it. */
export const ggufReader: FormatReader = {
  format: 'gguf',
  title: 'GGUF',
  version: 2,
  extensions: ['.gguf', '.ggml'],
  sniff: ({ path, head }) => {
    const magic = Buffer.from(head.subarray(0, 4)).toString('latin1')
    if (magic === 'GGUF' || OBSOLETE_MAGICS.includes(magic)) return 'magic'
    return /\.(gguf|ggml)$/i.test(path) ? 'name' : null
  },
  read: readGguf,
}
