/**
 * LiteRT-LM bundles (.litertlm): a FlatBuffer that says which sections follow, and the sections.
 *
 * Source: `litertlm_header_schema.fbs` and `litertlm_read.cc` of LiteRT-LM 0.18.
 */
import { toSize } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { ANOMALIES as FLAT, type FlatAnomaly } from '../flatbuffer/anomalies.ts'
import { claimFlat, openFlat } from '../flatbuffer/open.ts'
import type { FlatTable } from '../flatbuffer/table.ts'
import { PageReader } from '../page-reader.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { ANOMALIES, type LitertAnomaly } from './anomalies.ts'
import { LITERT_SCHEMA } from './schema.ts'
import { readSection, readSections } from './sections.ts'

const MAGIC = 'LITERTLM'
const HEADER_BYTES = 32
const MAJOR = 1

type Facts = FactCollector<LitertAnomaly | FlatAnomaly>

/** Where the header ends; undefined, and an anomaly, when it is none that a loader takes. */
function readHeader({ source }: ReadRequest, facts: Facts): number | undefined {
  const place = { locus: 'header', offset: 0, length: HEADER_BYTES }
  if (source.size < HEADER_BYTES) {
    facts.anomalies.add('llm-header', `a file of ${source.size} bytes`, place)
    return undefined
  }
  const cursor = new PageReader(source, { at: MAGIC.length })
  const version = [cursor.u32(), cursor.u32(), cursor.u32()]
  cursor.skip(4)
  const end = cursor.u64()
  if (version[0] !== MAJOR || end < BigInt(HEADER_BYTES) || end > BigInt(source.size)) {
    facts.anomalies.add('llm-header', `version ${version.join('.')}, with a header up to ${end}`, place)
    return undefined
  }
  facts.metadata({ key: 'version', type: 'string', value: version.join('.') })
  facts.claim('magic', 0, HEADER_BYTES)
  return toSize(end)
}

function readEntries(root: FlatTable, facts: Facts): void {
  for (const entry of root.table('systemMetadata')?.tables('entries') ?? []) {
    const value = entry.union('value')
    const text = value?.string('value')
    const key = entry.string('key')?.toWellFormed() ?? ''
    if (value?.name === 'StringValue') facts.metadata({ key, type: 'string', value: text?.toWellFormed() ?? '' })
    else if (value !== undefined) facts.metadata({ key, type: 'number', value: value.number('value') })
  }
}

function read(request: ReadRequest): FileFacts {
  const facts: Facts = new FactCollector(request, 'litert-lm', [...ANOMALIES, ...FLAT])
  const headerEnd = readHeader(request, facts)
  if (headerEnd === undefined) return facts.finish()
  const format = { schema: LITERT_SCHEMA, root: 'LiteRTLMMetaData', at: HEADER_BYTES, identified: false }
  const flat = openFlat(request, facts, format)
  if (flat === undefined) return facts.finish()
  claimFlat(flat, facts)
  readEntries(flat.root, facts)
  let claimed = flat.end
  for (const section of readSections(flat.root, facts, { from: headerEnd, size: request.source.size })) {
    if (section.at > claimed) facts.claim('padding', claimed, section.at)
    readSection(request, facts, section)
    claimed = Math.max(claimed, section.at + section.length)
  }
  facts.claim('padding', claimed, request.source.size)
  return facts.finish()
}

/** See the module. */
export const litertLmReader: FormatReader = {
  format: 'litert-lm',
  title: 'LiteRT-LM bundle',
  version: 1,
  extensions: ['.litertlm'],
  sniff: ({ path, head }) => {
    if (Buffer.from(head.subarray(0, 8)).toString('latin1') === MAGIC) return 'magic'
    return /\.litertlm$/i.test(path) ? 'name' : null
  },
  read,
}
