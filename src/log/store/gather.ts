/**
 * Gathers what comes in at the same time into one batch.
 *
 * While one batch is being written everything else waits in line, and then goes together as the next one, up to a limit
 * of weight. So a lone append waits for nothing, and a thousand at once cost little more than one.
 */
import { setImmediate } from 'node:timers/promises'

interface Waiting<Item, Outcome> {
  readonly item: Item
  readonly weight: number
  resolve(outcome: Outcome): void
  reject(thrown: unknown): void
}

/** How batches are made. */
export interface GatherOptions<Item, Outcome> {
  /** Writes a batch; one outcome for each item, in order. */
  run(items: readonly Item[]): Promise<readonly Outcome[]>
  weigh(item: Item): number
  /** A batch ends before the item that would make it heavier; one item alone may be. */
  readonly most: number
}

/** See the module. */
export class Gatherer<Item, Outcome> {
  readonly #options: GatherOptions<Item, Outcome>
  #waiting: Waiting<Item, Outcome>[] = []
  #working: Promise<void> | undefined

  constructor(options: GatherOptions<Item, Outcome>) {
    this.#options = options
  }

  /** Puts an item in line. Rejects with what its batch failed with. */
  add(item: Item): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, weight: this.#options.weigh(item), resolve, reject })
      this.#working ??= this.#work()
    })
  }

  /** Resolves when nothing is in line. */
  async settle(): Promise<void> {
    while (this.#working !== undefined) await this.#working
  }

  #take(): readonly Waiting<Item, Outcome>[] {
    let [count, weight] = [0, 0]
    for (const each of this.#waiting) {
      weight += each.weight
      if (count > 0 && weight > this.#options.most) break
      count++
    }
    const taken = this.#waiting.slice(0, count)
    this.#waiting = this.#waiting.slice(count)
    return taken
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      // PGlite answers without ever letting go of this turn of the event loop, in which others may want to join.
      await setImmediate()
      await this.#runOne(this.#take())
    }
    this.#working = undefined
  }

  async #runOne(taken: readonly Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await this.#options.run(taken.map(({ item }) => item))
      for (const [at, { resolve }] of taken.entries()) resolve(outcomes[at] as Outcome)
    } catch (thrown) {
      for (const { reject } of taken) reject(thrown)
    }
  }
}
