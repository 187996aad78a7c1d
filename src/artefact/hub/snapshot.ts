/**
 * A commit in the store: its list of files, and a folder with all of them.
 *
 * The list is kept beside the folder, so that a commit that is there can be opened again without the hub, and so
 * that what is opened is what was listed and not whatever lies in the folder. Every file is a link to its blob, made
 * only when the blob is whole.
 */
import { readFileSync, renameSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { canonicalJson } from '../../base/index.ts'
import type { ListedFile } from '../listed-file.ts'
import { isWhole, type Store, writeFault } from '../remote/store.ts'
import type { Endpoint } from './endpoint.ts'
import type { Tree, TreeFile } from './tree.ts'

/** Where a commit stands in the store. */
export interface Snapshot {
  readonly store: Store
  readonly folder: string
  readonly listing: string
  readonly lock: string
}

/** The place of a commit, whether anything is there yet or not. */
export function snapshotOf(
  store: Store,
  endpoint: Endpoint,
  { repository, commit }: { readonly repository: string; readonly commit: string },
): Snapshot {
  const folder = store.snapshot(endpoint.key, repository.replace('/', '--'), commit)
  return { store, folder, listing: `${folder}.json`, lock: `${folder}.lock` }
}

/** The list that was kept, or undefined. */
export function readListing(snapshot: Snapshot): Tree | undefined {
  try {
    return JSON.parse(readFileSync(snapshot.listing, 'utf8')) as Tree
  } catch {
    return undefined
  }
}

/** Keeps the list. @throws Fault `disk-full`, `unwritable` */
export function writeListing(snapshot: Snapshot, tree: Tree): void {
  const half = `${snapshot.listing}.part`
  try {
    mkdirSync(dirname(snapshot.listing), { recursive: true })
    writeFileSync(half, canonicalJson(tree))
    renameSync(half, snapshot.listing)
  } catch (thrown) {
    rmSync(half, { force: true })
    throw writeFault(thrown, snapshot.listing)
  }
}

/** The path of a file of the commit. Names were checked when the list was read. */
export function placeIn(snapshot: Snapshot, file: TreeFile): string {
  return join(snapshot.folder, file.path)
}

/** The files that are not whole in the folder. */
export function missingFiles(snapshot: Snapshot, tree: Tree): readonly TreeFile[] {
  return tree.files.filter((file) => !isWhole(placeIn(snapshot, file), file.size))
}

/** The files as they are taken in. */
export function listedFiles(snapshot: Snapshot, tree: Tree): readonly ListedFile[] {
  return tree.files.map((file) => ({ path: file.path, real: placeIn(snapshot, file), declared: file.declared }))
}

/** Removes a file whose bytes are no longer what they were, so that it is fetched anew. */
export function forget(snapshot: Snapshot, file: TreeFile): void {
  rmSync(placeIn(snapshot, file), { force: true })
  rmSync(snapshot.store.blob(file.declared), { force: true })
}
