/**
 * From one file to its facts: sniff, read, account for every byte.
 *
 * Guarantee: always an answer, and `full` only when the reader understood the file and every byte of it belongs to
 * exactly one structure. A fault of the reader, of the budget or of the source is an anomaly and the file `unread`;
 * so is a mistake in a reader. An unread file has no tensors, so that nothing downstream can take it for weights.
 */
import { isFault } from '../base/index.ts'
import type { Budget } from './budget.ts'
import type { ByteSource } from './byte-source.ts'
import { accountFor } from './claims.ts'
import type { Anomaly, FactPiece, FileFacts } from './facts.ts'
import { lookIntoGaps } from './gaps.ts'
import { ANOMALIES } from './general-anomalies.ts'
import { Pending } from './pending.ts'
import { placeFacts, placeMember, type Place } from './read-member.ts'
import type { FormatReader, Member } from './reader.ts'
import { sniff, takeGlimpse } from './sniff.ts'

const KNOWN_CODES: ReadonlySet<string> = new Set(ANOMALIES.map(({ code }) => code))

/** Facts of a file that was not read, for the reason that the anomaly gives. */
export function unreadFacts(
  file: { readonly path: string; readonly size: number },
  format: string,
  anomaly: Anomaly,
): FileFacts {
  const { path, size } = file
  const nothing = { tensors: [], metadata: [], references: [], claims: [] }
  return { path, size, format, reading: 'unread', reason: anomaly.message, ...nothing, anomalies: [anomaly] }
}

/** What was thrown, as an anomaly: faults that have a code of their own keep it. */
export function anomalyOf(thrown: unknown): Anomaly {
  if (!isFault(thrown))
    return { code: 'reader-crashed', message: `the reader failed: ${String(thrown).slice(0, 200)}`, locus: 'file' }
  const code = KNOWN_CODES.has(thrown.code) ? thrown.code : 'reader-fault'
  return { code, message: thrown.message.slice(0, 1000).toWellFormed(), locus: 'file' }
}

/** One file to read, with its members. */
export interface FileToRead {
  readonly path: string
  readonly source: ByteSource
  readonly budget: Budget
  /** See `ReadRequest`; false unless told. */
  readonly peek?: boolean
  /** See `ReadRequest`. */
  readonly emit?: (piece: FactPiece) => void
}

/** What is shared by a file and all that lies within it. */
interface Reading {
  readonly budget: Budget
  readonly peek: boolean
  readonly readers: readonly FormatReader[]
  readonly members: FileFacts[]
  readonly emit: ((piece: FactPiece) => void) | undefined
}

function account(facts: FileFacts, { source }: Place, { peek }: Reading): FileFacts {
  if (facts.reading === 'unread') return { ...facts, tensors: [] }
  if (facts.reading === 'recognised' || peek) return facts
  const { complete, anomalies } = accountFor(facts.claims, source)
  if (complete) return facts
  const all = [...facts.anomalies, ...anomalies]
  if (facts.reading !== 'full') return { ...facts, anomalies: all }
  return {
    ...facts,
    reading: 'listed',
    reason: anomalies[0]?.message ?? 'not every byte is accounted for',
    anomalies: all,
  }
}

function readBy(reader: FormatReader, place: Place, reading: Reading): FileFacts {
  const { path, source, depth } = place
  const { budget, peek, emit } = reading
  const readMember = (member: Member): FileFacts => readWithin(member, place, reading)
  try {
    const facts = account(
      reader.read({ path, source, depth, peek, budget, readMember, ...(emit && { emit }) }),
      place,
      reading,
    )
    return { ...facts, anomalies: [...facts.anomalies, ...readGaps(facts, place, reading)] }
  } catch (thrown) {
    emit?.({ discard: true })
    if (thrown instanceof Pending) throw thrown
    return unreadFacts({ path, size: source.size }, reader.format, anomalyOf(thrown))
  }
}

/** Has read what lies in the gaps of a file, and says that it is there. */
function readGaps({ anomalies }: FileFacts, place: Place, reading: Reading): readonly Anomaly[] {
  return lookIntoGaps(place.source, anomalies, reading.readers).map(({ from, source, reader }) => {
    const name = `bytes from ${from}`
    readWithin({ name, source, at: from, format: reader.format }, place, reading)
    const message = `${source.size} bytes from ${from}, which belong to no structure, are ${reader.title}`
    return { code: 'polyglot', message, locus: name, offset: from, length: source.size }
  })
}

