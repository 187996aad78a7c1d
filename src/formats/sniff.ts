/**
 * Decides by which reader a file is read, from its bytes; its name is only a claim to be checked.
 *
 * Every reader looks at head and tail. The surest wins; among equals the one whose ending of the name is the longest,
 * then the one that stands first. A special case of a format goes before the format itself. Two other readers that find their unmistakable signatures in one file make it a polyglot.
 */
import { AnomalyList } from './anomaly-list.ts'
import type { ByteSource } from './byte-source.ts'
import type { Anomaly } from './facts.ts'
import { ANOMALIES } from './general-anomalies.ts'
import { baseName } from './glimpse.ts'
import type { Confidence, FormatReader, Glimpse } from './reader.ts'

const GLIMPSE = 4096
const SURENESS: readonly Confidence[] = ['name', 'structure', 'magic']

/** The reader for a file, none when nobody knows it, and what is odd about the choice. */
export interface Sniffed {
  readonly reader: FormatReader | undefined
  readonly anomalies: readonly Anomaly[]
}

interface Candidate {
  readonly reader: FormatReader
  readonly sureness: number
  /** Length of the ending of the name that the reader claims, 0 for none. */
  readonly claim: number
}

/** Head and tail of a file. */
export function takeGlimpse(path: string, source: ByteSource): Glimpse {
  const length = Math.min(GLIMPSE, source.size)
  const head = source.read(0, length).slice()
  const tail = length === source.size ? head : source.read(source.size - length, length).slice()
  return { path, size: source.size, head, tail }
}

/** Length of the longest ending of the name that a reader claims; a whole name counts more than any ending. */
function claimOf({ extensions }: FormatReader, path: string): number {
  const name = baseName(path)
  const lengths = extensions.map((ending) => {
    if (ending === name) return 1000 + ending.length
    return ending.startsWith('.') && name.endsWith(ending) ? ending.length : 0
  })
  return Math.max(0, ...lengths)
}

function isSpecialCase(special: Candidate, general: Candidate): boolean {
  return special.reader.specialises === general.reader.format && special.sureness >= general.sureness
}

function checkName(chosen: Candidate, all: readonly Candidate[]): Anomaly | undefined {
  const strongest = Math.max(...all.map(({ claim }) => claim))
  if (chosen.claim > 0 || strongest === 0) return undefined
  const claimants = all.filter(({ claim }) => claim === strongest)
  const claimed = claimants.map(({ reader }) => reader.title).join(' or ')
  const message = `the name says ${claimed}, the bytes are ${chosen.reader.title}`
  return { code: 'extension-mismatch', message, locus: 'name' }
}

/** Readers of PDF take a head that lies in the first kilobyte, and an end in the last one. */
function holdsDocument({ head, tail }: Glimpse): boolean {
  const begins = Buffer.from(head.subarray(0, 1024)).includes('%PDF-')
  return begins && Buffer.from(tail.subarray(-1024)).includes('%%EOF') && Buffer.from(tail).includes('startxref')
}

/** Chooses among readers; see the module. */
export function sniff(glimpse: Glimpse, readers: readonly FormatReader[]): Sniffed {
  const all = readers.map((reader): Candidate => {
    return { reader, sureness: SURENESS.indexOf(reader.sniff(glimpse)), claim: claimOf(reader, glimpse.path) }
  })
  const ranked = all
    .filter(({ sureness }) => sureness >= 0)
    .toSorted((a, b) => b.sureness - a.sureness || b.claim - a.claim)
    .filter((candidate, _, both) => !both.some((other) => isSpecialCase(other, candidate)))
  const [chosen] = ranked
  if (chosen === undefined) return { reader: undefined, anomalies: [] }
  const anomalies = new AnomalyList(ANOMALIES)
  const certain = ranked.filter(({ sureness }) => SURENESS[sureness] === 'magic')
  if (certain.length > 1) {
    anomalies.add('polyglot', `signatures of ${certain.map(({ reader }) => reader.title).join(' and ')}`, {
      locus: 'file',
    })
  } else if (holdsDocument(glimpse) && chosen.reader.format !== 'pdf')
    anomalies.add('polyglot', `${chosen.reader.title} with a PDF document in its first and last bytes`, {
      locus: 'file',
    })
  const mismatch = checkName(chosen, all)
  return { reader: chosen.reader, anomalies: [...anomalies.toArray(), ...(mismatch === undefined ? [] : [mismatch])] }
}
