/**
 * R data: what `saveRDS` and `save` write, unpacked (gzip, bzip2 and xz around it are opened by the readers of those).
 *
 * Source: `R-ints`, "Serialization Formats"; `serialize.c` of R 4.
 */
import { isFault } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import type { FormatReader, Glimpse, ReadRequest } from '../reader.ts'
import { ANOMALIES, type RDataAnomaly } from './anomalies.ts'
import { BinaryInput, TextInput, type RInput } from './input.ts'
import { RWalk } from './walk.ts'

const CODES: ReadonlySet<string> = new Set(ANOMALIES.map(({ code }) => code))
const WORKSPACE = /^RD[XAB][23]\n/
const STREAM = /^(?:X\n\0\0\0[\x02\x03]\0|B\n[\x02\x03]\0\0\0|A\n[23]\n\d{5,7}\n\d{5})/
const LONGEST_ENCODING = 64

function headOf({ head }: Pick<Glimpse, 'head'>): string {
  return Buffer.from(head.subarray(0, 16)).toString('latin1')
}

/** The input behind the letter that says its form. */
function openInput({ source }: ReadRequest, head: string): RInput | undefined {
  const form = WORKSPACE.test(head) ? 5 : 0
  const letter = head[form]
  if (head[form + 1] !== '\n') return undefined
  if (letter === 'A') return new TextInput(source, form + 2)
  if (letter !== 'X' && letter !== 'B') return undefined
  return new BinaryInput(source, { at: form + 2, littleEndian: letter === 'B' })
}

/** Version, writer and least reader; version 3 adds the name of an encoding. False when R has no such version. */
function readHeader(input: RInput, facts: FactCollector<RDataAnomaly>): boolean {
  const version = input.int()
  const writer = input.int()
  input.int()
  const encoding = version === 3 ? input.int() : 0
  if ((version !== 2 && version !== 3) || encoding < 0 || encoding > LONGEST_ENCODING) {
    facts.anomalies.add('rda-header', `version ${version} of the format`, { locus: 'header' })
    return false
  }
  if (version === 3) facts.metadata({ key: 'encoding', type: 'string', value: input.text(encoding, encoding) })
  const release = `${writer >> 16}.${(writer >> 8) & 255}.${writer & 255}`
  facts.metadata({ key: 'writer', type: 'string', value: `R ${release}` })
  return true
}

function read(request: ReadRequest): FileFacts {
  const facts = new FactCollector<RDataAnomaly>(request, 'r-data', ANOMALIES)
  const { source } = request
  const input = openInput(request, headOf({ head: source.read(0, Math.min(16, source.size)) }))
  if (input === undefined) {
    facts.anomalies.add('rda-header', 'the file does not begin as R data do', { locus: 'header', offset: 0 })
    return facts.finish()
  }
  try {
    const walk = new RWalk(request, facts, input)
    if (!readHeader(input, facts)) return facts.finish()
    walk.item()
    walk.finish()
  } catch (thrown) {
    if (!isFault(thrown) || !CODES.has(thrown.code)) throw thrown
    const offset = Number(thrown.details['offset'] ?? input.at)
    facts.anomalies.add(thrown.code as RDataAnomaly, thrown.message, { locus: 'stream', offset })
  }
  facts.claim('metadata', 0, input.at)
  return facts.finish()
}

/** See the module. */
export const rDataReader: FormatReader = {
  format: 'r-data',
  title: 'R data (RDS, RData)',
  version: 1,
  extensions: ['.rds', '.rdata', '.rda'],
  sniff: (glimpse) => {
    const head = headOf(glimpse)
    if (WORKSPACE.test(head) || STREAM.test(head)) return 'magic'
    return /\.(rds|rdata|rda)$/i.test(glimpse.path) ? 'name' : null
  },
  read,
}
