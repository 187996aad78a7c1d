/**
 * Integration: what was sequenced is put into tiles and entry bundles, and the root follows.
 *
 * Nothing is locked. Which bytes lie under which path follows from the sequence alone, so several processes may do the
 * same work at once, and one that died is simply done again; the last step moves the size of the tree on by compare and
 * swap, and drops the batches that are in bundles now.
 *
 * Before it goes on, the right edge that is stored must have the root that the tree had, and the leaves of the last bundle
 * the hashes of the last tile: what somebody changed in the store is not built upon.
 */
import { sql } from 'kysely'
import { Fault } from '../../base/index.ts'
import { equalBytes } from '../../certificate/index.ts'
import { hashLeaf } from '../merkle/hash.ts'
import { rootOf, type ReadHashes } from '../merkle/prove.ts'
import { encodeEntryBundle, unpackLeaves } from '../tiles/bundles.ts'
import { growTiles, type ReadTile, type Tile } from '../tiles/grow.ts'
import { entryBundlePath, TILE_WIDTH, tilePath } from '../tiles/paths.ts'
import { hashesFromTiles } from '../tiles/read.ts'
import { readBundle } from '../tiles/served.ts'
import type { CrashPoint } from './crash-point.ts'
import { asBase64, fromBytea, toBytea, toIndex, type LogDatabase } from './database.ts'
import { readerOf, storedTiles } from './read-tiles.ts'
import type { StoredObject, TileStore } from './tile-store.ts'

/** A tree by its size. */
export interface TreeHead {
  readonly size: number
  readonly root: Uint8Array
}

/** What integration works on. */
export interface IntegrationParts {
  readonly database: LogDatabase
  readonly log: number
  readonly store: TileStore
  readonly crashPoint: CrashPoint
}

interface PendingBatch {
  readonly first: number
  readonly leaves: readonly Uint8Array[]
}

/** Bytes of leaves put into tiles by one round: bounds memory. */
const ROUND_BYTES = 64 << 20
const MOST_RACES = 20

/** How far the tiles reach. @throws Fault `no-such-log` */
export async function readTree({ database, log }: Pick<IntegrationParts, 'database' | 'log'>): Promise<TreeHead> {
  const { rows } = await sql<{ size: string | number; root: string }>`
    select size, ${asBase64('root')} as root from log_tree where log = ${log}`.execute(database)
  const [row] = rows
  if (row === undefined) throw new Fault('no-such-log', `the database holds no log of number ${log}`)
  return { size: toIndex(row.size), root: fromBytea(row.root) }
}

/** How many leaves were sequenced. */
export async function readNext({ database, log }: Pick<IntegrationParts, 'database' | 'log'>): Promise<number> {
  const { rows } = await sql<{ next: string | number }>`select next from log_sequence where id = ${log}`.execute(
    database,
  )
  return toIndex(rows[0]?.next ?? 0)
}

async function readPending({ database, log }: IntegrationParts, from: number): Promise<readonly PendingBatch[]> {
  const { rows } = await sql<{ first: string | number; leaves: number; bytes: string }>`
    select first, leaves, ${asBase64('bytes')} as bytes
    from (
      select first, leaves, bytes, sum(octet_length(bytes)) over (order by first) as total
      from log_batch where log = ${log} and first >= ${from}) pending
    where total <= ${ROUND_BYTES} or first = ${from} order by first`.execute(database)
  return rows.map(({ first, leaves: count, bytes }) => {
    const leaves = unpackLeaves(fromBytea(bytes), count)
    if (leaves.length !== count)
      throw new Fault('log-gap', `the batch of ${count} leaves at ${first} holds ${leaves.length}`)
    return { first: toIndex(first), leaves }
  })
}

/** The leaves from `from` on without a gap; undefined when another process was quicker and they are gone. */
function joinPending(pending: readonly PendingBatch[], from: number): readonly Uint8Array[] | undefined {
  const leaves: Uint8Array[] = []
  for (const batch of pending) {
    if (batch.first !== from + leaves.length) return undefined
    for (const leaf of batch.leaves) leaves.push(leaf)
  }
  return leaves
}

/** The leaves of the last bundle when it is not full, held against the hashes of the last tile. */
async function readLastBundle(store: TileStore, size: number, read: ReadTile): Promise<readonly Uint8Array[]> {
  const width = size % TILE_WIDTH
  if (width === 0) return []
  const index = Math.floor(size / TILE_WIDTH)
  const leaves = await readBundle(readerOf(store), { index, width })
  const hashes = await hashesFromTiles(size, read)(0, index * TILE_WIDTH, width)
  if (leaves.every((leaf, at) => equalBytes(hashLeaf(leaf), hashes[at] ?? new Uint8Array()))) return leaves
  throw new Fault('log-tile-changed', `${entryBundlePath({ index, width })} does not hold the leaves of its tile`)
}

