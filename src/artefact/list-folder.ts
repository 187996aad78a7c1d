/**
 * What is in a folder.
 *
 * Names are read as bytes, so that one that is not UTF-8 is seen and not mangled into another. Nothing is opened:
 * FIFOs, sockets and devices are told by their type, links are not followed unless the folder is a hub client's
 * cache and was opened as one. What cannot be part of the artefact is listed as a problem.
 *
 * Guarantee: the walk ends, whatever the folder holds: it never follows a link to a folder, and it stops with a
 * fault at {@link MAX_FILES}.
 */
import { type Dirent, lstatSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Fault } from '../base/index.ts'
import type { IntakeProblem } from './artefact.ts'
import { followCacheLink, type HubCache } from './hub-cache.ts'
import type { ListedFile } from './listed-file.ts'
import { checkName, decodeName, nameProblem, printableName } from './names.ts'
import { fileFault, type Stamp, stampOf } from './opened-file.ts'

/** Files beyond which a folder is refused: far above any model, low enough for memory. */
export const MAX_FILES = 1_000_000

/** What {@link listFolder} found; files in no particular order. */
export interface FolderListing {
  readonly files: readonly ListedFile[]
  readonly problems: readonly IntakeProblem[]
  readonly ignored: readonly string[]
  /** The folders that were listed: a new or vanished entry changes the stamp of its folder. */
  readonly folders: ReadonlyMap<string, Stamp>
}

/** How to list. */
export interface ListOptions {
  /** Follow the links of this cache. */
  readonly cache?: HubCache | undefined
  /** Folders at the top that are no part of the consignment, as `/`-joined paths. */
  readonly passOver: readonly string[]
}

interface Walk extends ListOptions {
  readonly root: string
  readonly files: ListedFile[]
  readonly problems: IntakeProblem[]
  readonly ignored: string[]
  readonly folders: Map<string, Stamp>
  /** Relative paths of folders still to be listed. */
  readonly pending: string[]
}

/** Lists a folder. @throws Fault `unreadable`, `too-many-files` */
export function listFolder(root: string, options: ListOptions): FolderListing {
  const walk: Walk = { ...options, root, files: [], problems: [], ignored: [], folders: new Map(), pending: [''] }
  for (let folder = walk.pending.pop(); folder !== undefined; folder = walk.pending.pop()) {
    for (const entry of readFolder(walk, folder)) listEntry(walk, folder, entry)
    if (walk.files.length > MAX_FILES) throw new Fault('too-many-files', `more than ${MAX_FILES} files in ${root}`)
  }
  return walk
}

function readFolder(walk: Walk, folder: string): Dirent<Buffer>[] {
  const real = join(walk.root, folder)
  try {
    walk.folders.set(real, stampOf(lstatSync(real, { bigint: true })))
    return readdirSync(real, { withFileTypes: true, encoding: 'buffer' })
  } catch (thrown) {
    throw fileFault(thrown, folder === '' ? walk.root : folder)
  }
}

function listEntry(walk: Walk, folder: string, entry: Dirent<Buffer>): void {
  const name = decodeName(entry.name)
  if (name === undefined) {
    const bytes = Buffer.concat([Buffer.from(folder === '' ? '' : `${folder}/`), entry.name])
    const message = entry.isDirectory() ? 'a folder whose name is not UTF-8, with all in it' : 'not UTF-8'
    walk.problems.push(nameProblem('name-not-utf8', bytes, { message, excluded: true }))
    return
  }
  const path = folder === '' ? name : `${folder}/${name}`
  const problem = checkName(name)
  if (problem !== undefined) walk.problems.push(inFolder(problem, folder))
  if (problem?.excluded !== true) listNamed(walk, path, entry)
}

function inFolder(problem: IntakeProblem, folder: string): IntakeProblem {
  if (folder === '') return problem
  const prefix = `${printableName(folder)}/`
  return { ...problem, path: prefix + problem.path, message: prefix + problem.message }
}

function listNamed(walk: Walk, path: string, entry: Dirent<Buffer>): void {
  if (entry.isDirectory()) {
    if (walk.passOver.includes(path)) walk.ignored.push(path)
    else walk.pending.push(path)
  } else if (entry.isFile()) walk.files.push({ path, real: join(walk.root, path) })
  else if (entry.isSymbolicLink()) listLink(walk, path)
  else walk.problems.push(nameProblem('not-a-file', path, { message: `a ${describeType(entry)}`, excluded: true }))
}

function describeType(entry: Dirent<Buffer>): string {
  if (entry.isFIFO()) return 'FIFO, which is never opened'
  if (entry.isSocket()) return 'socket, which is never opened'
  return 'device or something else that is no file, which is never opened'
}

function listLink(walk: Walk, path: string): void {
  const link = join(walk.root, path)
  const followed = walk.cache === undefined ? undefined : followCacheLink(link, walk.cache)
  if (followed?.ok === true) {
    walk.files.push({ path, ...followed.value })
    return
  }
  const loops = isLoop(link)
  const why = loops ? 'a link that leads back to itself' : (followed?.reason ?? 'a link, which is not followed')
  walk.problems.push(nameProblem(loops ? 'link-loop' : 'symlink', path, { message: why, excluded: true }))
}

/** True for a chain of links without an end and for a link to a folder that it stands in. */
function isLoop(link: string): boolean {
  try {
    const target = realpathSync(link)
    const folder = realpathSync(dirname(link))
    return folder === target || folder.startsWith(target === '/' ? target : `${target}/`)
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'ELOOP'
  }
}
