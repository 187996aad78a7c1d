/**
 * Where the index of a register stands, and who may write it.
 *
 * The index is made from the register and belongs to it: it lies in the folder of an embedded register, and in the home
 * of a shared one under a name that follows from the database's address. It can be removed at any time.
 */
import { join } from 'node:path'
import { Fault, isFault, sha256 } from '../../base/index.ts'
import { lockFolder } from '../../register/index.ts'
import type { Context } from '../context.ts'

/** The folder of the index; its files lie in `rows` below it, the lock beside them. */
export function indexFolder({ register, places }: Pick<Context, 'register' | 'places'>): string {
  const { place } = register
  if ('folder' in place) return join(place.folder, 'index')
  const { host, pathname } = new URL(place.databaseUrl)
  return join(places.home, 'indexes', sha256(`${host}${pathname}`).slice(0, 16))
}

/** The files of an index. */
export function indexRows(folder: string): string {
  return join(folder, 'rows')
}

/** Runs with the right to write the index. @throws Fault `index-locked` while another process has it */
export async function withIndexLock<Result>(folder: string, run: () => Promise<Result>): Promise<Result> {
  const lock = takeLock(folder)
  try {
    return await run()
  } finally {
    lock.release()
  }
}

function takeLock(folder: string): ReturnType<typeof lockFolder> {
  try {
    return lockFolder(folder)
  } catch (cause) {
    if (!isFault(cause, 'register-locked')) throw cause
    const message = `the index ${folder} is being written by another process; wait until that has ended`
    throw new Fault('index-locked', message, { cause })
  }
}
