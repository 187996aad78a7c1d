/**
 * A growing list of abstract values, as two arrays of numbers.
 *
 * Guarantee: grows with what is put in, doubling, and refuses above its limit instead of growing on.
 */

const FIRST = 256
/** Arrays of lists that are done with, of the first size: thousands of small files need no thousands of arrays. */
const SPARE: { readonly kinds: Int32Array<ArrayBuffer>; readonly loads: Float64Array<ArrayBuffer> }[] = []
const MOST_SPARE = 8

/** See the module. */
export class ValueList {
  kinds: Int32Array<ArrayBuffer>
  loads: Float64Array<ArrayBuffer>
  length = 0
  readonly #most: number

  /** @param expected values for which there are bytes; the system gives memory as it is touched */
  constructor(most: number, expected = 0) {
    const size = Math.max(FIRST, Math.min(most, Math.ceil(expected)))
    const spare = size === FIRST ? SPARE.pop() : undefined
    this.kinds = spare?.kinds ?? new Int32Array(size)
    this.loads = spare?.loads ?? new Float64Array(size)
    this.#most = most
  }

  /** Gives the arrays back; the list is not used any more. */
  release(): void {
    if (this.kinds.length === FIRST && SPARE.length < MOST_SPARE) SPARE.push({ kinds: this.kinds, loads: this.loads })
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

  /** Appends the values of another list from an index on; false, and nothing is appended, when they do not fit. */
  append(list: ValueList, from: number): boolean {
    const start = this.length
    const end = start + list.length - from
    while (end > this.kinds.length) if (!this.#grow()) return false
    const { kinds, loads } = this
    for (let to = start, i = from; to < end; to++, i++) {
      kinds[to] = list.kinds[i] as number
      loads[to] = list.loads[i] as number
    }
    this.length = end
    return true
  }

  #grow(): boolean {
    const size = Math.min(this.#most, this.kinds.length * 2)
    if (size <= this.kinds.length) return false
    this.kinds = new Int32Array(this.kinds.buffer.transfer(size * 4))
    this.loads = new Float64Array(this.loads.buffer.transfer(size * 8))
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
