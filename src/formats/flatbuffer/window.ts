/**
 * Random access to a byte source through pages of 16 KiB, of which a fixed number is kept.
 *
 * Structures that point at one another are read out of order; a read of the file for each of them would cost a million
 * reads. The pages that were used longest ago are given up, so memory is 4 MiB whatever the file is.
 *
 * Guarantee: nothing outside the source is asked for; what is wanted beyond it is a `Fault` `truncated`.
 */
import { Fault } from '../../base/index.ts'
import type { ByteSource } from '../byte-source.ts'

const PAGE = 16 * 1024
const MOST_PAGES = 256

/** See the module. Numbers are little-endian. */
export class Window {
  readonly #source: ByteSource
  readonly #pages = new Map<number, Uint8Array>()
  #page: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(new ArrayBuffer(0))
  #from = 0

  constructor(source: ByteSource) {
    this.#source = source
  }

  /** Bytes in the source. */
  get size(): number {
    return this.#source.size
  }

  #check(at: number, length: number): void {
    if (!Number.isSafeInteger(at) || at < 0 || length < 0 || at + length > this.size)
      throw new Fault('truncated', `${length} bytes wanted at ${at} of ${this.size}`)
  }

  #load(index: number): void {
    const kept = this.#pages.get(index)
    const from = index * PAGE
    const page = kept ?? Uint8Array.from(this.#source.read(from, Math.min(PAGE, this.size - from)))
    this.#pages.delete(index)
    this.#pages.set(index, page)
    const [oldest] = this.#pages.keys()
    if (this.#pages.size > MOST_PAGES && oldest !== undefined) this.#pages.delete(oldest)
    this.#page = page
    this.#view = new DataView(page.buffer, page.byteOffset, page.byteLength)
    this.#from = from
  }

  /** Where `at` stands in a view that holds `length` bytes from there on. */
  #place(at: number, length: number): number {
    const start = at - this.#from
    if (start >= 0 && start + length <= this.#page.length) return start
    this.#check(at, length)
    this.#load(Math.floor(at / PAGE))
    if (at - this.#from + length <= this.#page.length) return at - this.#from
    this.#page = this.bytes(at, length)
    this.#view = new DataView(this.#page.buffer, this.#page.byteOffset, length)
    this.#from = at
    return 0
  }

  /** A copy of bytes, for pieces of moderate length. @throws Fault `truncated` */
  bytes(at: number, length: number): Uint8Array {
    this.#check(at, length)
    if (length > PAGE) return Uint8Array.from(this.#source.read(at, length))
    const copy = new Uint8Array(length)
    for (let done = 0; done < length;) {
      this.#load(Math.floor((at + done) / PAGE))
      const piece = this.#page.subarray(at + done - this.#from).subarray(0, length - done)
      copy.set(piece, done)
      done += piece.length
    }
    return copy
  }

  u8(at: number): number {
    const start = this.#place(at, 1)
    return this.#view.getUint8(start)
  }
  i8(at: number): number {
    const start = this.#place(at, 1)
    return this.#view.getInt8(start)
  }
  u16(at: number): number {
    const start = this.#place(at, 2)
    return this.#view.getUint16(start, true)
  }
  i16(at: number): number {
    const start = this.#place(at, 2)
    return this.#view.getInt16(start, true)
  }
  u32(at: number): number {
    const start = this.#place(at, 4)
    return this.#view.getUint32(start, true)
  }
  i32(at: number): number {
    const start = this.#place(at, 4)
    return this.#view.getInt32(start, true)
  }
  f32(at: number): number {
    const start = this.#place(at, 4)
    return this.#view.getFloat32(start, true)
  }
  f64(at: number): number {
    const start = this.#place(at, 8)
    return this.#view.getFloat64(start, true)
  }
  i64(at: number): bigint {
    const start = this.#place(at, 8)
    return this.#view.getBigInt64(start, true)
  }
  u64(at: number): bigint {
    const start = this.#place(at, 8)
    return this.#view.getBigUint64(start, true)
  }
}
