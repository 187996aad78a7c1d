/**
 * A growing list of abstract values, as two arrays of numbers.
 *
 * Guarantee: grows with what is put in, doubling, and refuses above its limit instead of growing on.
 */

const FIRST = 256

/** See the module. */
export class ValueList {
  kinds = new Int32Array(FIRST)
  loads = new Float64Array(FIRST)
  length = 0
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  /** Appends a value; false when the list is full. */
  push(kind: number, load: number): boolean {
    const at = this.length
    if (at === this.kinds.length && !this.#grow()) return false
    this.kinds[at] = kind
    this.loads[at] = load
    this.length = at + 1
    return true
  }

  #grow(): boolean {
    const size = Math.min(this.#most, this.kinds.length * 2)
    if (size <= this.kinds.length) return false
    const kinds = new Int32Array(size)
    const loads = new Float64Array(size)
    kinds.set(this.kinds)
    loads.set(this.loads)
    this.kinds = kinds
    this.loads = loads
    return true
  }

  /** The kind at an index that is in the list. */
  kind(at: number): number {
    return this.kinds[at] as number
  }

  /** The load at an index that is in the list. */
  load(at: number): number {
    return this.loads[at] as number
  }
}
