/**
 * The reader of plain zips: archives that are no model format of their own.
 *
 * What is in the archive decides; the archive itself only has to be the same for everybody.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { beginsAsZip, endsAsZip } from '../recognised/zip-names.ts'
import type { Confidence, FormatReader, Glimpse, ReadRequest } from '../reader.ts'
import { ANOMALIES } from './anomalies.ts'
import { readZip, readZipMembers } from './index.ts'

/** Formats that end in a zip by design: TensorFlow Lite with metadata, actually portable executables. */
function endsInZipByDesign({ head }: Glimpse): boolean {
  const text = Buffer.from(head.subarray(0, 8)).toString('latin1')
  return text.startsWith('TFL3', 4) || text.startsWith("MZqFpD='") || text.startsWith("jartsr='")
}

/** A zip that stands at the end of something else is unmistakable; one that stands alone may be of a special kind. */
function sniffZip(glimpse: Glimpse): Confidence {
  if (beginsAsZip(glimpse)) return 'structure'
  return endsAsZip(glimpse) && !endsInZipByDesign(glimpse) ? 'magic' : null
}

/** Reads an archive and all of its members. */
function readArchive(request: ReadRequest): FileFacts {
  const facts = new FactCollector(request, 'zip', ANOMALIES)
  const { members } = readZip(request, facts)
  readZipMembers(request, facts, { members })
  return facts.finish({ broken: 'listed' })
}

/** See the module. */
export const zipReader: FormatReader = {
  format: 'zip',
  title: 'Zip archive',
  version: 1,
  extensions: ['.zip'],
  sniff: sniffZip,
  read: readArchive,
}
