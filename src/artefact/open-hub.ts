/**
 * Opening a model on a hub: pin the commit, fetch its files, take them in.
 *
 * Guarantee: the artefact is exactly the files that the hub lists for one commit, each equal to the digest that the
 * hub declares for it, at every opening; a copy in the store that changed is removed and never used.
 */
import type { WatchedArtefact } from './artefact.ts'
import { Fault, silentLog } from '../base/index.ts'
import { type Endpoint, readEndpoint } from './hub/endpoint.ts'
import { fetchCommit } from './hub/fetch-commit.ts'
import { isCommit, listCommit, pinCommit } from './hub/repository.ts'
import {
  forget,
  listedFiles,
  missingFiles,
  readListing,
  type Snapshot,
  snapshotOf,
  writeListing,
} from './hub/snapshot.ts'
import type { Tree } from './hub/tree.ts'
import { printableName } from './names.ts'
import type { OpenOptions } from './open-options.ts'
import type { HubReference } from './reference.ts'
import { withLock } from './remote/lock.ts'
import { Store } from './remote/store.ts'
import { createWire, type Wire } from './remote/wire.ts'
import { takeIn } from './take-in.ts'

interface Visit {
  readonly wire: Wire
  readonly endpoint: Endpoint
  readonly reference: HubReference
  readonly options: OpenOptions
}

async function fetchTree({ wire, endpoint, reference, options }: Visit, commit: string, snapshot: Snapshot) {
  const known = readListing(snapshot)
  const tree = known ?? (await listCommit(wire, endpoint, { reference, commit }))
  if (known === undefined) writeListing(snapshot, tree)
  await fetchCommit({ wire, endpoint, reference, commit, snapshot, tree, onProgress: options.onProgress })
  return tree
}

/** Refuses a stored copy that is no longer what the hub declared, and removes it. */
function ensureUndamaged(opened: WatchedArtefact, snapshot: Snapshot, tree: Tree): void {
  const damaged = opened.artefact.problems.filter(({ kind }) => kind === 'hub-digest').map(({ path }) => path)
  if (damaged.length === 0) return
  for (const file of tree.files) if (damaged.includes(printableName(file.path))) forget(snapshot, file)
  throw new Fault('cache-damaged', `the stored copy of ${damaged.join(', ')} had changed and was removed; run again`)
}

/**
 * Opens a model on a hub.
 *
 * @throws Fault `remote-…`, `wrong-length`, `wrong-bytes`, `disk-full`, `unwritable`, `in-use`, `cache-damaged`,
 *   `empty-artefact`, `aborted`
 */
export async function openHub(reference: HubReference, options: OpenOptions): Promise<WatchedArtefact> {
  const endpoint = readEndpoint(options.environment ?? {})
  const wire = createWire(options, endpoint.credential)
  const { repository, revision, ref } = reference
  const store = new Store(options.cacheFolder)
  const commit = isCommit(revision) ? revision : await pinCommit(wire, endpoint, reference)
  const snapshot = snapshotOf(store, endpoint, { repository, commit })
  const known = readListing(snapshot)
  const tree =
    known !== undefined && missingFiles(snapshot, known).length === 0
      ? known
      : await withLock(snapshot.lock, ref, () => fetchTree({ wire, endpoint, reference, options }, commit, snapshot))
  ;(options.log ?? silentLog).info({ repository, commit, files: tree.files.length }, 'intake.hub-commit')
  const source = { kind: 'hub', ref, location: repository, commit } as const
  const files = listedFiles(snapshot, tree)
  const opened = await takeIn({ source, files, problems: tree.problems, ignored: [], folders: new Map() }, options)
  ensureUndamaged(opened, snapshot, tree)
  return opened
}
