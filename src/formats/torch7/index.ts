/**
 * Torch7 files (.t7): what `torch.save` of Lua Torch writes in its binary form.
 *
 * Source: `File.lua` of Torch7.
 */
import { isFault } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { PageReader } from '../page-reader.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { ANOMALIES, type Torch7Anomaly } from './anomalies.ts'
import { Torch7Walk } from './walk.ts'

const CODES: ReadonlySet<string> = new Set(ANOMALIES.map(({ code }) => code))
/** The first object is of a class: type, number, length of the version, version. */
const BINARY = '\x04\0\0\0\x01\0\0\0\x03\0\0\0V 1'
/** The same in the form of text, which is not read. */
const TEXT = /^4\r?\n1\r?\n3\r?\nV 1\r?\n/

function headOf(head: Uint8Array): string {
  return Buffer.from(head.subarray(0, 24)).toString('latin1')
}

function read(request: ReadRequest): FileFacts {
  const facts = new FactCollector<Torch7Anomaly>(request, 'torch7', ANOMALIES)
  const { source } = request
  if (TEXT.test(headOf(source.read(0, Math.min(24, source.size))))) {
    facts.claim('opaque', 0, source.size)
    return facts.finish({ reading: 'recognised', reason: 'a Torch7 file in the form of text, which is not read' })
  }
  const cursor = new PageReader(source)
  const walk = new Torch7Walk(request, facts, cursor)
  try {
    walk.object('')
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    const code = thrown.code === 'size-overflow' ? 'lua-length' : thrown.code
    if (!CODES.has(code)) throw thrown
    const offset = Number(thrown.details['offset'] ?? cursor.at)
    facts.anomalies.add(code as Torch7Anomaly, thrown.message, { locus: 'stream', offset })
  }
  walk.finish()
  return facts.finish()
}

/** See the module. */
export const torch7Reader: FormatReader = {
  format: 'torch7',
  title: 'Torch7 object',
  version: 1,
  extensions: ['.t7', '.net'],
  sniff: ({ path, head }) => {
    const text = headOf(head)
    if (text.startsWith(BINARY) || TEXT.test(text)) return 'magic'
    if (!/\.t7$/i.test(path)) return null
    return /^[\0-\x08]\0\0\0/.test(text) ? 'structure' : 'name'
  },
  read,
}
