/**
 * A log as a folder that any web server can serve: the paths of the objects are the paths of the files.
 *
 * A file is written under another name, synced, and linked to its place, which fails when something is there; then the
 * folder is synced. So a crash leaves a whole file or none, and nothing is overwritten.
 */
import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Fault } from '../../base/index.ts'
import { hasCode, placeOnce, replaceWhole, syncFolder } from '../../certificate/index.ts'
import { eachFew, ensureSame, isStoredPath, type StoredObject, type TileStore } from './tile-store.ts'

const AT_ONCE = 8
const TRIES = 3
/** Anyone may read a log. */
const MODE = 0o644

/** See the module. */
export class FileTiles implements TileStore {
  readonly #root: string
  readonly #known = new Set<string>()

  constructor(root: string) {
    this.#root = root
  }

  #place(path: string): string {
    if (!isStoredPath(path)) throw new Fault('log-path', `${path.slice(0, 100)} is not the path of a tile`)
    return join(this.#root, path)
  }

  /** Makes a folder and those above it, each durable in the one above. */
  async #makeFolder(folder: string): Promise<void> {
    if (this.#known.has(folder)) return
    const first = await mkdir(folder, { recursive: true })
    if (first !== undefined) {
      for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
    }
    this.#known.add(folder)
  }

  async get(path: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#place(path))
    } catch (thrown) {
      if (hasCode(thrown, 'ENOENT') || hasCode(thrown, 'ENOTDIR')) return undefined
      throw thrown
    }
  }

  async #keepOne(object: StoredObject): Promise<void> {
    if (await placeOnce(this.#place(object.path), object.bytes, MODE)) return
    ensureSame(object, await this.get(object.path))
  }

  /** Another process may remove a folder of partial tiles while we write into it; then it is made again. */
  async keep(objects: readonly StoredObject[], tries = TRIES): Promise<void> {
    try {
      await this.#keepAll(objects)
    } catch (thrown) {
      if (tries === 0 || !hasCode(thrown, 'ENOENT')) throw thrown
      this.#known.clear()
      await this.keep(objects, tries - 1)
    }
  }

  async #keepAll(objects: readonly StoredObject[]): Promise<void> {
    const folders = [...new Set(objects.map(({ path }) => dirname(this.#place(path))))]
    for (const folder of folders) await this.#makeFolder(folder)
    await eachFew(objects, AT_ONCE, (object) => this.#keepOne(object))
    await eachFew(folders, AT_ONCE, syncFolder)
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    const place = this.#place(path)
    await this.#makeFolder(dirname(place))
    await replaceWhole(place, bytes, MODE)
  }

  async dropPartials(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      const folder = `${this.#place(path)}.p`
      this.#known.delete(folder)
      await rm(folder, { recursive: true, force: true })
    }
  }
}
