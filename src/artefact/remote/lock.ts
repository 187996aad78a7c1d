/**
 * One process at a time.
 *
 * Two processes that append to one part would spoil it. Whoever comes first writes its process number into a lock
 * file; a lock whose process is gone is taken over.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Fault } from '../../base/index.ts'
import { writeFault } from './store.ts'

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function holderOf(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    return Number.isSafeInteger(pid) && pid > 0 && isRunning(pid) ? pid : undefined
  } catch {
    return undefined
  }
}

function acquire(path: string, what: string): void {
  for (let tries = 0; tries < 2; tries++) {
    try {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 })
      return
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw writeFault(thrown, path)
    }
    const holder = holderOf(path)
    if (holder !== undefined) {
      throw new Fault('in-use', `process ${holder} is downloading ${what}; wait for it, or remove ${path}`)
    }
    rmSync(path, { force: true })
  }
  throw new Fault('in-use', `another process is downloading ${what}`)
}

/** Runs `use` while holding the lock file. @throws Fault `in-use` when a running process holds it */
export async function withLock<Value>(path: string, what: string, use: () => Promise<Value>): Promise<Value> {
  acquire(path, what)
  try {
    return await use()
  } finally {
    rmSync(path, { force: true })
  }
}