/** Bundles that hold the new leaves; the first is filled up. */
function makeBundles(size: number, edge: readonly Uint8Array[], added: readonly Uint8Array[]): readonly StoredObject[] {
  const leaves = [...edge, ...added]
  const first = Math.floor(size / TILE_WIDTH)
  return Array.from({ length: Math.ceil(leaves.length / TILE_WIDTH) }, (_, at) => {
    const part = leaves.slice(at * TILE_WIDTH, (at + 1) * TILE_WIDTH)
    const path = entryBundlePath({ index: first + at, width: part.length })
    return { path, bytes: encodeEntryBundle(part) }
  })
}

/** Root of the tree with the new tiles, the rest read from the store. */
function rootWith(stored: ReadTile, tiles: readonly Tile[], size: number): Promise<Uint8Array> {
  const grown = new Map(tiles.map((tile) => [tilePath(tile), tile.bytes]))
  const read = hashesFromTiles(size, async (name) => grown.get(tilePath(name)) ?? stored(name))
  return rootOf(size, read)
}

/** @throws Fault `log-tile-changed` unless the stored tiles, as they are read, have the root of the tree */
export async function ensureStoredRoot(read: ReadHashes, { size, root }: TreeHead): Promise<void> {
  if (equalBytes(await rootOf(size, read), root)) return
  throw new Fault(
    'log-tile-changed',
    `the tiles of ${size} leaves do not have the root that they had: the store was changed`,
  )
}

/** Moves the tree on; false when another process has. */
function advance({ database, log }: IntegrationParts, before: TreeHead, after: TreeHead): Promise<boolean> {
  return database.transaction().execute(async (transaction) => {
    const moved = await sql`
      update log_tree set size = ${after.size}, root = ${toBytea(after.root)}
      where log = ${log} and size = ${before.size} and root = ${toBytea(before.root)} returning log`.execute(
      transaction,
    )
    if (moved.rows.length === 0) return false
    await sql`delete from log_batch where log = ${log} and first < ${after.size}`.execute(transaction)
    return true
  })
}

/** Puts leaves into tiles behind `before`. */
async function grow(parts: IntegrationParts, before: TreeHead, leaves: readonly Uint8Array[]): Promise<TreeHead> {
  const read = storedTiles(parts.store)
  await ensureStoredRoot(hashesFromTiles(before.size, read), before)
  const bundles = makeBundles(before.size, await readLastBundle(parts.store, before.size, read), leaves)
  const tiles = await growTiles(before.size, leaves.map(hashLeaf), read)
  const size = before.size + leaves.length
  const after = { size, root: await rootWith(read, tiles, size) }
  parts.crashPoint('integrate:tiles-made')
  await parts.store.keep(bundles)
  parts.crashPoint('integrate:bundles-kept')
  await parts.store.keep(tiles.map((tile) => ({ path: tilePath(tile), bytes: tile.bytes })))
  parts.crashPoint('integrate:tiles-kept')
  return after
}

/**
 * Puts all that was sequenced before the call into tiles, and gives the tree that then stands.
 *
 * @throws Fault `log-tile-changed`, `log-tile-missing` when the store is not as it was left; `log-gap` when sequenced
 *   leaves are missing; `entry-bundle` when a batch of them is cut off
 */
export async function integrate(parts: IntegrationParts): Promise<TreeHead> {
  const due = await readNext(parts)
  let races = 0
  for (;;) {
    const before = await readTree(parts)
    if (before.size >= due) return before
    const leaves = joinPending(await readPending(parts, before.size), before.size)
    if (leaves !== undefined && leaves.length > 0) {
      await advance(parts, before, await grow(parts, before, leaves))
      parts.crashPoint('integrate:advanced')
    } else if (++races > MOST_RACES) throw new Fault('log-gap', `the leaves from index ${before.size} on are not there`)
  }
}

/** Removes what only older checkpoints need and full tiles hold too, between two sizes. */
export async function dropOldPartials(store: TileStore, from: number, to: number): Promise<void> {
  const paths: string[] = []
  for (let level = 0, width = TILE_WIDTH; width <= to; level++, width *= TILE_WIDTH) {
    for (let index = Math.floor(from / width); index < Math.floor(to / width); index++) {
      paths.push(tilePath({ level, index, width: TILE_WIDTH }))
      if (level === 0) paths.push(entryBundlePath({ index, width: TILE_WIDTH }))
    }
  }
  await store.dropPartials(paths)
}
