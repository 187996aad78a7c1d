/**
 * Choices for the fuzzer: the same seed makes the same streams on every machine.
 */
import { seededRandom } from '../../src/testing/seeded-random.ts'

/** A source of choices. */
export interface Random {
  /** A whole number from 0 to `below` − 1. */
  int(below: number): number
  /** True once in so many times. */
  oneIn(times: number): boolean
  pick<Item>(items: readonly Item[]): Item
  /** Picks by weights. */
  weigh<Item>(items: readonly (readonly [weight: number, item: Item])[]): Item
}

/** Makes a source of choices from a seed. */
export function randomFrom(seed: number): Random {
  const next = seededRandom(seed)
  const int = (below: number): number => Math.floor(next() * below)
  return {
    int,
    oneIn: (times) => int(times) === 0,
    pick: (items) => items[int(items.length)] as (typeof items)[number],
    weigh: (items) => {
      let left = next() * items.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, item] of items) if ((left -= weight) < 0) return item
      return (items.at(-1) as (typeof items)[number])[1]
    },
  }
}

/** Seed of the stream with this number, so that any stream of a run can be made alone. @example seedOf(1, 2) === seedOf(1, 2) // true */
export function seedOf(seed: number, index: number): number {
  return (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)) >>> 0
}
