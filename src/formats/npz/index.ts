/**
 * npz: a zip of NumPy arrays, each a member.
 *
 * `numpy.savez` stores them, `numpy.savez_compressed` deflates them. Each is read as a file of its own.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { zipHolding } from '../recognised/zip-names.ts'
import { readZip, readZipMembers, ZIP_ANOMALIES, type ZipAnomaly } from '../zip/index.ts'

const isNpz = zipHolding(/\.npy$/)
/** Archives of other formats that hold arrays among other things. */
const isOther = [zipHolding(/^schema\.json$/), zipHolding(/(^|\/)(data|constants)\.pkl$/)]

function readNpz(request: ReadRequest): FileFacts {
  const facts = new FactCollector<ZipAnomaly>(request, 'npz', ZIP_ANOMALIES)
  const { members } = readZip(request, facts)
  readZipMembers(request, facts, { members, role: 'tensor' })
  return facts.finish({ broken: 'listed' })
}

/** See the module. */
export const npzReader: FormatReader = {
  format: 'npz',
  title: 'NumPy arrays (npz)',
  version: 1,
  extensions: ['.npz'],
  specialises: 'zip',
  sniff: (glimpse) => (isNpz(glimpse) && !isOther.some((holds) => holds(glimpse)) ? 'magic' : null),
  read: readNpz,
}
