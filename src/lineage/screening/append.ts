/**
 * Appends models to an index on disk.
 *
 * Guarantee: after any interruption the index is what it was before or what it is after. One writer at a time; who
 * writes sees to that.
 */
import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, toFault } from '../../base/index.ts'
import { mergeDigests, splitDigest, writeDigests, type DigestEntry } from './digest-file.ts'
import { SHORT_BYTES, WHOLE_BYTES, type IndexRow } from './index-row.ts'
import { EMPTY_MANIFEST, readManifest, writeManifest, type IndexManifest, type IndexPartition } from './manifest.ts'

const MODEL = /^tw1:([0-9a-f]{64})$/
/** Bytes of a model in the list of models. */
export const MODEL_BYTES = 64

/** Writes behind what counts of a file and cuts off what does not. */
function writeBehind(path: string, at: number, pieces: readonly Uint8Array[]): void {
  const bytes = Buffer.concat(pieces)
  const file = openSync(path, at === 0 ? 'w' : 'r+', 0o600)
  try {
    for (let from = 0; from < bytes.length;) from += writeSync(file, bytes, from, bytes.length - from, at + from)
    ftruncateSync(file, at + bytes.length)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function modelBytes({ model, fingerprint }: IndexRow): Uint8Array {
  const [, digest] = MODEL.exec(model) ?? []
  if (digest === undefined) throw new Fault('bad-index', `${model} is no identity of a model`)
  return Buffer.from(digest + fingerprint, 'hex')
}

interface NumberedRow {
  readonly number: number
  readonly row: IndexRow
}

function appendPartition(
  folder: string,
  rows: readonly NumberedRow[],
  before: IndexPartition | undefined,
): IndexPartition {
  const [first] = rows
  if (first === undefined) throw new Fault('bad-index', 'a partition without rows')
  const { place, shape, width, layers, wholeBits, layerBits } = first.row
  const from = before?.rows ?? 0
  const write = (name: string, size: number, piece: (row: IndexRow) => Uint8Array): void =>
    writeBehind(
      join(folder, `${place}.${name}`),
      from * size,
      rows.map(({ row }) => piece(row)),
    )
  write('whole', WHOLE_BYTES, ({ whole }) => whole)
  write('layers', layers * SHORT_BYTES, ({ layerSketches }) => layerSketches)
  write('gains', SHORT_BYTES, ({ gains }) => gains)
  write('tokens', SHORT_BYTES, ({ tokens }) => tokens)
  const numbers = Uint32Array.from(rows, ({ number }) => number)
  writeBehind(join(folder, `${place}.members`), 4 * from, [new Uint8Array(numbers.buffer)])
  return { place, shape, width, layers, wholeBits, layerBits, rows: from + rows.length }
}

type DigestList = IndexManifest['digests'][number]

function digestPath(folder: string, { number }: Pick<DigestList, 'number'>): string {
  return join(folder, `digests-${number}`)
}

/** Adds a list, and merges the last two for as long as the last is at least half as long as the one before. */
function appendDigests(folder: string, rows: readonly NumberedRow[], before: readonly DigestList[]): DigestList[] {
  const entries = rows.flatMap(({ number, row }) =>
    row.digests.map((digest): DigestEntry => [...splitDigest(digest), number]),
  )
  const lists = [...before]
  if (entries.length === 0) return lists
  let next = 1 + Math.max(0, ...before.map(({ number }) => number))
  writeDigests(digestPath(folder, { number: next }), entries)
  lists.push({ number: next, entries: entries.length })
  for (let [a, b] = lists.slice(-2); a !== undefined && b !== undefined; [a, b] = lists.slice(-2)) {
    if (2 * b.entries < a.entries) break
    next += 1
    const file = (list: DigestList): { path: string; entries: number } => ({ ...list, path: digestPath(folder, list) })
    mergeDigests(file(a), file(b), digestPath(folder, { number: next }))
    lists.splice(-2, 2, { number: next, entries: a.entries + b.entries })
  }
  return lists
}

/** Lists that the new manifest does not name any more. */
function removeMerged(folder: string, before: readonly DigestList[], after: readonly DigestList[]): void {
  const last = Math.max(0, ...after.map(({ number }) => number))
  const kept = new Set(after.map(({ number }) => number))
  const first = Math.min(last, ...before.map(({ number }) => number))
  for (let number = first; number < last; number++)
    if (!kept.has(number)) rmSync(digestPath(folder, { number }), { force: true })
}

function appendAll(folder: string, rows: readonly IndexRow[], cursor: string): IndexManifest {
  const before = readManifest(folder) ?? EMPTY_MANIFEST
  const numbered = rows.map((row, i) => ({ number: before.models + i, row }))
  writeBehind(join(folder, 'models'), before.models * MODEL_BYTES, rows.map(modelBytes))
  const partitions = new Map(before.partitions.map((partition) => [partition.place, partition]))
  for (const [place, group] of Map.groupBy(numbered, ({ row }) => row.place))
    partitions.set(place, appendPartition(folder, group, partitions.get(place)))
  const digests = appendDigests(folder, numbered, before.digests)
  const after = {
    ...before,
    models: before.models + rows.length,
    cursor,
    partitions: [...partitions.values()],
    digests,
  }
  writeManifest(folder, after)
  removeMerged(folder, before.digests, digests)
  return after
}

/**
 * Appends rows; see the module. Makes the folder when there is none.
 *
 * @param cursor where the source stands after these rows
 * @throws Fault `bad-index` for an index that is damaged; `cannot-write`
 */
export function appendToIndex(folder: string, rows: readonly IndexRow[], cursor: string): IndexManifest {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return appendAll(folder, rows, cursor)
  } catch (cause) {
    const fault = toFault(cause, 'cannot-write')
    if (fault.code === 'bad-index') throw fault
    throw new Fault('cannot-write', `the index ${folder} cannot be written: ${fault.message}`, { cause })
  }
}
