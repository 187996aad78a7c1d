/**
 * From one file to its facts: sniff, read, account for every byte.
 *
 * Guarantee: always an answer, and `full` only when the reader understood the file and every byte of it belongs to
 * exactly one structure. A fault of the reader, of the budget or of the source is an anomaly and the file `unread`;
 * so is a mistake in a reader. An unread file has no tensors, so that nothing downstream can take it for weights.
 */
import { isFault } from '../base/index.ts'
import { accountFor } from './claims.ts'
import type { Anomaly, FactPiece, FileFacts } from './facts.ts'
import { ANOMALIES } from './general-anomalies.ts'
import type { FormatReader, ReadRequest } from './reader.ts'
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

function account(facts: FileFacts, { source }: ReadRequest): FileFacts {
  if (facts.reading === 'unread') return { ...facts, tensors: [] }
  if (facts.reading === 'recognised') return facts
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

function readBy(reader: FormatReader, request: ReadRequest): FileFacts {
  try {
    return account(reader.read(request), request)
  } catch (thrown) {
    request.emit?.({ discard: true })
    return unreadFacts({ path: request.path, size: request.source.size }, reader.format, anomalyOf(thrown))
  }
}

/** Reads one file with the given readers. Never throws; see the module. */
export function readFile(request: ReadRequest, readers: readonly FormatReader[]): FileFacts {
  const file = { path: request.path, size: request.source.size }
  if (file.size === 0)
    return unreadFacts(file, 'unknown', { code: 'empty-file', message: 'the file has no bytes', locus: 'file' })
  try {
    const { reader, anomalies } = sniff(takeGlimpse(file.path, request.source), readers)
    if (reader === undefined) {
      return unreadFacts(file, 'unknown', {
        code: 'unknown-format',
        message: 'no reader knows the format of the file',
        locus: 'file',
      })
    }
    const facts = readBy(reader, request)
    return { ...facts, anomalies: [...anomalies, ...facts.anomalies] }
  } catch (thrown) {
    return unreadFacts(file, 'unknown', anomalyOf(thrown))
  }
}

/** Gathers the pieces of one file in the order in which they came, and gives its facts whole. */
export class PieceJoiner {
  #tensors: FileFacts['tensors'][number][] = []
  #metadata: FileFacts['metadata'][number][] = []
  #references: FileFacts['references'][number][] = []
  #texts: NonNullable<FileFacts['texts']>[number][] = []

  #discard(): void {
    this.#tensors = []
    this.#metadata = []
    this.#references = []
    this.#texts = []
  }

  /** Adds a piece, or forgets all that came before. */
  add(piece: FactPiece): void {
    if (piece.discard === true) this.#discard()
    for (const fact of piece.tensors ?? []) this.#tensors.push(fact)
    for (const fact of piece.metadata ?? []) this.#metadata.push(fact)
    for (const fact of piece.references ?? []) this.#references.push(fact)
    for (const fact of piece.texts ?? []) this.#texts.push(fact)
  }

  /** The facts, with what came in pieces before what came at the end. */
  join(last: FileFacts): FileFacts {
    this.add(last)
    const { texts: _texts, ...rest } = last
    const tensors = last.reading === 'unread' ? [] : this.#tensors
    const joined = { ...rest, tensors, metadata: this.#metadata, references: this.#references }
    return this.#texts.length === 0 ? joined : { ...joined, texts: this.#texts }
  }
}
