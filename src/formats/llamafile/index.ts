/**
 * Actually portable executables, of which a llamafile is one: a program for several systems in one file, with a zip at
 * its end that holds the weights.
 *
 * Windows reads it as PE, a shell as a script that writes an ELF or Mach-O header over itself, and a reader of zips as
 * an archive. All three are looked at: which there are is told, the archive is opened as any other, and of the program,
 * which stands before it, the digest is told, so that it can be held against the builds of its makers.
 *
 * Source: the Cosmopolitan APE specification 0.1; llamafile's README.
 */
import { createHash } from 'node:crypto'
import { isFault } from '../../base/index.ts'
import { contentChunks } from '../byte-source.ts'
import { ANOMALIES, type ExecutableAnomaly } from '../executable/anomalies.ts'
import { readPortable } from '../executable/portable.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { takeGlimpse } from '../sniff.ts'
import { readZip, readZipMembers, ZIP_ANOMALIES, type ZipAnomaly } from '../zip/index.ts'

const END_RECORD = 'PK\u0005\u0006'
const MAGICS: readonly string[] = ["MZqFpD='", "jartsr='"]
/** Where the header that a shell writes must begin. */
const SCRIPT = 8192
/** How the first bytes of an ELF header stand in the script, and how a Mach-O header is copied over the file. */
const ELF_IN_SCRIPT = "printf '\\177ELF"
const MACH_O_IN_SCRIPT = 'dd if="$o" of="$o" bs='

function isPortable(request: ReadRequest): boolean {
  try {
    return readPortable(request.source).end > 0
  } catch (thrown) {
    if (!isFault(thrown) || thrown.code.startsWith('budget-')) throw thrown
    return false
  }
}

function systemsOf(request: ReadRequest): readonly string[] {
  const { source } = request
  const script = Buffer.from(source.read(0, Math.min(SCRIPT, source.size))).toString('latin1')
  return [
    ...(script.startsWith('MZ') && isPortable(request) ? ['PE'] : []),
    ...(script.includes(ELF_IN_SCRIPT) ? ['ELF'] : []),
    ...(script.includes(MACH_O_IN_SCRIPT) ? ['Mach-O'] : []),
    'shell',
  ]
}

/** Opens the archive at the end, if there is one, and gives where it begins. */
function readArchive(request: ReadRequest, facts: FactCollector<ExecutableAnomaly | ZipAnomaly>): number {
  const { tail } = takeGlimpse(request.path, request.source)
  if (!Buffer.from(tail).includes(END_RECORD)) return request.source.size
  const { members } = readZip(request, facts)
  readZipMembers(request, facts, { members })
  return members.reduce((least, { headerFrom }) => Math.min(least, headerFrom), request.source.size)
}

function digestOf({ source }: ReadRequest, end: number): string {
  const hash = createHash('sha256')
  for (const chunk of contentChunks(source, 0, end)) hash.update(chunk)
  return hash.digest('hex')
}

function readLlamafile(request: ReadRequest): FileFacts {
  const facts = new FactCollector(request, 'llamafile', [...ANOMALIES, ...ZIP_ANOMALIES])
  const systems = systemsOf(request)
  const end = readArchive(request, facts)
  facts.claim('code', 0, end)
  const digest = digestOf(request, end)
  facts.metadata({ key: 'program.systems', type: 'array<string>', value: systems, count: systems.length })
  facts.metadata({ key: 'program.bytes', type: 'u64', value: end })
  facts.metadata({ key: 'program.sha256', type: 'string', value: digest })
  const message = `a program of ${end} bytes for ${systems.join(', ')}, SHA-256 ${digest}, is no build that is known here`
  facts.anomalies.add('exe-portable', message, { locus: 'program', offset: 0, length: end })
  return facts.finish({ reading: 'listed', reason: 'the program in it is not audited', broken: 'listed' })
}

/** See the module. */
export const llamafileReader: FormatReader = {
  format: 'llamafile',
  title: 'llamafile or other αcτµαlly pδrταblε executable',
  version: 1,
  extensions: ['.llamafile', '.exe', '.com'],
  sniff: ({ head }) => (MAGICS.includes(Buffer.from(head.subarray(0, 8)).toString('latin1')) ? 'magic' : null),
  read: readLlamafile,
}
