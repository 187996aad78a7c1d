/**
 * Files that a crash leaves whole or not at all.
 *
 * A file is written under another name, synced, and then linked or renamed to its place; it is there for good once its
 * folder is synced too.
 */
import { randomUUID } from 'node:crypto'
import { link, open, rename, rm, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** True for an error of the system of this code. */
export function hasCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Writes a file under a name of its own and syncs it; gives its path. */
export async function writeAside(folder: string, content: Uint8Array | string, mode: number): Promise<string> {
  const path = join(folder, `.${randomUUID()}.new`)
  const handle = await open(path, 'wx', mode)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } catch (thrown) {
    await rm(path, { force: true })
    throw thrown
  } finally {
    await handle.close()
  }
  return path
}

/** Gives a file a second name; false when something has that name. */
export async function linkOnce(path: string, other: string): Promise<boolean> {
  try {
    await link(path, other)
    return true
  } catch (thrown) {
    if (hasCode(thrown, 'EEXIST')) return false
    throw thrown
  }
}

/** Puts a file where none is; false, and nothing is changed, when one is there. The caller syncs the folder. */
export async function placeOnce(path: string, content: Uint8Array | string, mode: number): Promise<boolean> {
  const aside = await writeAside(dirname(path), content, mode)
  try {
    return await linkOnce(aside, path)
  } finally {
    await unlink(aside)
  }
}

/** Puts a file in the place of the one that is there, if any; durable when it resolves. */
export async function replaceWhole(path: string, content: Uint8Array | string, mode: number): Promise<void> {
  const aside = await writeAside(dirname(path), content, mode)
  try {
    await rename(aside, path)
  } catch (thrown) {
    await rm(aside, { force: true })
    throw thrown
  }
  await syncFolder(dirname(path))
}
