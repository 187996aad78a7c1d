/**
 * The memo of a stream: values by number.
 *
 * Picklers number without gaps, or nearly. A number far beyond what was stored goes into a small map, so that a
 * declared number allocates nothing.
 */
import { ValueList } from './value-list.ts'

const MOST_DENSE = 1 << 22
const MOST_SPARSE = 1 << 16
/** Numbers may run ahead of what is stored by this much and still be stored in the list. */
const SLACK = 1024
const BYTES_A_VALUE = 8
const EMPTY = -1

interface Entry {
  readonly kind: number
  readonly load: number
}

/** See the module. */
export class Memo {
  readonly #dense: ValueList
  readonly #sparse = new Map<number, Entry>()
  /** Numbers that have been stored. */
  count = 0
  /** Kind and load of what {@link find} found. */
  kind = 0
  load = 0

  /** @param bytes of the stream, each of which stores at most one value */
  constructor(bytes: number) {
    this.#dense = new ValueList(MOST_DENSE, bytes / BYTES_A_VALUE)
  }

  /** Gives the memory back; the memo is not used any more. */
  release(): void {
    this.#dense.release()
  }

  /** Finds a value; false when nothing was stored under this number. */
  find(index: number): boolean {
    if (index < this.#dense.length) {
      this.kind = this.#dense.kind(index)
      this.load = this.#dense.load(index)
      return this.kind !== EMPTY
    }
    const entry = this.#sparse.get(index)
    if (entry === undefined) return false
    this.kind = entry.kind
    this.load = entry.load
    return true
  }

  /** Stores a value: `new`, `same` when it stood there already, `other` when another did, `full` when there is no room. */
  store(index: number, kind: number, load: number): 'new' | 'same' | 'other' | 'full' {
    const dense = this.#dense
    if (index === dense.length && this.#sparse.size === 0) {
      if (!dense.push(kind, load)) return 'full'
      this.count += 1
      return 'new'
    }
    return this.#storeElsewhere(index, kind, load)
  }

  #storeElsewhere(index: number, kind: number, load: number): 'new' | 'same' | 'other' | 'full' {
    if (this.find(index)) return this.#overwrite(index, kind, load)
    const dense = this.#dense
    if (index < dense.length + SLACK) {
      while (dense.length <= index) if (!this.#pushNext()) return 'full'
      dense.kinds[index] = kind
      dense.loads[index] = load
    } else if (this.#sparse.size < MOST_SPARSE) this.#sparse.set(index, { kind, load })
    else return 'full'
    this.count += 1
    return 'new'
  }

  /** Lengthens the list by the next number, with what the map may hold of it. */
  #pushNext(): boolean {
    const next = this.#dense.length
    const entry = this.#sparse.get(next)
    this.#sparse.delete(next)
    return this.#dense.push(entry?.kind ?? EMPTY, entry?.load ?? 0)
  }

  #overwrite(index: number, kind: number, load: number): 'same' | 'other' {
    if (this.kind === kind && (this.load === load || Number.isNaN(load))) return 'same'
    if (index < this.#dense.length) {
      this.#dense.kinds[index] = kind
      this.#dense.loads[index] = load
    } else this.#sparse.set(index, { kind, load })
    return 'other'
  }
}
