/**
 * Reads the tiles and entry bundles of a log, wherever they lie: behind a web server, in a folder, in a database.
 *
 * A partial one may be gone once the full one is there, which begins with the same, so that is tried next. What is read
 * is believed by nobody: it counts only when it leads to a root that the log signed.
 *
 * Source: C2SP tlog-tiles 0.1.0.
 */
import { Fault } from '../../base/index.ts'
import { decodeEntryBundle } from './bundles.ts'
import { narrowTile, type ReadTile } from './grow.ts'
import { entryBundlePath, TILE_WIDTH, tilePath, type BundleName } from './paths.ts'

/** The bytes under a path of a log; undefined when there are none. Rejects when they cannot be asked for. */
export type LogReader = (path: string) => Promise<Uint8Array | undefined>

async function readEither(read: LogReader, path: string, full: string): Promise<Uint8Array> {
  const bytes = (await read(path)) ?? (path === full ? undefined : await read(full))
  if (bytes === undefined) throw new Fault('log-tile-missing', `the log does not have ${path}`)
  return bytes
}

/** Tiles of a log, exactly as wide as asked for. They reject with Fault `log-tile-missing`, `tile`. */
export function tilesOf(read: LogReader): ReadTile {
  return async (name) => {
    const full = tilePath({ ...name, width: TILE_WIDTH })
    return narrowTile(await readEither(read, tilePath(name), full), name)
  }
}

/**
 * The leaves of a bundle, exactly as many as asked for.
 *
 * @throws Fault `log-tile-missing`; `entry-bundle` when it is cut off, `log-tile-changed` when it holds fewer
 */
export async function readBundle(read: LogReader, name: BundleName): Promise<readonly Uint8Array[]> {
  const path = entryBundlePath(name)
  const leaves = decodeEntryBundle(await readEither(read, path, entryBundlePath({ ...name, width: TILE_WIDTH })))
  if (leaves.length < name.width)
    throw new Fault('log-tile-changed', `${path} holds ${leaves.length} leaves, not ${name.width}`)
  return leaves.slice(0, name.width)
}
