/**
 * What joblib before 0.10 wrote when it was asked to compress: a mark, the length in hexadecimal, and a zlib stream.
 *
 * What comes out of the stream is a pickle, which is read as a file of its own; arrays lie in files beside it.
 *
 * Source: `joblib/numpy_pickle_compat.py`, `read_zfile` and `write_zfile`.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { baseName } from '../glimpse.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { sliceSource } from '../slice-source.ts'

const HEAD = /^ZF(0x[0-9a-fA-F]{1,16})L? {0,19}/
const HEAD_BYTES = 21

function readOld(request: ReadRequest): FileFacts {
  const { source, path } = request
  const facts = new FactCollector(request, 'joblib-z', [])
  const head = Buffer.from(source.read(0, Math.min(source.size, HEAD_BYTES + 1))).toString('latin1')
  // Python 2 wrote one space more.
  const from = head.endsWith(' ') ? HEAD_BYTES + 1 : HEAD_BYTES
  if (!HEAD.test(head) || source.size <= from) {
    facts.claim('opaque', 0, source.size)
    return facts.finish({ reading: 'listed', reason: 'no zlib stream follows the mark' })
  }
  facts.claim('header', 0, from)
  facts.claim('opaque', from, source.size)
  const stream = sliceSource(source, from, source.size - from)
  // joblib wrote such files under any ending, `.gz` among them.
  const name = `${baseName(path).replace(/\.g?z$/, '')}.z`
  request.readMember({ name, source: stream, at: from, format: 'zlib' })
  return facts.finish()
}

/** See the module. */
export const joblibZReader: FormatReader = {
  format: 'joblib-z',
  title: 'joblib compressed pickle (before 0.10)',
  version: 1,
  extensions: ['.joblib', '.pkl', '.z', '.gz'],
  sniff: ({ head }) => (HEAD.test(Buffer.from(head.subarray(0, HEAD_BYTES)).toString('latin1')) ? 'magic' : null),
  read: readOld,
}
