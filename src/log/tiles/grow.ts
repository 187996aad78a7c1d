/**
 * The tiles that change when leaves are appended.
 *
 * A full tile is hashed once, when it fills, and gives one hash to the level above: about one hash for each leaf, however
 * large the log is.
 */
import { Fault } from '../../base/index.ts'
import { HASH_LENGTH, hashNode } from '../merkle/hash.ts'
import { ensureSize } from '../merkle/subtrees.ts'
import { TILE_WIDTH, tileWidth, type TileName } from './paths.ts'

/** A tile with its hashes one after another. */
export interface Tile extends TileName {
  readonly bytes: Uint8Array
}

/** The bytes of a tile. Rejects when the log does not have it; may give a wider tile of the same place. */
export type ReadTile = (name: TileName) => Promise<Uint8Array>

/** The hash above a run of hashes, whose number is a power of two. */
export function hashRun(hashes: Uint8Array): Uint8Array {
  const level = new Uint8Array(hashes)
  for (let count = level.length / HASH_LENGTH; count > 1; count /= 2) {
    for (let at = 0; at < count / 2; at++) {
      const [left, right] = [2 * at * HASH_LENGTH, (2 * at + 1) * HASH_LENGTH]
      const hash = hashNode(level.subarray(left, right), level.subarray(right, right + HASH_LENGTH))
      level.set(hash, at * HASH_LENGTH)
    }
  }
  return level.subarray(0, HASH_LENGTH)
}

/** The first `width` hashes of what was read for a tile. @throws Fault `tile` when there are fewer or the rest is no hash */
export function narrowTile(bytes: Uint8Array, { level, index, width }: TileName): Uint8Array {
  const known = bytes.length / HASH_LENGTH
  if (!Number.isInteger(known) || known < width || known > TILE_WIDTH)
    throw new Fault('tile', `tile ${index} of level ${level} has ${bytes.length} bytes, not ${width} hashes`)
  return bytes.subarray(0, width * HASH_LENGTH)
}

/** The tile at the right edge of a level, and the number of its level and place. */
interface Edge {
  readonly level: number
  readonly index: number
  readonly bytes: Uint8Array
}

async function readEdge(level: number, size: number, read: ReadTile): Promise<Edge> {
  const index = Math.floor(size / TILE_WIDTH ** (level + 1))
  const name = { level, index, width: tileWidth({ level, index }, size) }
  const bytes = name.width === 0 ? new Uint8Array() : narrowTile(await read(name), name)
  return { level, index, bytes }
}

/** The tiles of one level that change when hashes are added behind its edge. */
function fillTiles({ level, index, bytes: edge }: Edge, added: readonly Uint8Array[]): readonly Tile[] {
  const tiles: Tile[] = []
  let [next, had] = [0, edge.length / HASH_LENGTH]
  while (next < added.length) {
    const width = Math.min(TILE_WIDTH, had + added.length - next)
    const bytes = new Uint8Array(width * HASH_LENGTH)
    if (tiles.length === 0) bytes.set(edge)
    for (let at = had; at < width; at++) bytes.set(added[next++] ?? [], at * HASH_LENGTH)
    tiles.push({ level, index: index + tiles.length, width, bytes })
    had = 0
  }
  return tiles
}

/**
 * All tiles of the log of `size + leafHashes.length` leaves that the log of `size` leaves does not have, at every level.
 *
 * @param read gives the partial tiles at the right edge of the log of `size` leaves
 * @throws Fault `size`, `tile`
 */
export async function growTiles(
  size: number,
  leafHashes: readonly Uint8Array[],
  read: ReadTile,
): Promise<readonly Tile[]> {
  ensureSize(size + leafHashes.length, 'size')
  const tiles: Tile[] = []
  let added = leafHashes
  for (let level = 0; added.length > 0; level++) {
    const changed = fillTiles(await readEdge(level, size, read), added)
    for (const tile of changed) tiles.push(tile)
    added = changed.filter(({ width }) => width === TILE_WIDTH).map(({ bytes }) => hashRun(bytes))
  }
  return tiles
}