function readWithin(member: Member, container: Place, reading: Reading): FileFacts {
  const place = placeMember(container, member)
  reading.budget.spendMember(place.depth)
  const index = reading.members.length
  const named = reading.readers.find(({ format }) => format === member.format)
  const quiet = { ...reading, emit: undefined }
  const facts = named === undefined ? readPlace(place, quiet) : readBy(named, place, quiet)
  reading.members.splice(index, 0, placeFacts(facts, place))
  return facts
}

/** Text files that are often empty and mean something by being there. */
const EMPTY_BY_HABIT = /\.(py|pyi|txt|md|typed|gitkeep|keep|gitignore|gitattributes)$/i

function emptyFacts(file: { readonly path: string; readonly size: number }): FileFacts {
  if (!EMPTY_BY_HABIT.test(file.path))
    return unreadFacts(file, 'unknown', { code: 'empty-file', message: 'the file has no bytes', locus: 'file' })
  const nothing = { tensors: [], metadata: [], references: [], claims: [], anomalies: [] }
  return { ...file, format: 'text', reading: 'full', ...nothing }
}

function readPlace(place: Place, reading: Reading): FileFacts {
  const file = { path: place.path, size: place.source.size }
  if (file.size === 0) return emptyFacts(file)
  try {
    const { reader, anomalies } = sniff(takeGlimpse(file.path, place.source), reading.readers)
    if (reader === undefined) {
      return unreadFacts(file, 'unknown', {
        code: 'unknown-format',
        message: 'no reader knows the format of the file',
        locus: 'file',
      })
    }
    const facts = readBy(reader, place, reading)
    return { ...facts, anomalies: [...anomalies, ...facts.anomalies] }
  } catch (thrown) {
    if (thrown instanceof Pending) throw thrown
    return unreadFacts(file, 'unknown', anomalyOf(thrown))
  }
}

/**
 * Reads one file with the given readers, and what lies within it; see the module.
 *
 * @throws Pending when a reader must wait, and nothing else
 */
export function readFile(file: FileToRead, readers: readonly FormatReader[]): FileFacts {
  const { path, source, budget, peek = false, emit } = file
  const members: FileFacts[] = []
  const facts = readPlace(
    { path, source, depth: 0, outermost: path, base: 0 },
    { budget, peek, readers, members, emit },
  )
  return members.length === 0 ? facts : { ...facts, members }
}

/** The lists of facts that come in pieces. */
const PIECES = ['tensors', 'metadata', 'references', 'texts', 'code', 'templates', 'weightUses'] as const
/** Those that a file only has when there is something in them. */
const SOMETIMES = ['texts', 'code', 'templates', 'weightUses'] as const
type PieceKind = (typeof PIECES)[number]

/** Gathers the pieces of one file in the order in which they came, and gives its facts whole. */
export class PieceJoiner {
  #lists = new Map<PieceKind, unknown[]>()

  /** Adds a piece, or forgets all that came before. */
  add(piece: FactPiece): void {
    if (piece.discard === true) this.#lists = new Map()
    for (const kind of PIECES) {
      const list = this.#lists.get(kind) ?? []
      this.#lists.set(kind, list)
      for (const fact of piece[kind] ?? []) list.push(fact)
    }
  }

  #list<Kind extends PieceKind>(kind: Kind): NonNullable<FileFacts[Kind]> {
    return (this.#lists.get(kind) ?? []) as unknown as NonNullable<FileFacts[Kind]>
  }

  /** The facts, with what came in pieces before what came at the end. */
  join(last: FileFacts): FileFacts {
    this.add(last)
    const { texts: _texts, code: _code, templates: _templates, weightUses: _uses, ...rest } = last
    const tensors = last.reading === 'unread' ? [] : this.#list('tensors')
    const some = SOMETIMES.filter((kind) => this.#list(kind).length > 0)
    const sometimes: Partial<FileFacts> = Object.fromEntries(some.map((kind) => [kind, this.#list(kind)]))
    return {
      ...rest,
      tensors,
      metadata: this.#list('metadata'),
      references: this.#list('references'),
      ...sometimes,
    }
  }
}
