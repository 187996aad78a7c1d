/**
 * One pass over a file: size, SHA-256 and the SHA-256 of every 4 MiB block, each byte read once.
 *
 * Files are read by `readSync` in pieces of 256 KiB (streams cost 40 %), and the event loop gets a turn every few
 * pieces, so that a signal or another request never waits longer than about 10 ms. A large artefact with block
 * lists takes a second thread (`digest-thread.ts`); everything else is hashed where it is read, and a file of one
 * block is hashed once, because its block is the file.
 *
 * Guarantee: what is read is exactly the size at opening; a byte more or less is a fault. Memory does not grow with
 * the size of the files, but for 80 bytes a block of the list.
 */
import { createHash } from 'node:crypto'
import { readSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { BlockList, BLOCK_SIZE, Fault } from '../base/index.ts'
import { changedFault, fileFault, type OpenedFile, type Stamp, withFile } from './opened-file.ts'
import { SharedSink } from './shared-sink.ts'
import { DigestThread, PIECE_SIZE } from './digest-thread.ts'

/** Digests of one file as it was at `stamp`. */
export interface FileDigests {
  readonly size: number
  readonly sha256: string
  /** When block lists are made. */
  readonly blocks?: readonly string[]
  /** Git's SHA-1 of the file as a blob, when it was asked for. */
  readonly git?: string
  readonly stamp: Stamp
}

/** What the pass computes, and how. */
export interface DigestPassOptions {
  readonly blocks: boolean
  /** Threads that may be used; with 1 everything runs where it is called. */
  readonly threads: number
  /** Bytes of all files together: a thread costs 40 ms to start and is not started for little. */
  readonly total: number
  readonly signal?: AbortSignal | undefined
  /** Told about each piece that was read. */
  readonly onBytes?: (length: number) => void
}

/** Where the pieces of one file go. */
interface Sink {
  ready?(): Promise<void>
  take(piece: Uint8Array, isLast: boolean): void
  finish(): Promise<Omit<FileDigests, 'size' | 'stamp'>>
}

/** Bytes of all files from which a thread pays. */
const THREAD_WORTH = 64 * 1024 * 1024
/** Bytes and files after which the event loop gets its turn. */
const BREATH_BYTES = 4 * 1024 * 1024
const BREATH_FILES = 64

/** Fails when the work was called off. @throws Fault `aborted` */
export function ensureGoing(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new Fault('aborted', 'stopped before it was done')
}

/** Digests files one after another; see the module. `close` must be called at the end. */
export class DigestPass {
  readonly #options: DigestPassOptions
  readonly #buffer = new Uint8Array(PIECE_SIZE)
  #thread: DigestThread | undefined
  #bytesSinceBreath = 0
  #filesSinceBreath = 0

  constructor(options: DigestPassOptions) {
    this.#options = options
  }

  /**
   * Digests one file.
   *
   * @param path the name for messages
   * @param real where it stands
   * @throws Fault `unreadable`, `changed-while-read`, `aborted`
   */
  async digest(path: string, real: string, want: { readonly git?: boolean } = {}): Promise<FileDigests> {
    await this.#breathe(++this.#filesSinceBreath >= BREATH_FILES)
    const { value, stamp } = await withFile(path, real, (file) => this.#read(file, want.git === true))
    return { ...value, stamp }
  }

  async #read(file: OpenedFile, git: boolean): Promise<Omit<FileDigests, 'stamp'>> {
    const { size } = file
    const sink = this.#sink(size, git)
    for (let done = 0; done < size;) {
      const piece = readPiece(file, this.#buffer.subarray(0, Math.min(PIECE_SIZE, size - done)))
      done += piece.length
      await sink.ready?.()
      sink.take(piece, done === size)
      this.#options.onBytes?.(piece.length)
      this.#bytesSinceBreath += piece.length
      await this.#breathe(this.#bytesSinceBreath >= BREATH_BYTES)
    }
    if (readSome(file, new Uint8Array(1)) > 0) throw changedFault(file.path, 'grew')
    return { size, ...(await sink.finish()) }
  }

  async #breathe(due: boolean): Promise<void> {
    if (!due) return
    this.#bytesSinceBreath = 0
    this.#filesSinceBreath = 0
    await setImmediate()
    ensureGoing(this.#options.signal)
  }

  #sink(size: number, git: boolean): Sink {
    const { blocks, threads, total } = this.#options
    const listed = blocks && size > BLOCK_SIZE
    if (listed && !git && threads > 1 && total >= THREAD_WORTH) {
      return new SharedSink((this.#thread ??= new DigestThread()))
    }
    return this.#localSink(size, { listed, git })
  }

  #localSink(size: number, { listed, git }: { readonly listed: boolean; readonly git: boolean }): Sink {
    const whole = createHash('sha256')
    const list = listed ? new BlockList() : undefined
    const blob = git ? createHash('sha1').update(`blob ${size}\0`) : undefined
    return {
      take: (piece) => {
        whole.update(piece)
        list?.update(piece)
        blob?.update(piece)
      },
      finish: async () => {
        const sha256 = whole.digest('hex')
        const blocks = list?.finish() ?? (size === 0 ? [] : [sha256])
        return { sha256, ...(this.#options.blocks && { blocks }), ...(blob && { git: blob.digest('hex') }) }
      },
    }
  }

  /** Ends the thread, if one was started. */
  async close(): Promise<void> {
    await this.#thread?.close()
  }
}

/** Fills the room. @throws Fault `changed-while-read` when the file ends before it is full */
function readPiece(file: OpenedFile, room: Uint8Array): Uint8Array {
  for (let filled = 0; filled < room.length;) {
    const length = readSome(file, room.subarray(filled))
    if (length === 0) throw changedFault(file.path, 'shrank')
    filled += length
  }
  return room
}

function readSome(file: OpenedFile, room: Uint8Array): number {
  try {
    return readSync(file.fd, room, 0, room.length, null)
  } catch (thrown) {
    throw fileFault(thrown, file.path)
  }
}
