/**
 * The names of values in a graph: each defined once, and before it is read.
 *
 * In the file nodes stand before the inputs and initialisers that they read, and a nested graph may read values of the
 * graphs around it. So what a node reads and no node before it made is held until the graph is known whole, and what is
 * then still unknown is asked of the graph around it, as if the node that holds the nested graph read it.
 */
import type { Budget } from '../budget.ts'

/** See the module. */
export class ValueNames {
  readonly #budget: Budget
  readonly #made = new Set<string>()
  readonly #given = new Set<string>()
  readonly #open = new Set<string>()
  readonly #twice = new Set<string>()

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** A node reads a value. */
  use(name: string): void {
    if (name === '' || this.#made.has(name) || this.#open.has(name)) return
    this.#budget.spendItems()
    this.#open.add(name)
  }

  /** A node makes a value. */
  make(name: string): void {
    if (name === '') return
    this.#budget.spendItems()
    if (this.#made.has(name)) this.#twice.add(name)
    this.#made.add(name)
  }

  /** The graph is given a value: an input or an initialiser. */
  give(name: string): void {
    if (name === '') return
    this.#budget.spendItems()
    this.#given.add(name)
  }

  /** Names that are read and neither made before nor given, once the graph is known whole. */
  undefined(): readonly string[] {
    return [...this.#open].filter((name) => !this.#given.has(name))
  }

  /** True when the graph defines the value. */
  has(name: string): boolean {
    return this.#made.has(name) || this.#given.has(name)
  }

  /** Names that two nodes make, or that a node makes although they are given. */
  repeated(): readonly string[] {
    return [...this.#twice, ...[...this.#made].filter((name) => this.#given.has(name) && !this.#twice.has(name))]
  }
}
