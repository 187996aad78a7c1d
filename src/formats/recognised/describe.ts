/**
 * The facts of a file that is recognised and not read.
 *
 * Where it is an archive, its members are read none the less: what the format makes of them is not known here, and what
 * they are is.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import type { ReadRequest } from '../reader.ts'
import { takeGlimpse } from '../sniff.ts'
import { ANOMALIES as TAR } from '../tar/anomalies.ts'
import { BLOCK, hasChecksum } from '../tar/header.ts'
import { TarWalk } from '../tar/walk.ts'
import { readZip, readZipMembers, ZIP_ANOMALIES } from '../zip/index.ts'
import { ANOMALIES } from './anomalies.ts'
import { ANOMALY_OF_KIND, type RecognisedFormat } from './recognised-format.ts'
import { ZIP_FORMATS } from './zip-formats.ts'
import { beginsAsZip } from './zip-names.ts'

const ZIPS: ReadonlySet<string> = new Set(ZIP_FORMATS.map(({ id }) => id))
const TARS: ReadonlySet<string> = new Set(['torch-tar', 'nemo'])

/** Reads the members of what is an archive; false when it is none. */
function openArchive(
  id: string,
  request: ReadRequest,
  facts: FactCollector<(typeof EVERYTHING)[number]['code']>,
): boolean {
  const glimpse = takeGlimpse(request.path, request.source)
  const isZip = ZIPS.has(id) && beginsAsZip(glimpse)
  const isTar =
    TARS.has(id) && glimpse.head.length >= BLOCK && hasChecksum(Buffer.from(glimpse.head.subarray(0, BLOCK)))
  if (isZip) readZipMembers(request, facts, readZip(request, facts))
  if (isTar) new TarWalk(request, facts).run()
  return isZip || isTar
}

const EVERYTHING = [...ANOMALIES, ...ZIP_ANOMALIES, ...TAR] as const

/** See the module. */
export function describe(format: RecognisedFormat, request: ReadRequest): FileFacts {
  const { title, kind, danger } = format
  const facts = new FactCollector(request, format.id, EVERYTHING)
  const code = ANOMALY_OF_KIND[kind]
  if (code !== undefined) facts.anomalies.add(code, `${title}: ${danger}`, { locus: 'file' })
  facts.metadata({ key: 'recognised.title', type: 'string', value: title })
  facts.metadata({ key: 'recognised.kind', type: 'string', value: kind })
  facts.metadata({ key: 'recognised.danger', type: 'string', value: danger })
  const isOpened = openArchive(format.id, request, facts)
  if (!isOpened) facts.claim('opaque', 0, request.source.size)
  const reason = `${title}: recognised, not read in this version, so never cleared`
  return { ...facts.finish({ reading: isOpened ? 'listed' : 'recognised', reason, broken: 'listed' }), reason }
}
