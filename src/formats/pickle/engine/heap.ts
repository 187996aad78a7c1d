/**
 * The heap: what containers and instances hold, by the place where they were made.
 *
 * A pickle has no loops, so each opcode that makes a container makes one. Contents are segments of one long list of
 * values. When a limit is reached containers are still made, but what they hold is forgotten ({@link LOST}): nothing
 * can then be shown of a call that depends on it, and nothing wrong is shown.
 */
import { LOST } from './values.ts'
import { ValueList } from './value-list.ts'

const MOST_CELLS = 1 << 19
const MOST_VALUES = 1 << 21
const MOST_SEGMENTS = 1 << 20
const FIRST = 64

/** A visit of one value of a container; false ends the visit. */
export type Visit = (kind: number, load: number, index: number) => boolean

/** See the module. */
export class Heap {
  readonly values = new ValueList(MOST_VALUES)
  /** First segment, last segment and number of values of each cell. */
  #first = new Int32Array(FIRST)
  #last = new Int32Array(FIRST)
  #counts = new Int32Array(FIRST)
  #cells = 0
  /** Start, length and successor of each segment. */
  #from: number[] = []
  #size: number[] = []
  #next: number[] = []
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
    if (cell === this.#first.length) this.#grow()
    this.#first[cell] = -1
    this.#last[cell] = -1
    this.#cells = cell + 1
    return cell
  }

  #grow(): void {
    const wider = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(old.length * 2)
      grown.set(old)
      return grown
    }
    this.#first = wider(this.#first)
    this.#last = wider(this.#last)
    this.#counts = wider(this.#counts)
  }

  /** Adds the values [from, to) of a list to a cell. */
  add(cell: number, list: ValueList, { from, to }: { readonly from: number; readonly to: number }): void {
    if (cell === LOST || from === to) return
    const { values } = this
    const start = values.length
    for (let i = from; i < to; i++) {
      if (values.push(list.kind(i), list.load(i))) continue
      values.length = start
      this.#cut.add(cell)
      return
    }
    this.#attach(cell, start, to - from)
  }

  /** Adds one value. */
  addOne(cell: number, kind: number, load: number): void {
    if (cell === LOST) return
    const start = this.values.length
    if (this.values.push(kind, load)) this.#attach(cell, start, 1)
    else this.#cut.add(cell)
  }

  #attach(cell: number, start: number, count: number): void {
    const last = this.#last[cell] as number
    if (this.#from.length === MOST_SEGMENTS) return void this.#cut.add(cell)
    this.#counts[cell] = (this.#counts[cell] as number) + count
    if (last >= 0 && (this.#from[last] as number) + (this.#size[last] as number) === start) {
      this.#size[last] = (this.#size[last] as number) + count
      return
    }
    const segment = this.#from.push(start) - 1
    this.#size.push(count)
    this.#next.push(-1)
    if (last < 0) this.#first[cell] = segment
    else this.#next[last] = segment
    this.#last[cell] = segment
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
    return cell === LOST ? 0 : (this.#counts[cell] as number)
  }

  /** Index in {@link values} of the nth value of a cell that is made in one piece, as tuples are. */
  at(cell: number, n: number): number {
    return (this.#from[this.#first[cell] as number] as number) + n
  }

  /** Visits the values of a cell in order; false when a visit ended it. */
  each(cell: number, visit: Visit): boolean {
    if (cell === LOST) return true
    let index = 0
    for (let segment = this.#first[cell] as number; segment >= 0; segment = this.#next[segment] as number) {
      const from = this.#from[segment] as number
      const to = from + (this.#size[segment] as number)
      for (let i = from; i < to; i++) if (!visit(this.values.kind(i), this.values.load(i), index++)) return false
    }
    return true
  }
}
