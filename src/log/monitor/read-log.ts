/**
 * Reads what a log serves: checkpoint, tiles, entry bundles.
 *
 * A partial tile may be gone once the full one is there, so that is tried next. What a tile says is believed by nobody:
 * it counts only when it leads to a root that the log signed.
 *
 * Source: C2SP tlog-tiles 0.1.0.
 */
import type { Fetch } from '../../artefact/index.ts'
import { Fault } from '../../base/index.ts'
import { ask } from '../http/bounded.ts'
import { decodeEntryBundle } from '../tiles/bundles.ts'
import { narrowTile, type ReadTile } from '../tiles/grow.ts'
import { entryBundlePath, TILE_WIDTH, tilePath, type BundleName } from '../tiles/paths.ts'

/** The bytes under a path of a log; undefined when there are none. @throws Fault `answer` when nobody answers */
export type LogReader = (path: string) => Promise<Uint8Array | undefined>

/** Where a log is, and how to ask. */
export interface LogAddress {
  /** Prefix of its paths, without a slash at the end. */
  readonly url: string
  readonly fetch: Fetch
  readonly milliseconds?: number
}

/** 256 leaves of 65,535 bytes with their lengths. */
const MAX_BYTES = TILE_WIDTH * 65_537

/** Reads a log over HTTP. */
export function logOverHttp({ url, fetch, milliseconds = 30_000 }: LogAddress): LogReader {
  return async (path) => {
    const { status, body } = await ask(fetch, { url: `${url}/${path}` }, { bytes: MAX_BYTES, milliseconds })
    if (status === 200) return body
    if (status === 404 || status === 410) return undefined
    throw new Fault('answer', `${url}/${path} answers ${status}`)
  }
}

async function readEither(read: LogReader, paths: readonly [string, string]): Promise<Uint8Array> {
  const bytes = (await read(paths[0])) ?? (paths[0] === paths[1] ? undefined : await read(paths[1]))
  if (bytes === undefined) throw new Fault('tile', `the log does not serve ${paths[0]}`)
  return bytes
}

/** Tiles of a log, at least as wide as asked for. They reject with Fault `tile` when they are not there. */
export function tilesOf(read: LogReader): ReadTile {
  return async (name) => {
    const full = tilePath({ ...name, width: TILE_WIDTH })
    return narrowTile(await readEither(read, [tilePath(name), full]), name)
  }
}

/** The leaves of a bundle, exactly as many as asked for. @throws Fault `tile`, `entry-bundle` */
export async function readBundle(read: LogReader, name: BundleName): Promise<readonly Uint8Array[]> {
  const full = entryBundlePath({ ...name, width: TILE_WIDTH })
  const leaves = decodeEntryBundle(await readEither(read, [entryBundlePath(name), full]))
  if (leaves.length < name.width)
    throw new Fault('entry-bundle', `bundle ${name.index} has ${leaves.length} leaves, not ${name.width}`)
  return leaves.slice(0, name.width)
}
