/**
 * A merge of layers shows only when several candidates are held side by side: different layers of one model agree with
 * models that have nothing to do with each other there.
 *
 * Weighted merges (linear, slerp, TIES, DARE) of models with a common ancestor look like any other child of that
 * ancestor here and stay `derived`; taking them apart needs the weights of all parents. First answers are left as they
 * are: they do not know which layers they did not see.
 */
import type { Comparison } from '../weights/comparison.ts'

/** One candidate of a trace. */
export interface TracedCandidate {
  /** As it is named to the reader. */
  readonly ref: string
  readonly comparison: Comparison
}

/** From this share of its units a layer counts as inherited. */
const HALF = 0.5

function inheritedLayers({ comparison }: TracedCandidate): ReadonlySet<number> {
  const isWhole = comparison.firstAnswer === undefined
  const isKin = isWhole && (comparison.verdict === 'derived' || comparison.verdict === 'common-origin')
  const layers = isKin ? comparison.layers.filter(({ b, fixed, sampled }) => b !== null && fixed >= HALF * sampled) : []
  return new Set(layers.map(({ a }) => a))
}

function describe(ref: string, layers: ReadonlySet<number>): string {
  return `${layers.size === 1 ? 'layer' : 'layers'} ${[...layers].join(', ')} from ${ref}`
}

/**
 * Gives the verdict `merge` to candidates from which different layers of the traced model come.
 *
 * @param candidates comparisons of one model, as A, with each candidate, as B
 * @returns the same candidates in the same order
 */
export function markMerges<Candidate extends TracedCandidate>(candidates: readonly Candidate[]): Candidate[] {
  const layers = candidates.map(inheritedLayers)
  return candidates.map((candidate, i) => {
    const ours = layers[i] ?? new Set<number>()
    const others = candidates.flatMap((other, j) => {
      const theirs = layers[j] ?? new Set<number>()
      return ours.size > 0 && theirs.size > 0 && ours.isDisjointFrom(theirs) ? [describe(other.ref, theirs)] : []
    })
    if (others.length === 0) return candidate
    const reason = `A merge of layers: ${[describe(candidate.ref, ours), ...others].join('; ')}.`
    const comparison: Comparison = {
      ...candidate.comparison,
      verdict: 'merge',
      direction: 'a-from-b',
      reasons: [reason, ...candidate.comparison.reasons],
    }
    return { ...candidate, comparison }
  })
}
