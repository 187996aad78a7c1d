/**
 * Where tiles, entry bundles and the served checkpoint lie: a folder, an object store, or the database.
 *
 * What lies under the name of a tile or bundle never changes, so a store never overwrites one: writing the same bytes
 * again does nothing (a crash between writing and committing makes that happen), and other bytes are a fault. Only the
 * checkpoint is replaced. Readers see a whole object or none.
 */
import { Fault } from '../../base/index.ts'
import { equalBytes } from '../../certificate/index.ts'

/** One object by its path in the log: `tile/0/000`, `tile/entries/x001/067.p/8`. */
export interface StoredObject {
  readonly path: string
  readonly bytes: Uint8Array
}

/** See the module. All is durable when it resolves. */
export interface TileStore {
  /** The bytes of an object; undefined when it is not there. */
  get(path: string): Promise<Uint8Array | undefined>
  /** Writes objects that never change. @throws Fault `log-tile-changed` when one is there with other bytes */
  keep(objects: readonly StoredObject[]): Promise<void>
  /** Writes the one object that changes. */
  replace(path: string, bytes: Uint8Array): Promise<void>
  /** Removes the partial objects beside these full ones, which hold all that is in them. */
  dropPartials(paths: readonly string[]): Promise<void>
}

/** Path of the served checkpoint. */
export const CHECKPOINT_PATH = 'checkpoint'

const PATH = /^(?:checkpoint|tile\/(?:entries|[0-9]{1,2})\/(?:x[0-9]{3}\/){0,5}[0-9]{3}(?:\.p\/[1-9][0-9]{0,2})?)$/

/** True for what may be the path of an object: no other is looked up. @example isStoredPath('tile/0/../x') // false */
export function isStoredPath(path: string): boolean {
  return PATH.test(path)
}

/** @throws Fault `log-tile-changed` unless what stands is what is to be written */
export function ensureSame({ path, bytes }: StoredObject, standing: Uint8Array | undefined): void {
  if (standing !== undefined && equalBytes(standing, bytes)) return
  const found = standing === undefined ? 'is gone again' : `holds other ${standing.length} bytes`
  throw new Fault('log-tile-changed', `${path} ${found}; what was published of a log never changes`)
}

/** Runs `work` over all items, a few at a time. */
export async function eachFew<Item>(
  items: readonly Item[],
  few: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items.values()
  const workers = Array.from({ length: Math.min(few, items.length) }, async () => {
    for (const item of rest) await work(item)
  })
  await Promise.all(workers)
}
