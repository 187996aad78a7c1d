/**
 * A cursor over a byte source that holds one page at a time.
 *
 * `ByteReader` wants all bytes in memory; a header may be larger than memory is meant to be. This cursor reads pages
 * of 64 KiB as it goes, so that a walk over any file costs one page, whatever the file declares.
 *
 * Guarantee: nothing outside the file is ever asked for; what is wanted beyond the end is a `Fault` `truncated` and
 * the cursor stays where it stood. No view is longer than {@link MAX_VIEW}: longer payloads come in `chunks`.
 */
import { Fault } from '../base/index.ts'
import type { ByteSource } from './byte-source.ts'

const PAGE = 64 * 1024

/** The longest view, 1 MiB. */
const MAX_VIEW = 1024 * 1024

/** See the module. Offsets are in bytes from the start of the file. */
export class PageReader {
  readonly #source: ByteSource
  #page: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(new ArrayBuffer(0))
  #from = 0
  #at: number
  /** Byte order of the multi-byte reads; a format may learn it from its header. */
  littleEndian: boolean

  constructor(source: ByteSource, options: { readonly at?: number; readonly littleEndian?: boolean } = {}) {
    this.#source = source
    this.#at = options.at ?? 0
    this.littleEndian = options.littleEndian ?? true
  }

  /** Offset of the next byte. */
  get at(): number {
    return this.#at
  }

  /** Bytes between the cursor and the end of the file. */
  get remaining(): number {
    return this.#source.size - this.#at
  }

  /** Moves the cursor. @throws Fault `truncated` outside the file */
  seek(offset: number): void {
    if (!Number.isSafeInteger(offset) || offset < 0 || offset > this.#source.size)
      throw new Fault('truncated', `offset ${offset} is outside the file of ${this.#source.size} bytes`)
    this.#at = offset
  }

  /** Passes over bytes without reading them. @throws Fault `truncated` */
  skip(length: number): void {
    this.#check(length)
    this.#at += length
  }

  #check(length: number): void {
    if (!Number.isSafeInteger(length) || length < 0 || length > this.remaining)
      throw new Fault('truncated', `at ${this.#at}: ${length} bytes wanted, ${this.remaining} left`)
  }

  /** Makes the next `length` bytes resident, moves past them and returns where they begin in the page. */
  #take(length: number): number {
    const start = this.#at - this.#from
    if (start >= 0 && start + length <= this.#page.length) {
      this.#at += length
      return start
    }
    this.#check(length)
    this.#load(Math.max(length, Math.min(PAGE, this.remaining)))
    this.#at += length
    return 0
  }

  #load(length: number): void {
    this.#page = this.#source.read(this.#at, length)
    this.#view = new DataView(this.#page.buffer, this.#page.byteOffset, this.#page.byteLength)
    this.#from = this.#at
  }

  /** The next bytes as a view that is valid until the next read. @throws Fault `truncated`, `view-too-long` */
  view(length: number): Uint8Array {
    if (length > MAX_VIEW) throw new Fault('view-too-long', `${length} bytes wanted at once; at most ${MAX_VIEW}`)
    const start = this.#take(length)
    return this.#page.subarray(start, start + length)
  }

  /** The next `length` bytes in pieces, each valid until the next one. @throws Fault `truncated` before the first */
  *chunks(length: number): Generator<Uint8Array> {
    this.#check(length)
    for (let left = length; left > 0;) {
      const piece = this.view(Math.min(left, PAGE))
      left -= piece.length
      yield piece
    }
  }

  /** Offset of the next byte of this value at or after the cursor, or -1; the cursor stays. */
  find(byte: number): number {
    const stood = this.#at
    try {
      while (this.remaining > 0) {
        const start = this.#at - this.#from
        const resident = start >= 0 && start < this.#page.length
        const index = resident
          ? this.#page.indexOf(byte, start)
          : this.view(Math.min(PAGE, this.remaining)).indexOf(byte)
        if (index >= 0) return this.#from + index
        this.#at = this.#from + this.#page.length
      }
      return -1
    } finally {
      this.#at = stood
    }
  }

  u8(): number {
    const at = this.#take(1)
    return this.#view.getUint8(at)
  }
  i8(): number {
    const at = this.#take(1)
    return this.#view.getInt8(at)
  }
  u16(): number {
    const at = this.#take(2)
    return this.#view.getUint16(at, this.littleEndian)
  }
  i16(): number {
    const at = this.#take(2)
    return this.#view.getInt16(at, this.littleEndian)
  }
  u32(): number {
    const at = this.#take(4)
    return this.#view.getUint32(at, this.littleEndian)
  }
  i32(): number {
    const at = this.#take(4)
    return this.#view.getInt32(at, this.littleEndian)
  }
  f32(): number {
    const at = this.#take(4)
    return this.#view.getFloat32(at, this.littleEndian)
  }
  f64(): number {
    const at = this.#take(8)
    return this.#view.getFloat64(at, this.littleEndian)
  }
  u64(): bigint {
    const at = this.#take(8)
    return this.#view.getBigUint64(at, this.littleEndian)
  }
  i64(): bigint {
    const at = this.#take(8)
    return this.#view.getBigInt64(at, this.littleEndian)
  }
}
