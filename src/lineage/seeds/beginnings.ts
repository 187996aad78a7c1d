/**
 * Where both models of a comparison began, as far as the panel of default seeds shows it.
 */
import type { TestOutcome } from '../weights/comparison.ts'
import type { Weights } from '../weights/weights.ts'
import { matchSeedPanel, type SeedMatch } from './seed-panel.ts'

/** The member of the panel from which each model began, or null. */
export interface Beginnings {
  readonly a: SeedMatch | null
  readonly b: SeedMatch | null
}

/** Nothing was held against the panel. */
export const NO_BEGINNINGS: Beginnings = { a: null, b: null }

const ASSUMPTION =
  'a model that did not begin from a member of the panel of default seeds numbers its residual dimensions independently of all of them'

/** Holds both against the panel. */
export function findBeginnings(a: Weights, b: Weights, seed: string): Beginnings {
  return { a: matchSeedPanel(a, seed), b: matchSeedPanel(b, seed) }
}

/** For a reader: `PyTorch's seed 42, drawn first`. */
function describe({ seed, order }: SeedMatch): string {
  return `PyTorch's seed ${seed}, ${order}`
}

/** The seed from which both began, in words; null when they did not, or not from the same. */
export function sharedBeginning({ a, b }: Beginnings): string | null {
  return a !== null && b !== null && a.seed === b.seed && a.order === b.order ? describe(a) : null
}

/** The matches as outcomes of tests. */
export function beginningTests({ a, b }: Beginnings): TestOutcome[] {
  const outcome = (name: 'A' | 'B', match: SeedMatch | null): TestOutcome[] =>
    match === null
      ? []
      : [
          {
            id: 'seed',
            view: `embedding of ${name} against ${describe(match)}`,
            statistic: `${match.points.fixed} of ${match.points.sampled} residual dimensions find themselves`,
            log10p: match.log10p,
            assumption: ASSUMPTION,
          },
        ]
  return [...outcome('A', a), ...outcome('B', b)]
}
