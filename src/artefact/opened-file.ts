/**
 * One file, held open, that must not change while it is read.
 *
 * A file is opened without following a link and without waiting (a FIFO that took its place would block for ever),
 * and its stamp is taken before and after. What grew, shrank or was replaced in between is a fault: a digest over
 * two states of a file describes neither.
 *
 * Guarantee: only regular files are ever opened; the bytes read are those of one inode whose size and times of
 * change were the same before and after. Limit: a writer that restores both times is seen by its `ctime` alone,
 * which is not compared when a hard link was made or removed at the same time.
 */
import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync } from 'node:fs'
import { Fault } from '../base/index.ts'
import { printableName } from './names.ts'

/**
 * What stays the same as long as a file does: device, inode, links, size, and times of change in nanoseconds, in one
 * string, because there is one for each of what may be many files.
 */
export type Stamp = string

/** The stamp of a file or folder. */
export function stampOf({ dev, ino, nlink, size, mtimeNs, ctimeNs }: BigIntStats): Stamp {
  return [dev, ino, nlink, size, mtimeNs, ctimeNs].join(' ')
}

/** An error of the file system as a fault that names the file. */
export function fileFault(thrown: unknown, path: string): Fault {
  const code = (thrown as NodeJS.ErrnoException).code ?? ''
  const name = printableName(path)
  if (code === 'EACCES' || code === 'EPERM') return new Fault('unreadable', `${name}: no permission to read it`)
  if (code === 'ENOENT' || code === 'ENOTDIR') return new Fault('no-such-path', `${name}: no such file or folder`)
  const why = thrown instanceof Error ? thrown.message : String(thrown)
  return new Fault('unreadable', `${name}: cannot be read (${printableName(code === '' ? why : code)})`)
}

/** The fault that says how a file changed. */
export function changedFault(path: string, how: string): Fault {
  return new Fault('changed-while-read', `${printableName(path)} ${how} while it was read; try again when it rests`)
}

/** Says how a file changed between two stamps, or undefined. */
export function howChanged(before: Stamp, after: Stamp): string | undefined {
  if (before === after) return undefined
  const [dev, ino, nlink, size = '', written, changed] = before.split(' ')
  const [newDev, newIno, newNlink, newSize = '', newWritten, newChanged] = after.split(' ')
  if (dev !== newDev || ino !== newIno) return 'was replaced'
  if (size !== newSize) return Number(newSize) > Number(size) ? 'grew' : 'shrank'
  if (written !== newWritten) return 'was written to'
  return nlink === newNlink && changed !== newChanged ? 'was changed' : undefined
}

/** Ensures that what stands at `real` is still what was stamped. @throws Fault `changed-while-read` */
export function ensureUnchanged(path: string, real: string, before: Stamp): void {
  const after = lstatSync(real, { bigint: true, throwIfNoEntry: false })
  if (after === undefined) throw changedFault(path, 'vanished')
  const how = howChanged(before, stampOf(after))
  if (how !== undefined) throw changedFault(path, how)
}

/** A regular file held open. */
export interface OpenedFile {
  readonly path: string
  readonly fd: number
  /** Bytes at opening. */
  readonly size: number
  readonly stamp: Stamp
}

const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

function openAt(path: string, real: string): number {
  try {
    return openSync(real, FLAGS)
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code
    if (code === 'ELOOP' || code === 'ENXIO' || code === 'ENOENT') throw changedFault(path, 'was replaced')
    throw fileFault(thrown, path)
  }
}

/**
 * Opens a regular file, hands it to `use`, closes it and ensures that it did not change.
 *
 * @param path the name for messages
 * @param real where it stands
 * @throws Fault `unreadable`, `changed-while-read`
 */
export async function withFile<Value>(
  path: string,
  real: string,
  use: (file: OpenedFile) => Value | Promise<Value>,
): Promise<{ readonly value: Value; readonly stamp: Stamp }> {
  const fd = openAt(path, real)
  try {
    const stat = fstatSync(fd, { bigint: true })
    if (!stat.isFile()) throw changedFault(path, 'was replaced by something that is no file')
    const stamp = stampOf(stat)
    const value = await use({ path, fd, size: Number(stat.size), stamp })
    const how = howChanged(stamp, stampOf(fstatSync(fd, { bigint: true })))
    if (how !== undefined) throw changedFault(path, how)
    return { value, stamp }
  } finally {
    closeSync(fd)
  }
}
