/**
 * A list of numbers that grows by pieces: nothing is copied when it grows and no room is left unused, as would be in
 * an array that doubles. A million entries cost what a million entries need.
 */

const PIECE = 1 << 15

/** See the module. Values are those of the typed array that `make` gives. */
export class NumberList {
  readonly #pieces: (Uint32Array | Float64Array)[] = []
  readonly #make: (length: number) => Uint32Array | Float64Array
  #length = 0

  constructor(make: (length: number) => Uint32Array | Float64Array) {
    this.#make = make
  }

  /** Number of entries. */
  get length(): number {
    return this.#length
  }

  /** Appends an entry. */
  push(value: number): void {
    const at = this.#length++ % PIECE
    if (at === 0) this.#pieces.push(this.#make(PIECE))
    ;(this.#pieces.at(-1) as Uint32Array)[at] = value
  }

  /** The entry at `index`, which must be one. */
  get(index: number): number {
    return (this.#pieces[index >>> 15] as Uint32Array)[index & (PIECE - 1)] as number
  }
}
