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

const MOST_CELLS = 1 << 19
const MOST_VALUES = 1 << 21
const MOST_STRETCHES = 1 << 18
const FIRST = 64

/** A visit of one value of a container; false ends the visit. */
export type Visit = (kind: number, load: number, index: number) => boolean

/** A later stretch of a cell. */
interface Stretch {
  readonly from: number
  size: number
}

/** See the module. */
export class Heap {
  readonly values = new ValueList(MOST_VALUES)
  /** Where the first stretch of each cell begins, and how long it is. */
  #from = new Int32Array(FIRST)
  #size = new Int32Array(FIRST)
  #cells = 0
  /** Later stretches of cells that grew. */
  readonly #later = new Map<number, Stretch[]>()
  #stretches = 0
  /** Cells of which something was forgotten. */
  readonly #cut = new Set<number>()

  /** Number of cells. */
  get size(): number {
    return this.#cells
  }

  /** A new empty cell, or LOST. */
  make(): number {
    const cell = this.#cells
    if (cell === MOST_CELLS) return LOST
    if (cell === this.#from.length) this.#grow()
    this.#cells = cell + 1
    return cell
  }

  #grow(): void {
    const wider = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(old.length * 2)
      grown.set(old)
      return grown
    }
    this.#from = wider(this.#from)
    this.#size = wider(this.#size)
  }

  /** Adds the values of a list from an index on to a cell. */
  add(cell: number, list: ValueList, from: number): void {
    const count = list.length - from
    if (cell === LOST || count === 0) return
    const { values } = this
    const start = values.length
    for (let i = from; i < list.length; i++) {
      if (values.push(list.kind(i), list.load(i))) continue
      values.length = start
      this.#cut.add(cell)
      return
    }
    if (this.#size[cell] === 0) {
      this.#from[cell] = start
      this.#size[cell] = count
    } else this.#lengthen(cell, start, count)
  }

  #lengthen(cell: number, start: number, count: number): void {
    const later = this.#later.get(cell)
    const last = later?.at(-1)
    const first = this.#size[cell] as number
    if (last === undefined && (this.#from[cell] as number) + first === start) this.#size[cell] = first + count
    else if (last !== undefined && last.from + last.size === start) last.size += count
    else if (this.#stretches === MOST_STRETCHES) this.#cut.add(cell)
    else {
      this.#stretches += 1
      if (later === undefined) this.#later.set(cell, [{ from: start, size: count }])
      else later.push({ from: start, size: count })
    }
  }

  /** Says that a cell holds more than is kept. */
  forget(cell: number): void {
    this.#cut.add(cell)
  }

  /** Whether all that a cell holds is known. */
  isKnown(cell: number): boolean {
    return cell !== LOST && !this.#cut.has(cell)
  }

  /** Number of values that a cell is known to hold. */
  count(cell: number): number {
    if (cell === LOST) return 0
    const later = this.#later.get(cell) ?? []
    return later.reduce((sum, { size }) => sum + size, this.#size[cell] as number)
  }

  /** Index in {@link values} of the nth value of a cell that was filled at once, as tuples are. */
  at(cell: number, n: number): number {
    return (this.#from[cell] as number) + n
  }

  /** Visits the values of a cell in order; false when a visit ended it. */
  each(cell: number, visit: Visit): boolean {
    if (cell === LOST) return true
    const first = { from: this.#from[cell] as number, size: this.#size[cell] as number }
    let index = 0
    for (const { from, size } of [first, ...(this.#later.get(cell) ?? [])]) {
      for (let i = from; i < from + size; i++)
        if (!visit(this.values.kind(i), this.values.load(i), index++)) return false
    }
    return true
  }
}
