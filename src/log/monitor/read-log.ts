/**
 * Reads what a log serves over HTTP: checkpoint, tiles, entry bundles.
 *
 * Source: C2SP tlog-tiles 0.1.0.
 */
import type { Fetch } from '../../artefact/index.ts'
import { Fault } from '../../base/index.ts'
import { ask } from '../http/bounded.ts'
import { TILE_WIDTH } from '../tiles/paths.ts'
import type { LogReader } from '../tiles/served.ts'

/** Where a log is, and how to ask. */
export interface LogAddress {
  /** Prefix of its paths, without a slash at the end. */
  readonly url: string
  readonly fetch: Fetch
  readonly milliseconds?: number
}

/** 256 leaves of 65,535 bytes with their lengths. */
const MAX_BYTES = TILE_WIDTH * 65_537

/** Reads a log over HTTP. The reader rejects with Fault `answer` when nobody answers. */
export function logOverHttp({ url, fetch, milliseconds = 30_000 }: LogAddress): LogReader {
  return async (path) => {
    const { status, body } = await ask(fetch, { url: `${url}/${path}` }, { bytes: MAX_BYTES, milliseconds })
    if (status === 200) return body
    if (status === 404 || status === 410) return undefined
    throw new Fault('answer', `${url}/${path} answers ${status}`)
  }
}
