/**
 * A byte source over a file of this machine: positioned reads through a small cache of pages.
 *
 * Readers jump; a page of 64 KiB makes their small reads cheap, and 64 of them are all the memory that it takes.
 * A read of more than a page goes past the cache into bytes of its own.
 *
 * Guarantee: only a regular file of the size that is expected is read, and when `use` has ended the file still has
 * that size and the time of its last change; else `changed-while-read`. A named pipe cannot make it wait. What is
 * charged to the budget is what was read from the operating system.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { Fault, isFault } from '../base/index.ts'
import type { Budget } from './budget.ts'
import type { ByteSource } from './byte-source.ts'
import { checkRange } from './memory-source.ts'

const PAGE = 64 * 1024
const PAGES = 64
/** A link that took the place of the file is not followed, a pipe does not make us wait. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW

class FileSource implements ByteSource {
  readonly size: number
  readonly #fd: number
  readonly #budget: Budget
  /** Pages by number, least recently used first. */
  readonly #pages = new Map<number, Uint8Array>()
  /** Where content is read into, again and again. */
  #content = new Uint8Array(0)

  constructor(fd: number, size: number, budget: Budget) {
    this.#fd = fd
    this.size = size
    this.#budget = budget
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this.size, offset, length)
    if (length === 0) return new Uint8Array(0)
    const first = Math.floor(offset / PAGE)
    const start = offset - first * PAGE
    if (start + length <= PAGE) return this.#page(first).subarray(start, start + length)
    if (length > PAGE) return this.#fetch(offset, length)
    const joined = new Uint8Array(length)
    joined.set(this.#page(first).subarray(start))
    joined.set(this.#page(first + 1).subarray(0, start + length - PAGE), PAGE - start)
    return joined
  }

  #page(number: number): Uint8Array {
    const known = this.#pages.get(number)
    if (known !== undefined) this.#pages.delete(number)
    const from = number * PAGE
    const page = known ?? this.#fetch(from, Math.min(PAGE, this.size - from))
    this.#pages.set(number, page)
    if (this.#pages.size > PAGES) this.#pages.delete(this.#pages.keys().next().value as number)
    return page
  }

  readContent(offset: number, length: number): Uint8Array {
    checkRange(this.size, offset, length)
    this.#budget.spendContent(length)
    if (this.#content.length < length) this.#content = new Uint8Array(length)
    return this.#fill(this.#content.subarray(0, length), offset)
  }

  #fetch(offset: number, length: number): Uint8Array {
    this.#budget.spendRead(length)
    return this.#fill(new Uint8Array(length), offset)
  }

  #fill(bytes: Uint8Array, offset: number): Uint8Array {
    const { length } = bytes
    for (let filled = 0; filled < length;) {
      const got = readSync(this.#fd, bytes, filled, length - filled, offset + filled)
      if (got === 0)
        throw new Fault('changed-while-read', `the file ended at ${offset + filled}, short of ${this.size}`)
      filled += got
    }
    return bytes
  }
}

/** What an open file must be and may cost. */
export interface OpenFile {
  /** Descriptor of the file. */
  readonly fd: number
  /** Bytes that it had when its digest was taken. */
  readonly size: number
  readonly budget: Budget
}

/** What a file must be and may cost. */
export interface FileToOpen extends Omit<OpenFile, 'fd'> {
  /** Absolute path, not of a link. */
  readonly path: string
}

function checkUnchanged(fd: number, size: number, changed?: number): number {
  const state = fstatSync(fd)
  if (!state.isFile()) throw new Fault('changed-while-read', 'it is no regular file any more')
  if (state.size !== size) throw new Fault('changed-while-read', `it has ${state.size} bytes; it came in with ${size}`)
  if (changed !== undefined && state.mtimeMs !== changed) throw new Fault('changed-while-read', 'it was written to')
  return state.mtimeMs
}

/** Turns what the operating system threw into a fault. */
function refused(cause: unknown): unknown {
  if (isFault(cause) || !(cause instanceof Error && 'syscall' in cause)) return cause
  const code = String((cause as NodeJS.ErrnoException).code)
  return new Fault('not-readable', `the operating system answered ${code}`, { cause })
}

/** Opens a file for reading; a link is not followed. @throws Fault `not-readable` when the operating system refuses */
export function openDescriptor(path: string): number {
  try {
    return openSync(path, FLAGS)
  } catch (cause) {
    throw refused(cause)
  }
}

/**
 * Hands the source of an open file to `use`. The file stays open.
 *
 * @throws Fault `changed-while-read`; `not-readable` when the operating system refuses; what `use` throws
 */
export function readFromDescriptor<Result>(file: OpenFile, use: (source: ByteSource) => Result): Result {
  const { fd, size, budget } = file
  try {
    const changed = checkUnchanged(fd, size)
    const result = use(new FileSource(fd, size, budget))
    checkUnchanged(fd, size, changed)
    return result
  } catch (cause) {
    throw refused(cause)
  }
}

/** Opens a file, hands its source to `use` and closes it. @throws as `openDescriptor` and `readFromDescriptor` */
export function readFromFile<Result>(file: FileToOpen, use: (source: ByteSource) => Result): Result {
  const fd = openDescriptor(file.path)
  try {
    return readFromDescriptor({ ...file, fd }, use)
  } finally {
    closeSync(fd)
  }
}
