/**
 * The docket of one model, read from the log.
 *
 * The log says which leaves stand in the chain, and the tiles hold them; nothing is taken from the register, so that a
 * statement that somebody took out of it is in the docket all the same.
 */
import { chainOf, readRegisterLeaf, recordLeaf, toHex, type Docket } from '../../certificate/index.ts'
import { Fault } from '../../base/index.ts'
import { hashLeaf, readBundle, readerOf, TILE_WIDTH, tileWidth, type TransparencyLog } from '../../log/index.ts'
import type { MayIssue } from './issuers.ts'

/** Reads single leaves of a log; bundles are read once. */
function leafReader({ store }: TransparencyLog, size: number): (index: number) => Promise<Uint8Array> {
  const bundles = new Map<number, Promise<readonly Uint8Array[]>>()
  return async (at) => {
    const index = Math.floor(at / TILE_WIDTH)
    const known = bundles.get(index)
    const reading = known ?? readBundle(readerOf(store), { index, width: tileWidth({ level: 0, index }, size) })
    bundles.set(index, reading)
    const leaf = (await reading)[at % TILE_WIDTH]
    if (leaf === undefined) throw new Fault('log-tile-missing', `the tiles lack the entry ${at}`)
    return leaf
  }
}

async function publishedSize(log: TransparencyLog, last: number): Promise<number> {
  const { published } = await log.state()
  return published.size > last ? published.size : (await log.publish()).size
}

/**
 * Reads a docket; undefined when nothing was said of the model. What others have appended and not published yet is
 * published first.
 *
 * @throws Fault `log-tile-changed`, `log-tile-missing`, `entry-bundle`, those of publishing and of `readRegisterLeaf`
 */
export async function readDocket(
  log: TransparencyLog,
  modelId: string,
  mayIssue: MayIssue,
): Promise<Docket | undefined> {
  const links = await log.links(chainOf({ modelId, seq: 0 }).key)
  const last = links.at(-1)
  if (last === undefined) return undefined
  const read = leafReader(log, await publishedSize(log, last.index))
  let docket: Docket | undefined
  for (const { index, leafHash } of links) {
    const bytes = await read(index)
    if (toHex(hashLeaf(bytes)) !== leafHash)
      throw new Fault('log-tile-changed', `the entry ${index} is not the leaf that the log took`)
    docket = recordLeaf(docket, { index, hash: leafHash, leaf: readRegisterLeaf(bytes) }, { mayIssue }).docket
  }
  return docket
}
