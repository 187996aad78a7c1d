/**
 * Fetching all files of a commit, a few at a time.
 *
 * What the store has already is not fetched again, from whatever repository or commit it came: blobs are named by
 * their digest. The first failure calls the others off; what they have stays for the next run.
 */
import { sha256 } from '../../base/index.ts'
import { printableName } from '../names.ts'
import type { OpenOptions } from '../open-options.ts'
import type { HubReference } from '../reference.ts'
import { download } from '../remote/download.ts'
import type { Wire } from '../remote/wire.ts'
import type { Endpoint } from './endpoint.ts'
import { askedFor, encodePath } from './repository.ts'
import { missingFiles, placeIn, type Snapshot } from './snapshot.ts'
import type { Tree, TreeFile } from './tree.ts'

/** Downloads that run side by side. */
const SIDE_BY_SIDE = 4

/** A commit that is to be fetched. */
export interface CommitFetch {
  readonly wire: Wire
  readonly endpoint: Endpoint
  readonly reference: HubReference
  readonly commit: string
  readonly snapshot: Snapshot
  readonly tree: Tree
  readonly onProgress: OpenOptions['onProgress']
}

/** Runs tasks over items, `SIDE_BY_SIDE` at a time; the first failure calls `stop` and is thrown at the end. */
async function forEachSome<Item>(
  items: readonly Item[],
  task: (item: Item) => Promise<void>,
  stop: () => void,
): Promise<void> {
  const queue = items.values()
  const failures: unknown[] = []
  const work = async () => {
    for (const item of queue) {
      if (failures.length > 0) return
      try {
        await task(item)
      } catch (thrown) {
        failures.push(thrown)
        stop()
      }
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work))
  if (failures.length > 0) throw failures[0]
}

/** Tells of all downloads together. */
function createProgress(missing: readonly TreeFile[], onProgress: OpenOptions['onProgress']) {
  const total = missing.reduce((sum, { size }) => sum + size, 0)
  const lengths = new Map<string, number>()
  let done = 0
  return (path: string, length: number) => {
    done += length - (lengths.get(path) ?? 0)
    lengths.set(path, length)
    onProgress?.({ stage: 'download', path, done, total })
  }
}

function partKey({ endpoint, reference, commit }: CommitFetch, { path }: TreeFile): string {
  return sha256(JSON.stringify([endpoint.url, reference.repository, commit, path]))
}

async function fetchFile(file: TreeFile, fetching: CommitFetch, onLength: (length: number) => void): Promise<void> {
  const { wire, endpoint, reference, commit, snapshot } = fetching
  const { store } = snapshot
  const { path, size, declared } = file
  if (!store.has(declared, size)) {
    const url = `${endpoint.url}/${encodePath(reference.repository)}/resolve/${commit}/${encodePath(path)}`
    const key = partKey(fetching, file)
    const asked = askedFor(reference, endpoint, path)
    await download({ url, name: printableName(path), key, size, declared, commit, asked }, { wire, store, onLength })
  }
  onLength(size)
  store.place(store.blob(declared), placeIn(snapshot, file))
}

/** Fetches what is missing of a commit. @throws Fault as `download` */
export async function fetchCommit(fetching: CommitFetch): Promise<void> {
  const { snapshot, tree, wire } = fetching
  const missing = missingFiles(snapshot, tree)
  const room = missing
    .filter(({ declared, size }) => !snapshot.store.has(declared, size))
    .reduce((sum, file) => sum + file.size - snapshot.store.partLength(partKey(fetching, file)), 0)
  snapshot.store.prepare(room)
  const onLength = createProgress(missing, fetching.onProgress)
  const stop = new AbortController()
  const signal = wire.signal === undefined ? stop.signal : AbortSignal.any([wire.signal, stop.signal])
  const stoppable = { ...fetching, wire: { ...wire, signal } }
  await forEachSome(
    missing,
    (file) => fetchFile(file, stoppable, (length) => onLength(file.path, length)),
    () => stop.abort(),
  )
}
