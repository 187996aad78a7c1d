/**
 * The cache folder of a Hugging Face client.
 *
 * In `models--org--name/snapshots/<commit>/` every file is a link into `../../blobs/`, where it is named by its
 * digest: 64 hex digits of SHA-256 for large files, 40 of git's SHA-1 for small ones. Newer clients share large
 * files among repositories, and the blob is itself a link into `blobs/<2 hex>/<64 hex>` of the cache. Only links
 * of exactly these two shapes are followed, and the name of the blob is what the bytes must then digest to.
 *
 * Guarantee: no link leads out of the cache; one that leaves the blobs of its own repository is followed only when
 * a SHA-256 in its name says what must be found.
 *
 * Source: certificates-and-log 2.1; huggingface_hub 2.4.0 `_shared_blobs.py`.
 */
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fail, Fault, isSha256, ok, type Result } from '../base/index.ts'
import type { Declared, ListedFile } from './listed-file.ts'

/** The repository in a cache that a snapshot belongs to. Real paths. */
export interface HubCache {
  readonly snapshot: string
  /** Where its files stand. */
  readonly blobs: string
  /** Where files stand that several repositories share. */
  readonly sharedBlobs: string
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/** The cache that a folder is a snapshot of, or undefined. */
export function findHubCache(folder: string): HubCache | undefined {
  const snapshots = dirname(folder)
  const repository = dirname(snapshots)
  if (basename(snapshots) !== 'snapshots' || !isFolder(join(repository, 'blobs'))) return undefined
  const blobs = realpathSync(join(repository, 'blobs'))
  return { snapshot: folder, blobs, sharedBlobs: join(dirname(repository), 'blobs') }
}

/**
 * The snapshot to open when the folder of a whole repository was given: the one that `refs/main` names, or the only
 * one. Any other folder is given back as it is.
 *
 * @throws Fault `which-snapshot` when there are several and none is main
 */
export function chooseSnapshot(folder: string): string {
  const snapshots = join(folder, 'snapshots')
  if (!isFolder(snapshots) || !isFolder(join(folder, 'blobs'))) return folder
  const main = join(folder, 'refs', 'main')
  const names = readdirSync(snapshots)
  const named = existsSync(main) ? readFileSync(main, 'utf8').trim() : undefined
  const chosen = names.find((name) => name === named) ?? (names.length === 1 ? names[0] : undefined)
  if (chosen !== undefined) return join(snapshots, chosen)
  throw new Fault('which-snapshot', `${folder} holds ${names.length} snapshots; give one: ${snapshots}/<commit>`)
}

/** True for a snapshot in a cache and for the folder of a whole repository in one. */
export function looksLikeHubCache(folder: string): boolean {
  return findHubCache(folder) !== undefined || (isFolder(join(folder, 'snapshots')) && isFolder(join(folder, 'blobs')))
}

/** True when a link has the shape of a snapshot's links: into a folder `blobs`. Nothing is followed. */
export function pointsIntoBlobs(link: string): boolean {
  try {
    return /^(\.\.\/)+blobs\/[^/]+$/.test(readlinkSync(link))
  } catch {
    return false
  }
}

function declaredBy(name: string): Declared | undefined {
  if (isSha256(name)) return { sha256: name }
  return /^[0-9a-f]{40}$/.test(name) ? { git: name } : undefined
}

/** What the name of the blob says that a link of a snapshot points to, or undefined. */
export function declaredByLink(link: string): Declared | undefined {
  return pointsIntoBlobs(link) ? declaredBy(basename(readlinkSync(link))) : undefined
}

/** Follows a link of a snapshot to its blob, or says why not. */
export function followCacheLink(link: string, cache: HubCache): Result<Omit<ListedFile, 'path'>> {
  try {
    const blob = resolve(dirname(link), readlinkSync(link))
    const name = basename(blob)
    if (realpathSync(dirname(blob)) !== cache.blobs) return fail('a link that leaves the blobs of its repository')
    if (lstatSync(blob).isFile()) return ok({ real: join(cache.blobs, name), declared: declaredBy(name) })
    return followShared(blob, cache)
  } catch {
    return fail('a link that leads nowhere')
  }
}

function followShared(blob: string, cache: HubCache): Result<Omit<ListedFile, 'path'>> {
  const real = realpathSync(blob)
  const declared = declaredBy(basename(blob))
  const shared = existsSync(cache.sharedBlobs) ? relative(realpathSync(cache.sharedBlobs), real) : ''
  if (declared === undefined || !('sha256' in declared) || !/^[0-9a-f]{2}\/[0-9a-f]{64}$/.test(shared)) {
    return fail('a link that leaves the blobs of its repository')
  }
  return statSync(real).isFile() ? ok({ real, declared }) : fail('a link to something that is no file')
}
