/** Reads tiles of a log from where they are stored. */
import type { ReadHashes } from '../merkle/prove.ts'
import type { ReadTile } from '../tiles/grow.ts'
import { tilePath } from '../tiles/paths.ts'
import { hashesFromTiles } from '../tiles/read.ts'
import { tilesOf, type LogReader } from '../tiles/served.ts'
import type { TileStore } from './tile-store.ts'

/** Reads a store like a log that is served. */
export function readerOf(store: TileStore): LogReader {
  return (path) => store.get(path)
}

/** Tiles of a store, each read once for as long as the reader lives. It rejects with Fault `log-tile-missing`, `tile`. */
export function storedTiles(store: TileStore): ReadTile {
  const known = new Map<string, Promise<Uint8Array>>()
  const read = tilesOf(readerOf(store))
  return (name) => {
    const path = tilePath(name)
    const reading = known.get(path) ?? read(name)
    known.set(path, reading)
    return reading
  }
}

/** Hashes of the log of `size` leaves; for one proof or one check, since it remembers what it read. */
export function storedHashes(store: TileStore, size: number): ReadHashes {
  return hashesFromTiles(size, tilesOf(readerOf(store)))
}
