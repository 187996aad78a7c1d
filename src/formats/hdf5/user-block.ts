/**
 * The user block: bytes before the HDF5 part, which HDF5 passes over and in which a program may keep what it likes.
 *
 * MATLAB writes a line of text there. Anything else is noted, because another reader may take it for the whole file.
 */
import type { Hdf5File } from './file.ts'
import { foreignFile } from './foreign.ts'

const LONGEST = 1024 * 1024
const MATLAB = /^MATLAB 7\.3 MAT-file[\x20-\x7e\r\n]*[\0 ]{0,16}[\0-\xff]{0,16}\0*$/

/** Claims the user block and notes what it holds; what begins as another file is left to be read as what it is. */
export function readUserBlock(file: Hdf5File): void {
  const { base } = file.sizes
  if (base === 0) return
  const head = new Uint8Array(file.source.read(0, Math.min(base, LONGEST)))
  const isPlain = base <= LONGEST && head.every((byte) => byte === 0)
  const title = isPlain ? undefined : foreignFile(head)
  file.locus = 'user block'
  if (title !== undefined)
    return file.note('h5-hidden-file', `${base} bytes before the HDF5 part begin as ${title} does`, 0)
  file.extents.add(0, base, isPlain ? 'padding' : 'opaque')
  if (!isPlain && !MATLAB.test(Buffer.from(head).toString('latin1')))
    file.note('h5-user-block', `${base} bytes before the HDF5 part are not zero`, 0)
}
