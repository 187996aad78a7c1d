/**
 * A remote file of which only some pages are here.
 *
 * The pages stand in a sparse file of the length of the whole, at their own offsets, so that a reader in another
 * process reads them as it reads any file. The first request brings the head and says how long the file is. What is
 * wanted next to what was fetched last is fetched in ever larger pieces, what is wanted elsewhere in small ones.
 *
 * Guarantee: at most as many requests and bytes as the limits say.
 */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { Fault } from '../../base/index.ts'
import { fetchRange, type RangeAnswer } from './fetch-range.ts'
import type { RemoteFile } from './remote-file.ts'

const PAGE = 4096
const FETCHED = 64 * 1024
const LARGEST = 1024 * 1024
/** Zips have their end within the last 64 KiB and some; who wants that wants all of it. */
const TAIL = FETCHED + PAGE

/** What looking at one file may cost. */
export interface PeekLimits {
  readonly requests: number
  readonly bytes: number
}

/** Limits that ship: 64 requests and 32 MiB a file. */
export const DEFAULT_PEEK: PeekLimits = { requests: 64, bytes: 32 * 1024 * 1024 }

/** A range [from, to). */
export type ByteRange = readonly [from: number, to: number]

function alignDown(offset: number): number {
  return Math.floor(offset / PAGE) * PAGE
}

function join(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const joined: [number, number][] = []
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = joined.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}

/** See the module. */
export class PagedFile {
  readonly remote: RemoteFile
  /** Absolute path of the sparse file. */
  readonly file: string
  readonly size: number
  readonly #fd: number
  readonly #limits: PeekLimits
  #pages: readonly ByteRange[] = []
  #last: RangeAnswer
  #lastEnd = 0
  #lastLength = FETCHED
  #requests: number
  #bytes = 0

  private constructor(remote: RemoteFile, file: string, opened: { head: RangeAnswer; fd: number; limits: PeekLimits }) {
    this.remote = remote
    this.file = file
    this.size = opened.head.total
    this.#fd = opened.fd
    this.#limits = opened.limits
    this.#last = opened.head
    this.#requests = opened.head.total === 0 ? 0 : 1
    this.#keep(0, opened.head)
  }

  /** Fetches the head. @throws Fault as `fetchRange`; `unwritable` */
  static async open(remote: RemoteFile, file: string, limits: PeekLimits = DEFAULT_PEEK): Promise<PagedFile> {
    const to = remote.size === undefined ? FETCHED : Math.min(FETCHED, remote.size)
    const nothing = { bytes: new Uint8Array(0), total: 0, etag: undefined, address: remote.url }
    const head = to === 0 ? nothing : await fetchRange(remote, { from: 0, to })
    try {
      const fd = openSync(file, 'wx+', 0o600)
      ftruncateSync(fd, head.total)
      return new PagedFile(remote, file, { head, fd, limits })
    } catch (cause) {
      throw new Fault('unwritable', `the pages of ${remote.path} cannot be kept: ${String(cause)}`, { cause })
    }
  }

  /** The ranges that are here. */
  get pages(): readonly ByteRange[] {
    return this.#pages
  }

  /** What was spent. */
  get cost(): { readonly requests: number; readonly bytes: number } {
    return { requests: this.#requests, bytes: this.#bytes }
  }

  #keep(from: number, answer: RangeAnswer): void {
    for (let written = 0; written < answer.bytes.length;)
      written += writeSync(this.#fd, answer.bytes, written, answer.bytes.length - written, from + written)
    this.#last = answer
    this.#lastEnd = from + answer.bytes.length
    this.#bytes += answer.bytes.length
    this.#pages = join([...this.#pages, [from, this.#lastEnd]])
  }

  /** The range to fetch for one that is wanted: to the end near the end, and more of it where reading goes on. */
  #plan(from: number, to: number): ByteRange {
    const isNext = from <= this.#lastEnd && this.#lastEnd <= to
    this.#lastLength = isNext ? Math.min(LARGEST, 2 * this.#lastLength) : FETCHED
    const begin = isNext ? Math.min(this.#lastEnd, from) : from
    if (to > this.size - TAIL) return [alignDown(Math.min(begin, Math.max(0, this.size - TAIL))), this.size]
    return [alignDown(begin), Math.min(this.size, Math.max(to, begin + this.#lastLength))]
  }

  /** Fetches a range that is not here. @throws Fault `peek-limit`, and as `fetchRange` */
  async fetch(from: number, to: number): Promise<void> {
    const [begin, end] = this.#plan(from, to)
    const { requests, bytes } = this.#limits
    if (this.#requests >= requests) throw new Fault('peek-limit', `more than ${requests} requests for one file`)
    if (this.#bytes + end - begin > bytes) throw new Fault('peek-limit', `more than ${bytes} bytes of one file`)
    await this.bring(begin, end)
  }

  /**
   * Brings exactly this range, whatever the limits are: for who has counted beforehand what it costs.
   *
   * @throws Fault as `fetchRange`
   */
  async bring(from: number, to: number): Promise<void> {
    this.#requests += 1
    const { address, etag } = this.#last
    const known = { address, total: this.size, ...(etag !== undefined && { etag }) }
    this.#keep(from, await fetchRange(this.remote, { from, to, ...known }))
  }

  /** Lets go of the sparse file; removing it is for whoever gave its place. */
  close(): void {
    closeSync(this.#fd)
  }
}
