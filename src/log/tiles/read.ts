/**
 * The hashes of complete subtrees, out of tiles.
 *
 * Levels between those of the tiles are hashed together from the tile below. Each tile is read once for as long as the
 * reader lives, so a reader is made for one proof or one batch of them and then dropped.
 */
import { Fault } from '../../base/index.ts'
import { HASH_LENGTH } from '../merkle/hash.ts'
import type { ReadHashes } from '../merkle/prove.ts'
import { hashRun, narrowTile, type ReadTile } from './grow.ts'
import { TILE_WIDTH, tileWidth } from './paths.ts'

const LEVELS = 8

/**
 * Reads hashes of the log of `size` leaves. The reader rejects with Fault `tile` for what that log does not have.
 */
export function hashesFromTiles(size: number, read: ReadTile): ReadHashes {
  const tiles = new Map<string, Promise<Uint8Array>>()
  const readOnce = (level: number, index: number): Promise<Uint8Array> => {
    const name = { level, index, width: tileWidth({ level, index }, size) }
    const key = `${level}/${index}`
    const known = tiles.get(key)
    if (known !== undefined) return known
    if (name.width === 0) throw new Fault('tile', `a log of ${size} leaves has no tile ${index} of level ${level}`)
    const reading = read(name).then((bytes) => narrowTile(bytes, name))
    tiles.set(key, reading)
    return reading
  }
  const readOne = async (level: number, number: number): Promise<Uint8Array> => {
    const width = 2 ** (level % LEVELS)
    const first = number * width
    const tile = await readOnce(Math.floor(level / LEVELS), Math.floor(first / TILE_WIDTH))
    const from = (first % TILE_WIDTH) * HASH_LENGTH
    const run = tile.subarray(from, from + width * HASH_LENGTH)
    if (run.length < width * HASH_LENGTH)
      throw new Fault('tile', `a log of ${size} leaves has no complete subtree ${number} of level ${level}`)
    return width === 1 ? run : hashRun(run)
  }
  return (level, from, count) => Promise.all(Array.from({ length: count }, (_, at) => readOne(level, from + at)))
}
