/**
 * Many small records of one length in one piece of memory, by number.
 *
 * An object for each key of an index of millions costs ten times its bytes; these cost their bytes.
 */

/** See the module. */
export class Records {
  readonly #stride: number
  #bytes: Uint8Array
  #view: DataView
  #count = 0

  /** @param stride bytes of a record */
  constructor(stride: number) {
    this.#stride = stride
    this.#bytes = new Uint8Array(stride * 64)
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** Makes a record of zeros; gives its number, from 0. */
  add(): number {
    if ((this.#count + 1) * this.#stride > this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2)
      grown.set(this.#bytes)
      this.#bytes = grown
      this.#view = new DataView(grown.buffer)
    }
    return this.#count++
  }

  /** 32 bytes of a record, where they lie: a view that holds until the next record is made. */
  hash(record: number, at: number): Uint8Array {
    const from = record * this.#stride + at
    return this.#bytes.subarray(from, from + 32)
  }

  /** Puts 32 bytes into a record. */
  setHash(record: number, at: number, hash: Uint8Array): void {
    this.#bytes.set(hash, record * this.#stride + at)
  }

  /** A number of a record. */
  number(record: number, at: number): number {
    return this.#view.getFloat64(record * this.#stride + at)
  }

  /** Puts a number into a record. */
  setNumber(record: number, at: number, value: number): void {
    this.#view.setFloat64(record * this.#stride + at, value)
  }
}
