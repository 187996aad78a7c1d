/**
 * Reads tiles and entry bundles of a log from where they are stored.
 *
 * A partial one may be gone once it is full; then the full one is read, which begins with the same.
 */
import { Fault } from '../../base/index.ts'
import type { ReadHashes } from '../merkle/prove.ts'
import { decodeEntryBundle } from '../tiles/bundles.ts'
import type { ReadTile } from '../tiles/grow.ts'
import { entryBundlePath, TILE_WIDTH, tilePath, type BundleName } from '../tiles/paths.ts'
import { hashesFromTiles } from '../tiles/read.ts'
import type { TileStore } from './tile-store.ts'

async function getEither(store: TileStore, path: string, full: string): Promise<Uint8Array> {
  const bytes = (await store.get(path)) ?? (path === full ? undefined : await store.get(full))
  if (bytes === undefined) throw new Fault('log-tile-missing', `${path} is not in the store of the log`)
  return bytes
}

/** Tiles of a store, each read once for as long as the reader lives. It rejects with Fault `log-tile-missing`. */
export function tilesOf(store: TileStore): ReadTile {
  const known = new Map<string, Promise<Uint8Array>>()
  return (name) => {
    const path = tilePath(name)
    const reading = known.get(path) ?? getEither(store, path, tilePath({ ...name, width: TILE_WIDTH }))
    known.set(path, reading)
    return reading
  }
}

/** Hashes of the log of `size` leaves; for one proof or one check, since it remembers what it read. */
export function storedHashes(store: TileStore, size: number): ReadHashes {
  return hashesFromTiles(size, tilesOf(store))
}

/** The first `width` leaves of a bundle. @throws Fault `log-tile-missing`, `entry-bundle`, `log-tile-changed` */
export async function readBundle(store: TileStore, name: BundleName): Promise<readonly Uint8Array[]> {
  const path = entryBundlePath(name)
  const leaves = decodeEntryBundle(await getEither(store, path, entryBundlePath({ ...name, width: TILE_WIDTH })))
  if (leaves.length < name.width) throw new Fault('log-tile-changed', `${path} holds ${leaves.length} leaves`)
  return leaves.slice(0, name.width)
}
