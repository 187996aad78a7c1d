/**
 * A byte source over a part of another: a member of an archive that is stored as it is.
 *
 * What is read is spent from the budget of the source below.
 */
import { readContent, type ByteSource } from './byte-source.ts'
import { checkRange } from './memory-source.ts'

/** The bytes [from, from + length) of a source. @throws Fault `truncated` when they do not all lie in it */
export function sliceSource(source: ByteSource, from: number, length: number): ByteSource {
  checkRange(source.size, from, length)
  return {
    size: length,
    read(offset, wanted) {
      checkRange(length, offset, wanted)
      return source.read(from + offset, wanted)
    },
    readContent(offset, wanted) {
      checkRange(length, offset, wanted)
      return readContent(source, from + offset, wanted)
    },
  }
}
