/**
 * The folder where downloads are kept.
 *
 * ```
 * blobs/sha256-<hex>, blobs/git-<hex>   whole files, verified, named by what they are
 * parts/<key>.part, parts/<key>.json    files on the way, and what the server said about them
 * snapshots/…                           one folder a commit, of links to blobs
 * ```
 *
 * Guarantee: a name under `blobs` or `snapshots` appears by `rename` or `link` of a file that is whole, verified and
 * on the disk; what is half stands under `parts` only, and a later process goes on with it.
 */
import {
  copyFileSync,
  constants,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { Fault } from '../../base/index.ts'
import type { Declared } from '../listed-file.ts'
import { printableName } from '../names.ts'

/** An error while writing as a fault. */
export function writeFault(thrown: unknown, path: string): Fault {
  const code = (thrown as NodeJS.ErrnoException).code
  const name = printableName(path)
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Fault('disk-full', `no room left for ${name}; free some and run again, what is there is kept`)
  }
  return new Fault('unwritable', `${name} cannot be written (${code ?? String(thrown)})`, { cause: thrown })
}

/** See the module. */
export class Store {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /** Where a whole file stands or will stand. */
  blob(declared: Declared): string {
    const name = 'sha256' in declared ? `sha256-${declared.sha256}` : `git-${declared.git}`
    return join(this.folder, 'blobs', name)
  }

  /** True when a whole file is there; its bytes are verified again whenever it is opened. */
  has(declared: Declared, size: number | undefined): boolean {
    return isWhole(this.blob(declared), size)
  }

  /** Where a file on the way stands, without its ending. */
  part(key: string): string {
    return join(this.folder, 'parts', key)
  }

  /** Bytes that are there of a file on the way. */
  partLength(key: string): number {
    return lstatSync(`${this.part(key)}.part`, { throwIfNoEntry: false })?.size ?? 0
  }

  /** Where a commit's files stand. */
  snapshot(...parts: readonly string[]): string {
    return join(this.folder, 'snapshots', ...parts)
  }

  /** Puts a whole file at a path as well: by a hard link, or as a copy where links are not to be had. */
  place(blob: string, path: string): void {
    try {
      mkdirSync(dirname(path), { recursive: true })
      rmSync(path, { force: true })
      linkOrCopy(blob, path)
    } catch (thrown) {
      throw writeFault(thrown, path)
    }
  }

  /** Makes the folders. @throws Fault `disk-full` when fewer than `bytes` are free, `unwritable` */
  prepare(bytes: number): void {
    try {
      for (const name of ['blobs', 'parts']) mkdirSync(join(this.folder, name), { recursive: true, mode: 0o700 })
    } catch (thrown) {
      throw writeFault(thrown, this.folder)
    }
    const { bavail, bsize } = statfsSync(this.folder)
    if (bavail * bsize < bytes) {
      throw new Fault('disk-full', `${this.folder}: ${bytes} bytes are wanted, ${bavail * bsize} are free`)
    }
  }
}

/** True when a file of this size stands at a path. */
export function isWhole(path: string, size: number | undefined): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  return stat?.isFile() === true && (size === undefined || stat.size === size)
}

function linkOrCopy(blob: string, path: string): void {
  try {
    linkSync(blob, path)
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code ?? ''
    if (!['EPERM', 'EXDEV', 'EMLINK', 'ENOTSUP', 'ENOSYS'].includes(code) || !existsSync(blob)) throw thrown
    const copy = `${blob}.${process.pid}.part`
    copyFileSync(blob, copy, constants.COPYFILE_FICLONE)
    renameSync(copy, path)
  }
}
