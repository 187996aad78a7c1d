/**
 * Python bytecode: `.pyc` files, and marshalled code wherever a container keeps it.
 *
 * Bytecode is never understood here, only listed: the names and texts of its code objects, and what they reach. So a
 * file of it is never better than inconclusive.
 */
import { Fault, isFault } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { CodeFact } from '../facts.ts'
import { CodeReport } from '../python/report.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { ANOMALIES, type PycAnomaly } from './anomalies.ts'
import { unmarshal, type CodeObject } from './marshal.ts'
import { noteCodes } from './names.ts'
import { versionOf, type CodeLayout, type PythonVersion } from './versions.ts'

const FORMAT = 'pyc'
const LONGEST_FILE = 16 * 1024 * 1024
const MOST_LISTED = 64
const LAYOUTS: readonly CodeLayout[] = ['3.11', '3.8', '3.0', '2.3']
const UNREAD = 'bytecode, whose names and texts are listed and whose instructions are not read'

/** What marshalled bytes hold. */
export interface MarshalDescription {
  readonly codes: readonly CodeObject[]
  readonly facts: readonly CodeFact[]
}

/**
 * Describes marshalled code that stands without the head of a file, as Keras keeps a Lambda; undefined when the bytes
 * are no marshalled code of any version.
 */
export function describeMarshal(bytes: Uint8Array): MarshalDescription | undefined {
  for (const layout of LAYOUTS) {
    try {
      const { codes, end } = unmarshal(bytes, { at: 0, layout })
      if (end !== bytes.length || codes.length === 0) continue
      const report = new CodeReport()
      noteCodes(codes, report)
      return { codes, facts: report.facts }
    } catch (thrown) {
      if (!isFault(thrown, 'pyc-broken')) throw thrown
    }
  }
  return undefined
}

function listCodes(codes: readonly CodeObject[], facts: FactCollector<PycAnomaly>): void {
  for (const { path, names, constants } of codes) {
    const listed = names.slice(0, MOST_LISTED)
    const cut = listed.length < names.length ? { count: names.length } : {}
    facts.metadata({ key: `${path} names`, type: 'array<string>', value: listed.map(shown), ...cut })
    const texts = constants.filter((text) => text.length >= 4).slice(0, MOST_LISTED)
    if (texts.length > 0) facts.metadata({ key: `${path} texts`, type: 'array<string>', value: texts.map(shown) })
  }
}

function shown(text: string): string {
  return text.slice(0, 256).toWellFormed()
}

function takeCode(bytes: Uint8Array, version: PythonVersion, facts: FactCollector<PycAnomaly>): void {
  const { codes, end } = unmarshal(bytes, { at: version.header, layout: version.layout })
  const report = new CodeReport()
  noteCodes(codes, report)
  for (const fact of report.facts) facts.code(fact)
  listCodes(codes, facts)
  facts.claim('code', version.header, end)
}

function bytesOf({ source }: ReadRequest): Uint8Array {
  if (source.size > LONGEST_FILE)
    throw new Fault('budget-bytes', `bytecode of ${source.size} bytes; at most ${LONGEST_FILE} are read`)
  return source.read(0, source.size)
}

/** See the module. */
export const pycReader: FormatReader = {
  format: FORMAT,
  title: 'Python bytecode',
  version: 1,
  extensions: ['.pyc', '.pyo'],
  sniff({ head }) {
    if (head.length < 16 || head[2] !== 0x0d || head[3] !== 0x0a) return null
    const magic = (head[0] as number) | ((head[1] as number) << 8)
    return (magic >= 3000 && magic < 4000) || (magic >= 20_000 && magic < 63_000) ? 'magic' : null
  },
  read(request) {
    const facts = new FactCollector<PycAnomaly>(request, FORMAT, ANOMALIES)
    const bytes = bytesOf(request)
    const magic = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8)
    const version = versionOf(magic)
    facts.reference({ kind: 'code', target: request.path, locus: 'file' })
    if (version === undefined) {
      facts.anomalies.add('pyc-version', `the magic number ${magic} is of no known version`, { locus: 'header' })
      return facts.finish({ broken: 'listed' })
    }
    facts.metadata({ key: 'python.version', type: 'string', value: version.name })
    facts.claim('header', 0, Math.min(version.header, bytes.length))
    try {
      takeCode(bytes, version, facts)
    } catch (thrown) {
      if (!isFault(thrown, 'pyc-broken')) throw thrown
      const offset = Number(thrown.details['offset'] ?? 0)
      facts.anomalies.add('pyc-broken', thrown.message, { locus: 'code', offset })
    }
    return facts.finish({ reading: 'listed', reason: UNREAD, broken: 'listed' })
  },
}
