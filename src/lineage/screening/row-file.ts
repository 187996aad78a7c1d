/**
 * Rows of sketches on disk, searched by Hamming distance.
 *
 * Rows are read in pieces into kernel memory and searched where they lie. What is searched again and again can be kept
 * there; then nothing but the search remains.
 *
 * Guarantee: memory is one piece of 1 MiB, two bytes a row of the largest file, and what is kept.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { Fault } from '../../base/index.ts'
import {
  hammingDistances,
  newKernelArena,
  newKernelBuffer,
  releaseKernelArena,
  releaseKernelBuffer,
} from '../../simd/index.ts'

const PIECE_BYTES = 1024 * 1024
/** Bits of the longest sketch. */
const MOST_DISTANCE = 4096

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
}

/** A row of its own words, wherever the bytes stood. */
export function rowWords(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(bytes).buffer)
}

/** Room for the distances of one question, which all files of an index share: only the last answer is ever looked at. */
export class DistanceRoom {
  #room = new Uint16Array(0)

  /** Room for so many distances; what was in it before is lost. */
  take(length: number): Uint16Array {
    if (this.#room.length < length) this.#room = new Uint16Array(length)
    return this.#room.subarray(0, length)
  }
}

/** What a file of rows is. */
export interface RowShape {
  readonly rows: number
  readonly rowBytes: number
  readonly room: DistanceRoom
}

/** See the module. Close it when done. */
export class RowFile {
  readonly rows: number
  readonly rowBytes: number
  readonly #path: string
  readonly #file: number
  #kept: Uint8Array | undefined
  readonly #room: DistanceRoom

  constructor(path: string, { rows, rowBytes, room }: RowShape) {
    this.rows = rows
    this.rowBytes = rowBytes
    this.#room = room
    this.#path = path
    this.#file = openSync(path, 'r')
  }

  /** Fills `into` with bytes from row `first` on. @throws Fault `bad-index` where the file ends early */
  read(first: number, into: Uint8Array): void {
    const begin = first * this.rowBytes
    for (let at = 0; at < into.length;) {
      const got = readSync(this.#file, into, at, into.length - at, begin + at)
      if (got === 0) throw new Fault('bad-index', `${this.#path} ends ${into.length - at} bytes early`)
      at += got
    }
  }

  /** One row. */
  row(number: number): Uint8Array {
    const bytes = new Uint8Array(this.rowBytes)
    this.read(number, bytes)
    return bytes
  }

  /**
   * Keeps as many of the first rows in kernel memory as there is room for, until it is closed.
   *
   * @returns bytes that are kept
   * @throws Fault `kernel-memory`
   */
  keep(most: number): number {
    const kept = Math.min(this.rows, Math.floor(most / this.rowBytes))
    if (this.#kept !== undefined || kept === 0) return 0
    const arena = newKernelArena(kept * this.rowBytes)
    const step = Math.max(1, Math.floor(PIECE_BYTES / this.rowBytes))
    for (let first = 0; first < kept; first += step)
      this.read(first, arena.subarray(first * this.rowBytes, Math.min(kept, first + step) * this.rowBytes))
    this.#kept = arena
    return arena.length
  }

  /**
   * Distances of all rows, seen as rows of the length of the query, to the query; good until the next question to any
   * file that shares the room.
   *
   * @param query bytes, a divisor of the length of a row and a multiple of 4
   */
  distances(query: Uint8Array): Uint16Array {
    const asked = rowWords(query)
    const perRow = this.rowBytes / query.length
    const out = this.#room.take(this.rows * perRow)
    const kept = (this.#kept?.length ?? 0) / this.rowBytes
    if (this.#kept !== undefined) hammingDistances(asked, wordsOf(this.#kept), out.subarray(0, kept * perRow))
    if (kept === this.rows) return out
    const step = Math.max(1, Math.floor(PIECE_BYTES / this.rowBytes))
    const piece = newKernelBuffer(Math.min(step, Math.max(1, this.rows)) * this.rowBytes)
    try {
      for (let first = kept; first < this.rows; first += step) {
        const rows = Math.min(step, this.rows - first)
        const part = piece.subarray(0, rows * this.rowBytes)
        this.read(first, part)
        hammingDistances(asked, wordsOf(part), out.subarray(first * perRow, (first + rows) * perRow))
      }
    } finally {
      releaseKernelBuffer(piece)
    }
    return out
  }

  /** Lets go of file and memory. */
  close(): void {
    if (this.#kept !== undefined) releaseKernelArena(this.#kept)
    closeSync(this.#file)
  }
}

/** The largest distance that is wanted, and how many of the rows that have it. */
function limitOf(distances: Uint16Array, most: number): { readonly limit: number; readonly ties: number } {
  const counts = new Uint32Array(MOST_DISTANCE + 1)
  for (const distance of distances) counts[distance] = (counts[distance] ?? 0) + 1
  let limit = 0
  let below = 0
  while (limit < MOST_DISTANCE && below + (counts[limit] ?? 0) < most) below += counts[limit++] ?? 0
  return { limit, ties: most - below }
}

/** Numbers of the smallest distances, nearest first, the lower number first of equals; at most `most`. */
export function nearestRows(distances: Uint16Array, most: number): number[] {
  const { limit, ties } = limitOf(distances, most)
  const found: number[] = []
  let tied = 0
  for (let row = 0; row < distances.length; row++) {
    const distance = distances[row] ?? 0
    if (distance < limit || (distance === limit && tied++ < ties)) found.push(row)
  }
  return found.toSorted((a, b) => (distances[a] ?? 0) - (distances[b] ?? 0) || a - b)
}
