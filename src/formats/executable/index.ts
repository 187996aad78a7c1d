/**
 * Programs: what they are for and where they end. They are never cleared; what stands behind their end is seen.
 */
import { isFault } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import type { FormatReader, Glimpse, ReadRequest } from '../reader.ts'
import { ANOMALIES } from './anomalies.ts'
import { readElf } from './elf.ts'
import type { Image } from './image.ts'
import { readMachO } from './mach-o.ts'
import { readPortable } from './portable.ts'
import { readWasm } from './wasm.ts'

interface ProgramFormat {
  readonly format: string
  readonly title: string
  readonly extensions: readonly string[]
  isIt(glimpse: Glimpse): boolean
  read(request: ReadRequest['source']): Image
}

const MOST_NAMED = 64
/** Zeros at the end that linkers and patchers leave there. */
const MOST_PADDING = 4096

function view({ head }: Glimpse): DataView {
  return new DataView(head.buffer, head.byteOffset, head.byteLength)
}

function begins({ head }: Glimpse, ...signatures: readonly string[]): boolean {
  return signatures.includes(Buffer.from(head.subarray(0, 4)).toString('hex'))
}

/** MZ and a PE header where it says; the header may lie behind the head. */
function isPortable(glimpse: Glimpse): boolean {
  const { head, size } = glimpse
  if (head.length < 64 || head[0] !== 0x4d || head[1] !== 0x5a) return false
  if (Buffer.from(head.subarray(0, 8)).toString('latin1') === "MZqFpD='") return false
  const at = view(glimpse).getUint32(60, true)
  if (at + 4 > head.length) return at + 4 <= size && at < 65_536
  return view(glimpse).getUint32(at, true) === 0x4550
}

/** A fat file is for a few processors; a Java class has a version of 45 or more in the same place. */
function isMachO(glimpse: Glimpse): boolean {
  if (begins(glimpse, 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe')) return true
  return begins(glimpse, 'cafebabe') && glimpse.head.length >= 8 && view(glimpse).getUint32(4) < 45
}

const FORMATS: readonly ProgramFormat[] = [
  {
    format: 'elf',
    title: 'ELF executable or library',
    extensions: ['.so', '.o', '.elf', '.ko'],
    isIt: (glimpse) => begins(glimpse, '7f454c46'),
    read: readElf,
  },
  {
    format: 'portable-executable',
    title: 'Windows executable or library',
    extensions: ['.exe', '.dll', '.pyd', '.sys'],
    isIt: isPortable,
    read: readPortable,
  },
  {
    format: 'mach-o',
    title: 'Mach-O executable or library',
    extensions: ['.dylib', '.bundle', '.so'],
    isIt: isMachO,
    read: readMachO,
  },
  {
    format: 'wasm',
    title: 'WebAssembly',
    extensions: ['.wasm'],
    isIt: (glimpse) => begins(glimpse, '0061736d'),
    read: readWasm,
  },
]

function tryRead({ read }: ProgramFormat, { source }: ReadRequest): Image | string {
  try {
    return read(source)
  } catch (thrown) {
    if (!isFault(thrown) || thrown.code.startsWith('budget-')) throw thrown
    return thrown.message
  }
}

function readProgram(format: ProgramFormat, request: ReadRequest): FileFacts {
  const { size } = request.source
  const facts = new FactCollector(request, format.format, ANOMALIES)
  const image = tryRead(format, request)
  facts.anomalies.add('exe-program', `${format.title}: whoever starts or loads it runs it`, { locus: 'file' })
  if (typeof image === 'string') {
    facts.anomalies.add('exe-broken', image, { locus: 'header' })
    facts.claim('code', 0, size)
    return facts.finish({ broken: 'listed' })
  }
  if (image.end > size)
    facts.anomalies.add('exe-broken', `it reaches to ${image.end} and has ${size} bytes`, { locus: 'header' })
  facts.claim('code', 0, Math.min(image.end, size))
  if (image.end < size && size - image.end < MOST_PADDING) facts.claim('padding', image.end, size)
  facts.metadata({ key: 'program.machine', type: 'string', value: image.machine })
  facts.metadata({ key: 'program.kind', type: 'string', value: image.kind })
  const names = image.parts.slice(0, MOST_NAMED)
  facts.metadata({ key: 'program.parts', type: 'array<string>', value: names, count: image.parts.length })
  return facts.finish({ reading: 'listed', reason: `${format.title}: programs are not audited`, broken: 'listed' })
}

/** One reader for each kind of program. */
export const executableReaders: readonly FormatReader[] = FORMATS.map((format) => ({
  format: format.format,
  title: format.title,
  version: 1,
  extensions: format.extensions,
  sniff: (glimpse) => (format.isIt(glimpse) ? 'magic' : null),
  read: (request) => readProgram(format, request),
}))
