/**
 * Sampled elements as differences from a base: what became of each single weight.
 */
import type { StreamGram } from './gram.ts'
import { holdsAll } from './pool.ts'

/** Differences from the base, by parent, for elements of all streams one after the other. */
export interface Elements {
  readonly count: number
  /** S − W₀. */
  readonly suspect: Float64Array
  /** Pⱼ − W₀ for each parent. */
  readonly parents: readonly Float64Array[]
  /** Half steps: of the suspect, of the base, of each parent. */
  readonly suspectStep: Float64Array
  readonly baseStep: Float64Array
  readonly parentSteps: readonly Float64Array[]
  /** Elements of each stream, in order. */
  readonly lengths: readonly number[]
}

/** Who is the base and who may be a parent, by number of the candidate. */
export interface Family {
  readonly base: number
  readonly parents: readonly number[]
}

function concat(chunks: readonly (Float32Array | Float64Array | undefined)[], count: number): Float64Array {
  const out = new Float64Array(count)
  let at = 0
  for (const chunk of chunks) {
    out.set(chunk ?? [], at)
    at += chunk?.length ?? 0
  }
  return out
}

function place({ stream }: StreamGram, member: number): number {
  return 1 + stream.members.indexOf(member)
}

/** Entries below a value, those that equal it counted half. */
function middleRank(sorted: Float64Array, value: number): number {
  return (countBelow(sorted, value, false) + countBelow(sorted, value, true)) / 2
}

function countBelow(sorted: Float64Array, value: number, orEqual: boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    const here = sorted[middle] ?? 0
    if (here < value || (orEqual && here === value)) low = middle + 1
    else high = middle
  }
  return low
}

function ranksOf(values: Float64Array): Float64Array {
  const sizes = values.map(Math.abs)
  const sorted = sizes.toSorted()
  return sizes.map((size) => middleRank(sorted, size) / values.length)
}

/** Rank of |Pⱼ − W₀| of each parent among the sampled elements of its stream, from 0 to 1. */
export function ranksWithin({ count, parents, lengths }: Elements): Float64Array[] {
  return parents.map((delta) => {
    let from = 0
    const chunks = lengths.map((length) => {
      from += length
      return ranksOf(delta.subarray(from - length, from))
    })
    return concat(chunks, count)
  })
}

/** Elements of the streams in which base and parents all take part. */
export function gatherElements(all: readonly StreamGram[], { base, parents }: Family): Elements {
  const streams = all.filter((stream) => holdsAll(stream, [base, ...parents]))
  const count = streams.reduce((sum, { sample }) => sum + (sample[0]?.length ?? 0), 0)
  const values = (member: number): Float64Array =>
    concat(
      streams.map((stream) => stream.sample[member < 0 ? 0 : place(stream, member)]),
      count,
    )
  const steps = (member: number): Float64Array =>
    concat(
      streams.map((stream) => stream.halfSteps[member < 0 ? 0 : place(stream, member)]),
      count,
    )
  const origin = values(base)
  const differences = (member: number): Float64Array => values(member).map((value, i) => value - (origin[i] ?? 0))
  const deltas = parents.map(differences)
  return {
    count,
    suspect: differences(-1),
    parents: deltas,
    suspectStep: steps(-1),
    baseStep: steps(base),
    parentSteps: parents.map(steps),
    lengths: streams.map(({ sample }) => sample[0]?.length ?? 0),
  }
}
