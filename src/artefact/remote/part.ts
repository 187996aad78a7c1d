/**
 * A file on the way in.
 *
 * The bytes that are there and the digests over them go together: opening a part that an earlier process left reads
 * it once through the digests, and whatever comes after is appended to both. When the file is whole and its digest
 * is the wanted one, it is flushed to the disk and renamed; otherwise it never gets a final name.
 */
import { createHash, type Hash } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Fault } from '../../base/index.ts'
import type { Declared } from '../listed-file.ts'
import { writeFault } from './store.ts'

/** What the server said about the file when its first bytes came. */
export interface PartNote {
  /** A strong entity tag. */
  readonly etag?: string
  /** Bytes of the whole file. */
  readonly total?: number
}

interface Digests {
  readonly sha256: Hash
  /** Git's blob digest, which starts with the size. */
  readonly git: Hash | undefined
}

const READ_SIZE = 1024 * 1024

function startDigests(size: number | undefined): Digests {
  const git = size === undefined ? undefined : createHash('sha1').update(`blob ${size}\0`)
  return { sha256: createHash('sha256'), git }
}

function readNote(path: string): PartNote {
  try {
    const { etag, total } = JSON.parse(readFileSync(path, 'utf8')) as { etag?: unknown; total?: unknown }
    return { ...(typeof etag === 'string' && { etag }), ...(typeof total === 'number' && { total }) }
  } catch {
    return {}
  }
}

/** See the module. */
export class Part {
  readonly #path: string
  readonly #size: number | undefined
  readonly #file: FileHandle
  #digests: Digests
  #length = 0
  #note: PartNote

  private constructor(path: string, size: number | undefined, file: FileHandle) {
    this.#path = path
    this.#size = size
    this.#file = file
    this.#digests = startDigests(size)
    this.#note = readNote(`${path}.json`)
  }

  /**
   * Opens what is there of a file, or begins it.
   *
   * @param path without its ending
   * @param size of the whole file, when it is known beforehand
   */
  static async open(path: string, size: number | undefined): Promise<Part> {
    const file = await open(`${path}.part`, 'a+', 0o600).catch((thrown: unknown) => {
      throw writeFault(thrown, `${path}.part`)
    })
    const part = new Part(path, size, file)
    try {
      await part.#readBack()
      return part
    } catch (thrown) {
      await file.close()
      throw writeFault(thrown, `${path}.part`)
    }
  }

  async #readBack(): Promise<void> {
    const buffer = new Uint8Array(READ_SIZE)
    for (;;) {
      const { bytesRead } = await this.#file.read(buffer, 0, READ_SIZE, this.#length)
      if (bytesRead === 0) break
      this.#update(buffer.subarray(0, bytesRead))
    }
    if (this.#size !== undefined && this.#length > this.#size) await this.restart()
  }

  #update(bytes: Uint8Array): void {
    this.#digests.sha256.update(bytes)
    this.#digests.git?.update(bytes)
    this.#length += bytes.length
  }

  /** Bytes that are there. */
  get length(): number {
    return this.#length
  }

  /** See {@link PartNote}. */
  get note(): PartNote {
    return this.#note
  }

  /** Keeps what the server said, for this process and a later one. */
  remember(note: PartNote): void {
    this.#note = note
    try {
      writeFileSync(`${this.#path}.json`, JSON.stringify(note), { mode: 0o600 })
    } catch (thrown) {
      throw writeFault(thrown, `${this.#path}.json`)
    }
  }

  /** Takes the next bytes. @throws Fault `disk-full`, `unwritable` */
  async append(bytes: Uint8Array): Promise<void> {
    try {
      await this.#file.appendFile(bytes)
    } catch (thrown) {
      throw writeFault(thrown, `${this.#path}.part`)
    }
    this.#update(bytes)
  }

  /** Forgets all bytes. */
  async restart(): Promise<void> {
    await this.#file.truncate(0)
    this.#digests = startDigests(this.#size)
    this.#length = 0
    this.#note = {}
  }

  /** Digests over all bytes; nothing can be appended after this. */
  digests(): { readonly sha256: string; readonly git: string | undefined } {
    return { sha256: this.#digests.sha256.digest('hex'), git: this.#digests.git?.digest('hex') }
  }

  /** Gives the file its final name, once it is on the disk, for reading only. */
  async commit(path: string): Promise<void> {
    try {
      await this.#file.chmod(0o444)
      await this.#file.sync()
      renameSync(`${this.#path}.part`, path)
      rmSync(`${this.#path}.json`, { force: true })
      await syncFolder(dirname(path))
    } catch (thrown) {
      throw writeFault(thrown, path)
    }
  }

  /** Removes the file: its bytes are of no use. */
  discard(): void {
    rmSync(`${this.#path}.part`, { force: true })
    rmSync(`${this.#path}.json`, { force: true })
  }

  /** Lets go of the file; what is there stays for a later process. */
  async close(): Promise<void> {
    await this.#file.close()
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Ensures that bytes are what was declared. @throws Fault `wrong-bytes` */
export function ensureDeclared(name: string, part: ReturnType<Part['digests']>, declared: Declared | undefined): void {
  if (declared === undefined) return
  const [kind, wanted, found] =
    'sha256' in declared ? ['SHA-256', declared.sha256, part.sha256] : ['git SHA-1', declared.git, part.git]
  if (wanted === found) return
  throw new Fault('wrong-bytes', `${name}: ${kind} ${wanted} was declared, ${found} came; nothing of it was kept`)
}
