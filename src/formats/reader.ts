/**
 * What every format folder exports: one `FormatReader`.
 *
 * `sniff` looks at head and tail only and says how sure it is; `read` turns the file into facts. A reader never
 * throws anything but `Fault`, never reads outside the file, never allocates from a declared count, and accounts for
 * every byte by claims. What it finds wrong is an anomaly in the facts, not an exception, as far as it can go on.
 */
import type { Budget } from './budget.ts'
import type { ByteSource } from './byte-source.ts'
import type { FactPiece, FileFacts } from './facts.ts'

/** What a sniffer sees of a file. */
export interface Glimpse {
  /** Path within the artefact. */
  readonly path: string
  readonly size: number
  /** First bytes, at most 4,096. */
  readonly head: Uint8Array
  /** Last bytes, at most 4,096. */
  readonly tail: Uint8Array
}

/** magic: an unmistakable signature; structure: the head parses; name: only the name says so. Null: not this format. */
export type Confidence = 'magic' | 'structure' | 'name' | null

/** A file within a file: a member of an archive, an object inside another. */
export interface Member {
  /** Name as the container gives it. */
  readonly name: string
  readonly source: ByteSource
  /** Offset of its first byte in the container's source when it lies there as it is; absent when it was unpacked. */
  readonly at?: number
  /** Id of the reader to use, where the container knows what the member is; else it is sniffed. */
  readonly format?: string
}

/** One file to read. */
export interface ReadRequest {
  readonly path: string
  /** How many containers the file lies in: 0 for a file of the artefact. */
  readonly depth: number
  /** True when only the structure is wanted: content is not read for its check sums, nor unpacked without need. */
  readonly peek: boolean
  /**
   * Reads a file within this one on the same budget; its facts are kept as those of a member, whatever they are.
   *
   * @throws Fault `budget-…`; `Pending`
   */
  readonly readMember: (member: Member) => FileFacts
  readonly source: ByteSource
  readonly budget: Budget
  /** When given, a reader may hand facts on in pieces instead of returning them all; see `FactCollector`. */
  readonly emit?: (piece: FactPiece) => void
}

/** See the module. */
export interface FormatReader {
  /** Id, equal to the name of the folder. */
  readonly format: string
  /** For a person: `safetensors`, `GGUF`. */
  readonly title: string
  /** Grows whenever the facts of the same bytes would differ. */
  readonly version: number
  /** File name endings that claim this format: with the dot, or a whole name (`config.json`). The longest wins. */
  readonly extensions: readonly string[]
  /** Id of a format of which this one is a special case (an npz is a zip): a file of both is of this one. */
  readonly specialises?: string
  sniff(glimpse: Glimpse): Confidence
  /** @throws Fault when the file cannot be read at all or the budget is spent; the caller makes it `unread` */
  read(request: ReadRequest): FileFacts
}
