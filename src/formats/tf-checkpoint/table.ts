/**
 * A sorted table of LevelDB's form: blocks of keys and values, an index of the blocks, a footer.
 *
 * Keys share the beginning of the key before; a block ends in the offsets where none is shared, a kind of compression and
 * a checksum. TensorFlow writes its indices without compression, so that a value lies in the file as it is.
 *
 * Guarantee: blocks are disjoint ranges of the file, each no larger than 16 MiB, and every value lies in its block.
 * Source: LevelDB, doc/table_format.md; `tensorflow/core/lib/io/table.cc`.
 */
import { Fault } from '../../base/index.ts'
import type { ByteSource } from '../byte-source.ts'
import { memorySource } from '../memory-source.ts'
import type { Budget } from '../budget.ts'
import { PageReader } from '../page-reader.ts'
import { readVarint } from '../protobuf/wire.ts'
import type { CheckpointAnomaly } from './anomalies.ts'
import { maskedCrc32c } from './crc32c.ts'

/** Bytes of the footer: two handles in 40 bytes, and the signature. */
export const FOOTER = 48
const HANDLES = 40
/** The last bytes of a table. */
export const SIGNATURE: Buffer = Buffer.from('57fb808b247547db', 'hex')
const TRAILER = 5
const LARGEST_BLOCK = 16 * 1024 * 1024
const LONGEST_KEY = 64 * 1024

/** One entry of a table: its key, and where its value stands in the file. */
export interface TableEntry {
  readonly key: Buffer
  readonly from: number
  readonly to: number
}

/** A block: where its content stands; five bytes of trailer follow. */
export interface BlockHandle {
  readonly from: number
  readonly to: number
}

/** A fault that ends the walk and becomes an anomaly of that code. */
export function stop(code: CheckpointAnomaly, message: string): Fault {
  return new Fault(code, message)
}

function readSize(cursor: PageReader): number {
  const value = readVarint(cursor)
  if (typeof value === 'number') return value
  throw stop('tfc-structure', `at ${cursor.at}: the number ${value}, above 2^53-1`)
}

function readHandle(cursor: PageReader, size: number): BlockHandle {
  const from = readSize(cursor)
  const length = readSize(cursor)
  if (length > LARGEST_BLOCK)
    throw stop('tfc-structure', `a block of ${length} bytes; at most ${LARGEST_BLOCK} are read`)
  if (from + length + TRAILER > size - FOOTER)
    throw stop('tfc-structure', `a block from ${from} to ${from + length} of a file of ${size} bytes`)
  return { from, to: from + length }
}

/** The handles in the footer: of the blocks about the table, and of the index. */
export function readFooter(source: ByteSource): {
  readonly about: BlockHandle
  readonly index: BlockHandle
  readonly end: number
} {
  const signature = Buffer.from(source.read(source.size - SIGNATURE.length, SIGNATURE.length))
  if (!signature.equals(SIGNATURE)) throw stop('tfc-structure', 'the file does not end in the signature of a table')
  const cursor = new PageReader(source, { at: source.size - FOOTER })
  const about = readHandle(cursor, source.size)
  const index = readHandle(cursor, source.size)
  if (cursor.at > source.size - FOOTER + HANDLES) throw stop('tfc-structure', 'the handles of the footer are too long')
  return { about, index, end: cursor.at }
}

/** Walks the entries of a block. @throws Fault `tfc-…` */
export function readBlock(source: ByteSource, { from, to }: BlockHandle, budget: Budget): readonly TableEntry[] {
  const bytes = source.read(from, to - from + TRAILER).slice()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const length = to - from
  if (view.getUint32(length + 1, true) !== maskedCrc32c(bytes.subarray(0, length + 1)))
    throw stop('tfc-checksum', `the block from ${from} to ${to} does not have its checksum`)
  if (bytes[length] !== 0)
    throw stop('tfc-structure', `the block from ${from} to ${to} is compressed, which TensorFlow does not write`)
  const restarts = length < 4 ? -1 : view.getUint32(length - 4, true)
  const end = length - 4 - 4 * restarts
  if (restarts < 0 || end < 0) throw stop('tfc-structure', `the block from ${from} to ${to} has ${restarts} restarts`)
  return readEntries(new PageReader(memorySource(bytes.subarray(0, end), budget)), { from, end, budget })
}

interface BlockPlace {
  readonly from: number
  readonly end: number
  readonly budget: Budget
}

function readEntries(cursor: PageReader, { from, end, budget }: BlockPlace): readonly TableEntry[] {
  const entries: TableEntry[] = []
  let key = Buffer.alloc(0)
  while (cursor.at < end) {
    const shared = readSize(cursor)
    const own = readSize(cursor)
    const length = readSize(cursor)
    if (shared > key.length || shared + own > LONGEST_KEY || own + length > end - cursor.at)
      throw stop('tfc-structure', `at ${from + cursor.at}: an entry that its block cannot hold`)
    key = Buffer.concat([key.subarray(0, shared), cursor.view(own)])
    const at = from + cursor.at
    cursor.skip(length)
    budget.spendItems()
    entries.push({ key, from: at, to: at + length })
  }
  return entries
}

/** The handle that an entry of the index holds. */
export function readEntryHandle(source: ByteSource, { from }: TableEntry): BlockHandle {
  return readHandle(new PageReader(source, { at: from }), source.size)
}

/** Bytes of a block with its trailer. */
export function blockEnd({ to }: BlockHandle): number {
  return to + TRAILER
}
