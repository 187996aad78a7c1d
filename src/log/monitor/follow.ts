/**
 * Reads the leaves of a log and proves each before anybody looks at it.
 *
 * Of a bundle the leaf hashes are computed, compared with the tile of the same place, and their subtree is proven to be
 * part of the checkpoint. A few bundles are in memory at a time, whatever the size of the log.
 */
import { isFault, toSize } from '../../base/index.ts'
import { equalBytes } from '../../certificate/index.ts'
import { Frontier } from '../merkle/frontier.ts'
import { HASH_LENGTH, hashLeaf } from '../merkle/hash.ts'
import { proveSubtreeConsistency, type ReadHashes } from '../merkle/prove.ts'
import { verifySubtreeConsistency } from '../merkle/verify.ts'
import type { ReadTile } from '../tiles/grow.ts'
import { TILE_WIDTH, tileWidth } from '../tiles/paths.ts'
import { hashesFromTiles } from '../tiles/read.ts'
import { readBundle, tilesOf, type LogReader } from '../tiles/served.ts'
import { raise } from './alarm.ts'
import type { SignedCheckpoint } from './compare.ts'
import type { ObservedLeaf } from './observer.ts'

/** Bundles that are fetched at the same time. */
const WINDOW = 8
/** Windows after which the tiles that proofs were made of are forgotten. */
const KEPT = 32

/** Which leaves to read. */
export interface Stretch {
  readonly target: SignedCheckpoint
  /** First leaf and the one behind the last. */
  readonly from: number
  readonly to: number
}

interface Source {
  readonly target: SignedCheckpoint
  readonly read: LogReader
  readonly tiles: ReadTile
  readonly hashes: ReadHashes
}

/** Compares leaf hashes with the tile that the log serves for them. */
async function checkTile(index: number, hashes: readonly Uint8Array[], { target, tiles }: Source): Promise<void> {
  const tile = await tiles({ level: 0, index, width: hashes.length })
  const wrong = hashes.findIndex(
    (hash, at) => !equalBytes(hash, tile.subarray(at * HASH_LENGTH).subarray(0, HASH_LENGTH)),
  )
  if (wrong < 0) return
  const leaf = index * TILE_WIDTH + wrong
  raise({
    code: 'leaf-mismatch',
    message: `entry ${leaf} is not the leaf of its tile`,
    notes: [target.note],
    index: leaf,
  })
}

/** Proves that the leaves are part of the checkpoint. */
async function checkPart(index: number, leafHashes: readonly Uint8Array[], { target, hashes }: Source): Promise<void> {
  const { root, size } = target.checkpoint
  const start = index * TILE_WIDTH
  const part = { start, end: start + leafHashes.length }
  const frontier = new Frontier()
  for (const hash of leafHashes) frontier.append(hash)
  const proof = await proveSubtreeConsistency(part, toSize(size), hashes)
  try {
    verifySubtreeConsistency({ part, size: toSize(size), partRoot: frontier.root(), root, hashes: proof })
  } catch (thrown) {
    if (!isFault(thrown, 'consistency')) throw thrown
    const message = `leaves ${start} to ${part.end} are not of the tree that was signed`
    raise({ code: 'tiles', message, notes: [target.note], index: start })
  }
}

async function readProven(index: number, source: Source): Promise<readonly ObservedLeaf[]> {
  const width = tileWidth({ level: 0, index }, toSize(source.target.checkpoint.size))
  const leaves = await readBundle(source.read, { index, width })
  const hashes = leaves.map(hashLeaf)
  await checkTile(index, hashes, source)
  await checkPart(index, hashes, source)
  return leaves.map((data, at) => ({ index: index * TILE_WIDTH + at, data, leafHash: hashes[at] ?? new Uint8Array() }))
}

/**
 * The leaves of a stretch in order, proven, one bundle at a time; the last may reach beyond `to`, up to its bundle's end.
 *
 * @throws AlarmRaised `leaf-mismatch`, `tiles`; Fault `answer` and those of {@link tilesOf} and {@link readBundle} when
 * they cannot be read
 */
export async function* followLeaves(
  { target, from, to }: Stretch,
  read: LogReader,
): AsyncGenerator<readonly ObservedLeaf[]> {
  if (from === to) return
  const tiles = tilesOf(read)
  const size = toSize(target.checkpoint.size)
  const end = Math.ceil(to / TILE_WIDTH)
  let hashes = hashesFromTiles(size, tiles)
  for (let [first, windows] = [Math.floor(from / TILE_WIDTH), 1]; first < end; first += WINDOW, windows++) {
    if (windows % KEPT === 0) hashes = hashesFromTiles(size, tiles)
    const source = { target, read, tiles, hashes }
    const indices = Array.from({ length: Math.min(WINDOW, end - first) }, (_, at) => first + at)
    for (const leaves of await Promise.all(indices.map((index) => readProven(index, source))))
      yield leaves.filter(({ index }) => index >= from)
  }
}
