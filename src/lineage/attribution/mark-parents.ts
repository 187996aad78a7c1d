/**
 * What an attribution means for the comparisons it rests on: verdicts, order, directions.
 */
import type { Comparison } from '../weights/comparison.ts'
import type { Attribution } from './attribution.ts'
import type { TracedCandidate } from './layer-merge.ts'

function contributors({ finding }: Attribution): ReadonlySet<string> {
  if (finding === null) return new Set()
  const parents = finding.parents.flatMap(({ ref, sameAs }) => [ref, ...sameAs])
  return new Set(finding.base === null ? parents : [...parents, finding.base])
}

const KIN = new Set<Comparison['verdict']>(['derived', 'common-origin', 'merge'])

/** Gives the verdict `merge` to the candidates that a recipe names; the others stay as they are. */
export function markParents<Candidate extends TracedCandidate>(
  candidates: readonly Candidate[],
  attribution: Attribution,
): Candidate[] {
  if (attribution.outcome !== 'merge') return [...candidates]
  const named = contributors(attribution)
  const [reason = ''] = attribution.reasons
  return candidates.map((candidate) => {
    const { ref, comparison } = candidate
    if (!named.has(ref) || !KIN.has(comparison.verdict)) return candidate
    const reasons = comparison.reasons[0] === reason ? comparison.reasons : [reason, ...comparison.reasons]
    return { ...candidate, comparison: { ...comparison, verdict: 'merge', direction: 'a-from-b', reasons } }
  })
}

/** Place of each candidate, for sorting: parents of a merge by weight, then the ranking; unranked ones last. */
export function placesOf({ outcome, finding, ranking }: Attribution): ReadonlyMap<string, number> {
  const parents = outcome === 'merge' ? (finding?.parents ?? []) : []
  const first = parents
    .toSorted((x, y) => (y.weight ?? 0) - (x.weight ?? 0))
    .flatMap(({ ref, sameAs }) => [ref, ...sameAs])
  const rest = ranking.map(({ ref }) => ref).filter((ref) => !first.includes(ref))
  return new Map([...first, ...rest].map((ref, place) => [ref, place]))
}
