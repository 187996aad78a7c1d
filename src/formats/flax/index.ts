/**
 * Flax weights: MessagePack with arrays in extensions.
 *
 * The whole stream is walked; the bytes of arrays are passed over. Source: the MessagePack specification;
 * `flax/serialization.py` of Flax 0.12.
 */
import { isFault } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { PageReader } from '../page-reader.ts'
import type { FormatReader, Glimpse, ReadRequest } from '../reader.ts'
import { ANOMALIES, type FlaxAnomaly } from './anomalies.ts'
import { takeValue, type FlaxWalk } from './walk.ts'

const CODES: ReadonlySet<string> = new Set(ANOMALIES.map(({ code }) => code))

/** A map of at least one entry whose first key is a short printable text. */
function beginsAsMap({ head }: Glimpse): boolean {
  const [kind = 0] = head
  const at = kind >= 0x81 && kind <= 0x8f ? 1 : kind === 0xde ? 3 : kind === 0xdf ? 5 : 0
  const key = head[at] ?? 0
  if (at === 0 || key < 0xa1 || key > 0xbf) return false
  return head.subarray(at + 1, at + 1 + (key & 31)).every((byte) => byte >= 0x20 && byte < 0x7f)
}

function read(request: ReadRequest): FileFacts {
  const facts = new FactCollector<FlaxAnomaly>(request, 'flax', ANOMALIES)
  const cursor = new PageReader(request.source, { littleEndian: false })
  const walk: FlaxWalk = { request, facts, cursor, claimed: 0, quiet: false, pieces: undefined }
  try {
    takeValue(walk, '', 1)
    facts.claim('metadata', walk.claimed, cursor.at)
  } catch (thrown) {
    if (!isFault(thrown) || !CODES.has(thrown.code)) throw thrown
    const offset = Number(thrown.details['offset'] ?? cursor.at)
    facts.anomalies.add(thrown.code as FlaxAnomaly, thrown.message, { locus: 'stream', offset })
  }
  return facts.finish()
}

/** See the module. */
export const flaxReader: FormatReader = {
  format: 'flax',
  title: 'Flax weights (MessagePack)',
  version: 1,
  extensions: ['.msgpack', '.mpk'],
  sniff: (glimpse) => {
    if (!/\.(msgpack|mpk)$/i.test(glimpse.path)) return null
    return beginsAsMap(glimpse) ? 'structure' : 'name'
  },
  read,
}
