/**
 * What came out of LZMA last, so that it can be copied from.
 *
 * It grows as bytes come out and never beyond the size that is declared, so that a declared giant costs nothing.
 */
import { Fault } from '../../base/index.ts'

const FIRST = 64 * 1024
const LARGEST = 64 * 1024 * 1024

/** See the module. */
export class Window {
  readonly #most: number
  #bytes: Uint8Array
  /** Where the next byte goes. */
  #at = 0
  /** Bytes that can be copied from. */
  #reach = 0
  /** Where the piece begins that was not taken yet. */
  #taken = 0

  /** @throws Fault `stream-unsupported` above 64 MiB */
  constructor(size: number) {
    if (size > LARGEST)
      throw new Fault('stream-unsupported', `a dictionary of ${size} bytes; at most ${LARGEST} are held`)
    this.#most = Math.max(size, 4096)
    this.#bytes = new Uint8Array(Math.min(this.#most, FIRST))
  }

  /** Number of bytes that can be written before they must be taken. */
  get room(): number {
    return this.#bytes.length - this.#at
  }

  /** Bytes that were not taken yet. */
  get pending(): number {
    return this.#at - this.#taken
  }

  /** Whether anything was written since the last reset. */
  get isEmpty(): boolean {
    return this.#reach === 0
  }

  /** Forgets what came before. */
  reset(): void {
    this.#reach = 0
  }

  /** Makes room; to be called when all was taken. */
  makeRoom(): void {
    const { length } = this.#bytes
    if (this.#at < length) return
    if (length < this.#most) {
      const larger = new Uint8Array(Math.min(this.#most, length * 2))
      larger.set(this.#bytes)
      this.#bytes = larger
      return
    }
    this.#at = 0
    this.#taken = 0
  }

  /** The byte `distance` back, 1 for the last. */
  back(distance: number): number {
    const at = this.#at - distance
    return this.#bytes[at < 0 ? at + this.#bytes.length : at] as number
  }

  /** Whether that many bytes back there is one. */
  has(distance: number): boolean {
    return distance <= this.#reach && distance <= this.#most
  }

  /** Appends a byte; there must be room. */
  put(byte: number): void {
    this.#bytes[this.#at++] = byte
    this.#reach += 1
  }

  /** Copies from `distance` back; there must be room. */
  copy(distance: number, length: number): void {
    for (let i = 0; i < length; i++) this.put(this.back(distance))
  }

  /** Appends bytes; there must be room. */
  append(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
    this.#reach += bytes.length
  }

  /** What was not taken yet. */
  take(): Uint8Array {
    const piece = this.#bytes.subarray(this.#taken, this.#at)
    this.#taken = this.#at
    return piece
  }
}
