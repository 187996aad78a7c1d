/**
 * Which share of the sampled elements a weighted sum of parents explains, and which share it would by chance.
 *
 * The heaviest parent is the reference: S minus it must be the weighted sum of the others' differences from it. For
 * the control these differences are taken from other places of the same part; of a single parent, its values.
 */
import type { StreamGram } from './gram.ts'

/** Candidates with their weights in one stream. */
export interface WeightedMembers {
  readonly members: readonly number[]
  readonly weights: readonly number[]
}

/** Counts; see the module. */
export interface ExplainedCounts {
  readonly elements: number
  readonly explained: number
  readonly byChance: number
}

/** How far arithmetic in the stored type may carry a value: two roundings instead of one. */
const SLACK = 2
const EMPTY = new Float32Array(0)

function shiftOf(count: number): number {
  return Math.max(1, Math.floor(count * 0.381_966))
}

/** Value of an entry; 0 beyond the end. */
function at(values: Float32Array | undefined, i: number): number {
  return values?.[i] ?? 0
}

interface Mixture {
  readonly stream: StreamGram
  readonly places: readonly number[]
  readonly weights: readonly number[]
  readonly reference: Float32Array
}

/** Σ a(P − R) + (Σa − 1)·R at element i, with the differences taken from element j. */
function mixtureAt({ stream, places, weights, reference }: Mixture, i: number, j: number): number {
  let value = places.length === 1 ? at(reference, j) - at(reference, i) : 0
  let sum = 0
  for (let k = 0; k < places.length; k++) {
    const weight = weights[k] ?? 0
    sum += weight
    value += weight * (at(stream.sample[places[k] ?? 0], j) - at(reference, j))
  }
  return value + (sum - 1) * at(reference, i)
}

function reachAt({ stream, places, weights }: Mixture, i: number): number {
  let reach = at(stream.halfSteps[0], i)
  for (let k = 0; k < places.length; k++) reach += Math.abs(weights[k] ?? 0) * at(stream.halfSteps[places[k] ?? 0], i)
  return SLACK * reach
}

/** Counts elements within rounding of the weighted sum. */
export function countExplained(stream: StreamGram, { members, weights }: WeightedMembers): ExplainedCounts {
  const places = members.map((member) => 1 + stream.stream.members.indexOf(member))
  const heaviest = weights.reduce((best, weight, i) => (weight > (weights[best] ?? 0) ? i : best), 0)
  const reference = stream.sample[places[heaviest] ?? 0] ?? EMPTY
  const mixture = { stream, places, weights, reference }
  const count = reference.length
  const shift = shiftOf(count)
  let explained = 0
  let byChance = 0
  for (let i = 0; i < count; i++) {
    const here = at(stream.sample[0], i) - at(reference, i)
    const reach = reachAt(mixture, i)
    explained += Number(Math.abs(here - mixtureAt(mixture, i, i)) <= reach)
    byChance += Number(Math.abs(here - mixtureAt(mixture, i, (i + shift) % count)) <= reach)
  }
  return { elements: count, explained, byChance }
}

/** Adds up counts. */
export function sumCounts(counts: readonly ExplainedCounts[]): ExplainedCounts {
  return counts.reduce(
    (sum, each) => ({
      elements: sum.elements + each.elements,
      explained: sum.explained + each.explained,
      byChance: sum.byChance + each.byChance,
    }),
    { elements: 0, explained: 0, byChance: 0 },
  )
}
