/**
 * Runs pairs through the cascade that `compare` uses, one after the other, and hands on what each came to.
 *
 * Guarantee: an outcome depends on the pair alone, not on which ran before; so a run that was stopped goes on where it
 * was, and the table is the same.
 */
import { Fault } from '../../../base/index.ts'
import { compareOpened } from '../../compare.ts'
import type { Comparison } from '../../weights/comparison.ts'
import type { ZooKeep } from './keep.ts'
import type { PlannedPair } from './pairs.ts'

/** What is kept of one comparison. */
export interface PairOutcome extends PlannedPair {
  readonly verdict: Comparison['verdict']
  readonly log10p: number
  readonly direction: Comparison['direction']
  /** The claim of a direction is made for the case that one descends from the other, and leaves a third model open. */
  readonly conditional: boolean
  /** Counts of fixed points of unmatched cells: 0, 1, …; empty when there was no control. */
  readonly control: readonly number[]
  readonly controlHolds: boolean
  /** The smallest bound of each kind of test, by its id. */
  readonly tests: Readonly<Record<string, number>>
  /** Mean cosine of units of the same number, when it was measured. */
  readonly cosine: number | null
}

function smallestBounds({ tests }: Comparison): Record<string, number> {
  const bounds = new Map<string, number>()
  for (const { id, log10p } of tests) if (log10p !== null) bounds.set(id, Math.min(bounds.get(id) ?? 0, log10p))
  return Object.fromEntries([...bounds].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([id, p]) => [id, round(p)]))
}

/** Enough digits for a table, few enough to be the same everywhere. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000 + 0
}

/** What is kept of a comparison. */
export function outcomeOf(pair: PlannedPair, comparison: Comparison): PairOutcome {
  const cosine = comparison.tests.find(({ id }) => id === 'cosine')?.statistic
  return {
    ...pair,
    verdict: comparison.verdict,
    log10p: round(comparison.log10p),
    direction: comparison.direction,
    conditional: !(comparison.signs ?? []).some(({ excludesSiblings }) => excludesSiblings),
    control: comparison.control?.counts ?? [],
    controlHolds: comparison.control?.holds ?? true,
    tests: smallestBounds(comparison),
    cosine: cosine === undefined ? null : Number(cosine),
  }
}

/** A name for a pair that no other has. */
export function pairKey({ cell, a, b }: PlannedPair): string {
  return `${cell}\t${a}\t${b}`
}

/** How to run. */
export interface RunOptions {
  readonly signal?: AbortSignal
  /** Outcomes of an earlier run. */
  readonly known: readonly PairOutcome[]
  /** Called with each new outcome; the run waits for it. */
  onOutcome(outcome: PairOutcome): Promise<void>
  onProgress?(progress: { readonly done: number; readonly total: number }): void
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new Fault('cancelled', 'the calibration was cancelled')
}

/** Runs all pairs that are not known. @returns all outcomes in the order of `pairs` @throws Fault `cancelled` */
export async function runPairs(
  pairs: readonly PlannedPair[],
  keep: ZooKeep,
  options: RunOptions,
): Promise<PairOutcome[]> {
  const known = new Map(options.known.map((outcome) => [pairKey(outcome), outcome]))
  const outcomes: PairOutcome[] = []
  for (const pair of pairs) {
    throwIfAborted(options.signal)
    const earlier = known.get(pairKey(pair))
    const outcome = earlier ?? outcomeOf(pair, compareOpened(keep.weights(pair.a), keep.weights(pair.b)))
    if (earlier === undefined) await options.onOutcome(outcome)
    outcomes.push(outcome)
    options.onProgress?.({ done: outcomes.length, total: pairs.length })
  }
  return outcomes
}
