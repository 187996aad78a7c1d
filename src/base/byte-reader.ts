/**
 * A cursor over bytes that never reads outside them.
 *
 * Guarantee: each read returns bytes that exist or throws a `Fault` `truncated` that names the offset, what was
 * wanted and what was there; the cursor then stands where it stood. Nothing is allocated from a declared length:
 * `bytes` returns a view. 64-bit sizes come back as safe integers or as a `Fault` `size-overflow`.
 */
import { toSize } from './checked.ts'
import { Fault } from './fault.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Decodes UTF-8 strictly. @throws Fault `bad-utf8` */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new Fault('bad-utf8', `${bytes.length} bytes are not UTF-8`, { cause })
  }
}

/** See the module. Offsets are in bytes from the start of the given bytes. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0
  /** Byte order of the multi-byte reads. */
  readonly littleEndian: boolean

  constructor(bytes: Uint8Array, options: { readonly littleEndian?: boolean; readonly at?: number } = {}) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.littleEndian = options.littleEndian ?? true
    this.skip(options.at ?? 0)
  }

  /** Offset of the next byte. */
  get at(): number {
    return this.#at
  }

  /** Bytes that are left. */
  get remaining(): number {
    return this.#bytes.length - this.#at
  }

  #take(length: number): number {
    if (!Number.isSafeInteger(length) || length < 0 || length > this.remaining) {
      throw new Fault('truncated', `at ${this.#at}: ${length} bytes wanted, ${this.remaining} left`)
    }
    const from = this.#at
    this.#at += length
    return from
  }

  /** The next `length` bytes, as a view. */
  bytes(length: number): Uint8Array {
    const from = this.#take(length)
    return this.#bytes.subarray(from, from + length)
  }

  /** Passes over `length` bytes. */
  skip(length: number): void {
    this.#take(length)
  }

  /** `length` bytes of strict UTF-8. */
  text(length: number): string {
    return decodeUtf8(this.bytes(length))
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1))
  }
  i8(): number {
    return this.#view.getInt8(this.#take(1))
  }
  u16(): number {
    return this.#view.getUint16(this.#take(2), this.littleEndian)
  }
  i16(): number {
    return this.#view.getInt16(this.#take(2), this.littleEndian)
  }
  u32(): number {
    return this.#view.getUint32(this.#take(4), this.littleEndian)
  }
  i32(): number {
    return this.#view.getInt32(this.#take(4), this.littleEndian)
  }
  f32(): number {
    return this.#view.getFloat32(this.#take(4), this.littleEndian)
  }
  f64(): number {
    return this.#view.getFloat64(this.#take(8), this.littleEndian)
  }
  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), this.littleEndian)
  }
  i64(): bigint {
    return this.#view.getBigInt64(this.#take(8), this.littleEndian)
  }
  /** A 64-bit unsigned size as a safe integer. */
  size64(): number {
    return toSize(this.u64())
  }
}
