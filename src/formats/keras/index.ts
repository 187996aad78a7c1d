/**
 * Keras v3 models: a zip of a configuration, the weights in HDF5, and assets.
 *
 * The configuration decides what is built and called; it is read as such whatever its name says, and so are the
 * weights. Every other member is read as what it is.
 *
 * Source: `keras/src/saving/saving_lib.py` of Keras 3.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { KERAS_ANOMALIES } from '../keras-config/index.ts'
import { beginsAsZip, zipHolding } from '../recognised/zip-names.ts'
import type { Confidence, FormatReader, Glimpse, ReadRequest } from '../reader.ts'
import { readZip, ZIP_ANOMALIES, type ZipMember } from '../zip/index.ts'
import { takeZipMember } from '../zip/members.ts'

const CONFIG = 'config.json'
const holdsWeights = zipHolding(/^model\.weights\.h5$/)
const holdsConfig = zipHolding(/^config\.json$/, /^metadata\.json$/)

function sniff(glimpse: Glimpse): Confidence {
  if (holdsWeights(glimpse) || holdsConfig(glimpse)) return 'magic'
  return beginsAsZip(glimpse) && glimpse.path.toLowerCase().endsWith('.keras') ? 'structure' : null
}

/** The reader that Keras itself would use, whatever the bytes look like. */
function formatOf({ name }: ZipMember): { readonly format?: string } {
  if (name === CONFIG) return { format: 'keras-config' }
  return name.endsWith('.weights.h5') ? { format: 'hdf5' } : {}
}

function read(request: ReadRequest): FileFacts {
  const facts = new FactCollector(request, 'keras', [...ZIP_ANOMALIES, ...KERAS_ANOMALIES])
  const { members } = readZip(request, facts)
  if (!members.some(({ name }) => name === CONFIG))
    facts.anomalies.add('krs-no-object', `the archive has no ${CONFIG}`, { locus: 'archive' })
  for (const member of members) {
    const format = formatOf(member)
    facts.claim(format.format === 'hdf5' ? 'tensor' : 'text', member.from, member.from + member.packedSize)
    if (!member.isFolder || member.size > 0) takeZipMember(request, facts, { ...member, ...format })
  }
  return facts.finish({ broken: 'listed' })
}

/** See the module. */
export const kerasReader: FormatReader = {
  format: 'keras',
  title: 'Keras v3 model',
  version: 1,
  extensions: ['.keras'],
  sniff,
  read,
}
