/**
 * The lock on a register's folder.
 *
 * PGlite has none: two processes that open one folder both report success and lose rows (226 of 4,000 in a trial). So
 * the folder is guarded by a lock of the operating system, held through SQLite's file locking, which is the portable
 * way to such a lock from Node: it is exclusive across processes and containers that share the file system, and the
 * system itself drops it when the holder dies, however it dies. Nothing is ever stolen from a living process.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Fault, toFault } from '../base/index.ts'

/** A lock that is held. */
export interface FolderLock {
  release(): void
}

function describeHolder(folder: string): string {
  try {
    return ` by process ${readFileSync(join(folder, 'holder'), 'utf8').trim()}`
  } catch {
    return ''
  }
}

/**
 * Takes the lock or says who has it.
 *
 * @throws Fault `register-locked` when another process has it; `register-unusable` when the folder cannot be written
 */
export function lockFolder(folder: string): FolderLock {
  let database: DatabaseSync
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    database = new DatabaseSync(join(folder, 'lock.sqlite'), { timeout: 0 })
  } catch (cause) {
    throw new Fault('register-unusable', `the register ${folder} cannot be used: ${toFault(cause).message}`, { cause })
  }
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    writeFileSync(join(folder, 'holder'), `${process.pid}\n`)
  } catch (cause) {
    database.close()
    if (!toFault(cause).message.includes('locked')) {
      throw new Fault('register-unusable', `the register ${folder} cannot be used: ${toFault(cause).message}`, {
        cause,
      })
    }
    const message = `the register ${folder} is in use${describeHolder(folder)}; stop that process, choose another folder with --register, or set DATABASE_URL to share a PostgreSQL`
    throw new Fault('register-locked', message, { cause })
  }
  return { release: () => database.close() }
}
