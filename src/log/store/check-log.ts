/**
 * Computes a stored log anew: every tile from the entries, and the root from the tiles.
 *
 * For an operator who moved a store or doubts it, and for tests that kill the writer. Bundle by bundle, so memory does
 * not grow with the log.
 */
import { Fault } from '../../base/index.ts'
import { equalBytes, readCheckpoint } from '../../certificate/index.ts'
import { hashLeaf } from '../merkle/hash.ts'
import { Frontier } from '../merkle/frontier.ts'
import { hashRun } from '../tiles/grow.ts'
import { TILE_WIDTH, tilePath, tileWidth } from '../tiles/paths.ts'
import { readBundle, tilesOf } from '../tiles/served.ts'
import { toIndex } from './database.ts'
import { readerOf } from './read-tiles.ts'
import { CHECKPOINT_PATH, type TileStore } from './tile-store.ts'

/** What was checked. */
export interface LogCheck {
  readonly size: number
  readonly tiles: number
  /** Hex. */
  readonly root: string
}

/** Tiles above those of the entries, filled as the ones below are full. */
class TileBuilder {
  readonly #store: TileStore
  readonly #size: number
  readonly #levels: Uint8Array[][] = []
  tiles = 0

  constructor(store: TileStore, size: number) {
    this.#store = store
    this.#size = size
  }

  async #hold(level: number, index: number, hashes: readonly Uint8Array[]): Promise<void> {
    const name = { level, index, width: hashes.length }
    const stored = await tilesOf(readerOf(this.#store))(name)
    if (!equalBytes(stored, Buffer.concat(hashes)))
      throw new Fault('log-tile-changed', `${tilePath(name)} does not follow from the entries`)
    this.tiles++
  }

  /** Adds the hash of one complete subtree of a level; a tile that is full, or the last, is held against the stored one. */
  async add(level: number, number: number, hash: Uint8Array): Promise<void> {
    const row = (this.#levels[level] ??= [])
    row.push(hash)
    const index = Math.floor(number / TILE_WIDTH)
    if (row.length < tileWidth({ level, index }, this.#size)) return
    await this.#hold(level, index, row)
    this.#levels[level] = []
    if (row.length === TILE_WIDTH) await this.add(level + 1, index, hashRun(Buffer.concat(row)))
  }
}

/**
 * Checks the log that a store serves.
 *
 * @throws Fault `log-tile-changed`, `log-tile-missing`, `tile`, `entry-bundle`, `checkpoint` at the first thing that is not right
 */
export async function checkLog(store: TileStore): Promise<LogCheck> {
  const note = await store.get(CHECKPOINT_PATH)
  if (note === undefined) throw new Fault('log-tile-missing', 'the store has no checkpoint')
  const checkpoint = readCheckpoint(Buffer.from(note).toString('utf8'))
  const size = toIndex(checkpoint.size)
  const [frontier, builder] = [new Frontier(), new TileBuilder(store, size)]
  for (let first = 0; first < size; first += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, size - first)
    const leaves = await readBundle(readerOf(store), { index: first / TILE_WIDTH, width })
    for (const [at, leaf] of leaves.entries()) {
      const hash = hashLeaf(leaf)
      frontier.append(hash)
      await builder.add(0, first + at, hash)
    }
  }
  if (!equalBytes(frontier.root(), checkpoint.root))
    throw new Fault('log-tile-changed', `the entries do not have the root of the checkpoint of ${size}`)
  return { size, tiles: builder.tiles, root: Buffer.from(frontier.root()).toString('hex') }
}
