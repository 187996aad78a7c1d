/**
 * Opening what stands on this machine: a file or a folder, in place.
 *
 * The path that was given is followed through links, because somebody meant it; inside a folder links are followed
 * only in a hub client's cache, and only when it was opened as one.
 */
import { lstatSync, realpathSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { Fault } from '../base/index.ts'
import type { Source, WatchedArtefact } from './artefact.ts'
import { chooseSnapshot, declaredByLink, findHubCache, looksLikeHubCache, pointsIntoBlobs } from './hub-cache.ts'
import { type FolderListing, listFolder } from './list-folder.ts'
import type { ListedFile } from './listed-file.ts'
import { checkName, ensureUsableName, printableName } from './names.ts'
import type { OpenOptions } from './open-options.ts'
import { fileFault } from './opened-file.ts'
import type { PathReference } from './reference.ts'
import { takeIn } from './take-in.ts'

/** What a working copy or a download leaves at the top that is no part of the model. */
const PASSED_OVER = ['.git', '.cache/huggingface']

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ELOOP') {
      throw new Fault('link-loop', `${printableName(path)}: links that lead in a circle`)
    }
    throw fileFault(thrown, path)
  }
}

function hintHubCache(folder: string, listing: FolderListing): void {
  const isLink = ({ kind, path }: { kind: string; path: string }) =>
    kind === 'symlink' && pointsIntoBlobs(resolve(folder, path))
  if (!looksLikeHubCache(folder) || !listing.problems.some(isLink)) return
  throw new Fault(
    'hub-cache',
    `${printableName(folder)} belongs to a hub client's cache and holds links: open it with --hf-cache`,
  )
}

function openFolder(given: string, source: Source, options: OpenOptions): Promise<WatchedArtefact> {
  const folder = options.hfCache === true ? realPath(chooseSnapshot(given)) : given
  const cache = options.hfCache === true ? findHubCache(folder) : undefined
  const listing = listFolder(folder, { cache, passOver: PASSED_OVER })
  if (options.hfCache !== true) hintHubCache(folder, listing)
  return takeIn({ ...listing, source }, options)
}

/**
 * Opens one file under a name.
 *
 * @param name what it is called in the artefact
 * @throws Fault as `takeIn`
 */
export function openFile(
  file: Omit<ListedFile, 'path'> & { readonly name: string; readonly source: Source },
  options: OpenOptions,
): Promise<WatchedArtefact> {
  const { name, source, ...listed } = file
  ensureUsableName(name)
  const problem = checkName(name)
  const problems = problem === undefined ? [] : [problem]
  return takeIn({ source, files: [{ path: name, ...listed }], problems, ignored: [], folders: new Map() }, options)
}

/**
 * Opens a file or a folder.
 *
 * @throws Fault `no-such-path`, `unreadable`, `not-a-file` for a FIFO, socket or device, `hub-cache` with the hint
 *   to open it as one, `bad-name`, and as `takeIn`
 */
export async function openPath(reference: PathReference, options: OpenOptions): Promise<WatchedArtefact> {
  const { ref, path } = reference
  const real = realPath(path)
  const stat = lstatSync(real)
  if (stat.isDirectory()) return openFolder(real, { kind: 'folder', ref }, options)
  if (!stat.isFile()) throw new Fault('not-a-file', `${printableName(ref)}: neither a file nor a folder`)
  const declared = declaredByLink(path)
  return openFile({ name: basename(resolve(path)), real, declared, source: { kind: 'file', ref } }, options)
}
