/**
 * Inverted digests on disk: which models have a tensor with this digest?
 *
 * A file is a sorted list of entries of three 32-bit numbers: the first and the second half of the digest, and the
 * model. Digests are spread evenly, so that a place is guessed from the digest itself and two or three reads of 6 KiB
 * find it in a list of any length; where the guess fails, halving takes over. Files are written once and merged in pairs
 * of about equal size, so that there are few of them however the index grew.
 *
 * Guarantee: memory is bounded by the batch that is written; nothing is believed of a file but its length.
 */
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { Fault } from '../../base/index.ts'

/** Bytes of an entry. */
export const ENTRY_BYTES = 12
const ENTRY_WORDS = 3
/** Entries read at once when a digest is sought. */
const BLOCK = 512
/** Entries read and written at once when files are merged. */
const CHUNK = 65_536

/** An entry: both halves of a digest, and a model by number. */
export type DigestEntry = readonly [high: number, low: number, model: number]

/** Both halves of 16 hex digits. */
export function splitDigest(digest: string): readonly [high: number, low: number] {
  return [Number.parseInt(digest.slice(0, 8), 16), Number.parseInt(digest.slice(8, 16), 16)]
}

function compareEntries(a: DigestEntry, b: DigestEntry): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}

function writeWords(file: number, words: Uint32Array): void {
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
}

function writeFileWhole(path: string, write: (file: number) => void): void {
  const file = openSync(path, 'w', 0o600)
  try {
    write(file)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Writes entries in order. */
export function writeDigests(path: string, entries: readonly DigestEntry[]): void {
  const sorted = entries.toSorted(compareEntries)
  writeFileWhole(path, (file) => {
    for (let from = 0; from < sorted.length; from += CHUNK)
      writeWords(file, Uint32Array.from(sorted.slice(from, from + CHUNK).flat()))
  })
}

function readEntries(file: number, from: number, count: number): Uint32Array {
  const words = new Uint32Array(count * ENTRY_WORDS)
  const bytes = new Uint8Array(words.buffer)
  const got = readSync(file, bytes, 0, bytes.length, from * ENTRY_BYTES)
  if (got !== bytes.length) throw new Fault('bad-index', `a list of digests ends ${bytes.length - got} bytes early`)
  return words
}

/** Reads a list from its beginning, an entry at a time. */
class EntryReader {
  readonly #file: number
  readonly #entries: number
  #words: Uint32Array = new Uint32Array(0)
  #at = 0
  #next = 0

  constructor(file: number, entries: number) {
    this.#file = file
    this.#entries = entries
    this.advance()
  }

  /** The entry that stands next; undefined at the end. */
  head: DigestEntry | undefined

  advance(): void {
    if (this.#at === this.#words.length && this.#next < this.#entries) {
      const count = Math.min(CHUNK, this.#entries - this.#next)
      this.#words = readEntries(this.#file, this.#next, count)
      this.#next += count
      this.#at = 0
    }
    const { [this.#at]: high, [this.#at + 1]: low, [this.#at + 2]: model } = this.#words
    this.head = high === undefined || low === undefined || model === undefined ? undefined : [high, low, model]
    this.#at = Math.min(this.#words.length, this.#at + ENTRY_WORDS)
  }
}

/** A list on disk. */
export interface DigestFile {
  readonly path: string
  readonly entries: number
}

/** Merges two lists into a new one. */
export function mergeDigests(a: DigestFile, b: DigestFile, path: string): void {
  const files = [openSync(a.path, 'r'), openSync(b.path, 'r')] as const
  try {
    const [x, y] = [new EntryReader(files[0], a.entries), new EntryReader(files[1], b.entries)]
    writeFileWhole(path, (file) => {
      const out = new Uint32Array(CHUNK * ENTRY_WORDS)
      let at = 0
      for (let entry = takeLesser(x, y); entry !== undefined; entry = takeLesser(x, y)) {
        out.set(entry, at)
        at += ENTRY_WORDS
        if (at < out.length) continue
        writeWords(file, out)
        at = 0
      }
      writeWords(file, out.subarray(0, at))
    })
  } finally {
    for (const file of files) closeSync(file)
  }
}

function takeLesser(x: EntryReader, y: EntryReader): DigestEntry | undefined {
  const isX = y.head === undefined || (x.head !== undefined && compareEntries(x.head, y.head) <= 0)
  const chosen = isX ? x : y
  const { head } = chosen
  chosen.advance()
  return head
}

/** Digests as numbers that keep their order, good to 2^-53; only ever a guess of a place. */
function asNumber(high: number, low: number): number {
  return high * 2 ** 32 + low
}

/** Guesses by proportion at first; by halves when that does not converge. */
const MOST_GUESSES = 6

/** Place of the first entry that is not below the digest. */
function lowerBound(file: number, entries: number, [high, low]: readonly [number, number]): number {
  let [from, to] = [0, entries]
  let [least, most] = [0, 2 ** 64]
  for (let step = 0; to - from > BLOCK; step++) {
    const share = step < MOST_GUESSES && most > least ? (asNumber(high, low) - least) / (most - least) : 0.5
    const guess = from + Math.floor(Math.min(Math.max(share, 0), 1) * (to - from - 1))
    const begin = Math.max(from, Math.min(guess - BLOCK / 2, to - BLOCK))
    const block = readEntries(file, begin, Math.min(BLOCK, to - begin))
    const isBelow = (place: number): boolean => compareHalves(block, place, [high, low]) < 0
    const last = block.length / ENTRY_WORDS - 1
    if (!isBelow(0)) [to, most] = [begin, asNumber(block[0] ?? 0, block[1] ?? 0)]
    else if (isBelow(last)) [from, least] = [begin + last + 1, asNumber(block[3 * last] ?? 0, block[3 * last + 1] ?? 0)]
    else return begin + firstIn(block, [high, low])
  }
  return from + firstIn(readEntries(file, from, to - from), [high, low])
}

function compareHalves(words: Uint32Array, place: number, [high, low]: readonly [number, number]): number {
  return (words[ENTRY_WORDS * place] ?? 0) - high || (words[ENTRY_WORDS * place + 1] ?? 0) - low
}

function firstIn(words: Uint32Array, digest: readonly [number, number]): number {
  const count = words.length / ENTRY_WORDS
  for (let place = 0; place < count; place++) if (compareHalves(words, place, digest) >= 0) return place
  return count
}

/** Models with a digest, at most `most` of them. */
export function findOwners(
  file: number,
  entries: number,
  wanted: { readonly digest: string; readonly most: number },
): readonly number[] {
  const digest = splitDigest(wanted.digest)
  const owners: number[] = []
  for (let at = lowerBound(file, entries, digest); at < entries && owners.length < wanted.most;) {
    const block = readEntries(file, at, Math.min(BLOCK, entries - at))
    const count = block.length / ENTRY_WORDS
    for (let place = 0; place < count; place++) {
      if (compareHalves(block, place, digest) !== 0) return owners.slice(0, wanted.most)
      owners.push(block[ENTRY_WORDS * place + 2] ?? 0)
    }
    at += count
  }
  return owners.slice(0, wanted.most)
}
