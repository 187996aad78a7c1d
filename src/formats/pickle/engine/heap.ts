/**
 * The heap: what containers and instances hold, by the place where they were made.
 *
 * A pickle has no loops, so each opcode that makes a container makes one. Contents are stretches of one long list of
 * values: the first of each cell stands with the cell, further ones are chained. When a limit is reached containers are
 * still made, but what they hold is forgotten ({@link LOST}): nothing can then be shown of a call that depends on it,
 * and nothing wrong is shown.
 */
import { LOST } from './values.ts'
import { ValueList } from './value-list.ts'

const MOST_CELLS = 1 << 18
const MOST_VALUES = 1 << 20
/** Values of one cell whose first stretch is as long: more of them are only counted. */
const MOST_KEPT = 1 << 18
const MOST_STRETCHES = 1 << 18
const BYTES_A_CELL = 16
const BYTES_A_VALUE = 8

/** A visit of one value of a container; false ends the visit. */
export type Visit = (kind: number, load: number, index: number) => boolean

/** A later stretch of a cell. */
interface Stretch {
  readonly from: number
  size: number
}

/** See the module. */
export class Heap {
  readonly values: ValueList
  /** How long the first stretch of each cell is, and where it begins. */
  readonly #first: ValueList
  /** Later stretches of cells that grew. */
  readonly #later = new Map<number, Stretch[]>()
  #stretches = 0
  /** Cells of which something was forgotten, and how many values that was. */
  readonly #cut = new Map<number, number>()
  #full = false

  /** @param bytes of the stream, of which no cell takes fewer than one */
  constructor(bytes: number) {
    this.values = new ValueList(MOST_VALUES, bytes / BYTES_A_VALUE)
    this.#first = new ValueList(MOST_CELLS, bytes / BYTES_A_CELL)
  }

  /** Number of cells. */
  get size(): number {
    return this.#first.length
  }

  /** A new empty cell, or LOST. */
  make(): number {
    return !this.#full && this.#first.push(0, 0) ? this.#first.length - 1 : LOST
  }

  /** Gives the memory back; the heap is not used any more. */
  release(): void {
    this.values.release()
    this.#first.release()
  }

  /** Adds the values of a list from an index on to a cell. */
  add(cell: number, list: ValueList, from: number): void {
    const count = list.length - from
    if (cell === LOST || count === 0) return
    const { values } = this
    const start = values.length
    if (this.#full || this.#first.kind(cell) >= MOST_KEPT) return this.forget(cell, count)
    if (!values.append(list, from)) {
      this.#full = true
      return this.forget(cell, count)
    }
    if (this.#first.kind(cell) === 0) {
      this.#first.kinds[cell] = count
      this.#first.loads[cell] = start
    } else this.#lengthen(cell, start, count)
  }

  #lengthen(cell: number, start: number, count: number): void {
    const later = this.#later.get(cell)
    const last = later?.at(-1)
    const first = this.#first.kind(cell)
    if (last === undefined && this.#first.load(cell) + first === start) this.#first.kinds[cell] = first + count
    else if (last !== undefined && last.from + last.size === start) last.size += count
    else if (this.#stretches === MOST_STRETCHES) this.forget(cell, count)
    else {
      this.#stretches += 1
      if (later === undefined) this.#later.set(cell, [{ from: start, size: count }])
      else later.push({ from: start, size: count })
    }
  }

  /** Says that a cell holds more than is kept. */
  forget(cell: number, count = 0): void {
    this.#cut.set(cell, (this.#cut.get(cell) ?? 0) + count)
  }

  /** Whether all that a cell holds is known. */
  isKnown(cell: number): boolean {
    return cell !== LOST && !this.#cut.has(cell)
  }

  /** Number of values that a cell holds, kept or not; 0 for a lost one. */
  count(cell: number): number {
    if (cell === LOST) return 0
    const later = this.#later.get(cell) ?? []
    return later.reduce((sum, { size }) => sum + size, this.#first.kind(cell) + (this.#cut.get(cell) ?? 0))
  }

  /** Index in {@link values} of the nth value of a cell that was filled at once, as tuples are. */
  at(cell: number, n: number): number {
    return this.#first.load(cell) + n
  }

  /** Visits the values of a cell in order; false when a visit ended it. */
  each(cell: number, visit: Visit): boolean {
    if (cell === LOST) return true
    const first = { from: this.#first.load(cell), size: this.#first.kind(cell) }
    let index = 0
    for (const { from, size } of [first, ...(this.#later.get(cell) ?? [])]) {
      for (let i = from; i < from + size; i++)
        if (!visit(this.values.kind(i), this.values.load(i), index++)) return false
    }
    return true
  }
}
