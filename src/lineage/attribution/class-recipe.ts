/**
 * TIES and DARE: recipes that choose, element by element, whose change is kept.
 *
 * What the classes of elements say: TIES keeps the largest changes of each parent and lets a vote decide their sign;
 * DARE drops changes at random with a probability p and divides those that are left by 1 − p. So the share that was
 * kept depends on the size of a change under TIES and does not under DARE, which is how the two are told apart.
 *
 * Each candidate is tried as the base; the one whose classes explain most is it.
 */
import { median } from '../changes/places.ts'
import { classSubsets, fitClasses, singleCoefficient, type ClassCounts } from './element-classes.ts'
import { gatherElements, ranksWithin, type Elements } from './elements.ts'
import type { StreamGram } from './gram.ts'

/** What is known of one parent. */
export interface ClassParent {
  /** Number of the candidate. */
  readonly member: number
  /** What its change is multiplied by where it stands alone. */
  readonly coefficient: number
  /** Share of its changes that were kept, over elements that can be told apart, and its standard error. */
  readonly kept: number
  readonly keptError: number
  /** Share of its changes, from the largest down, from which all kept ones come. */
  readonly density: number
  /** Its weight in a mean; null for a sum. */
  readonly meanWeight: number | null
}

/** See the module. */
export interface ClassRecipe {
  readonly recipe: 'ties' | 'dare'
  readonly base: number
  readonly parents: readonly ClassParent[]
  readonly counts: ClassCounts
  /** True when changes of opposite signs are never kept together. */
  readonly elected: boolean
}

/** An explanation that covers less of the elements than this is none. */
const EXPLAINED = 0.98
/** Of the elements that chance leaves unexplained, this share must be explained. */
const BEYOND_CHANCE = 0.95
/** Chance may explain at most this much; otherwise the numbers are too coarse. */
const COARSE = 0.95
/** A parent of which less is kept has not taken part. */
const LEAST_KEPT = 0.02
/** More parents than this are not tried. */
const MOST_PARENTS = 4

/** True when a class model explains what chance does not. */
export function isConvincing({ elements, explained, byChance }: ClassCounts): boolean {
  if (elements === 0 || byChance > COARSE * elements) return false
  return explained >= EXPLAINED * elements && explained - byChance >= BEYOND_CHANCE * (elements - byChance)
}

/** Elements that can be told apart, and for each whether a parent was kept. */
interface Choices {
  readonly agreeing: boolean
  readonly kept: boolean
  readonly rank: number
}

function signsAgree(elements: Elements, i: number, which: readonly number[]): boolean {
  const signs = new Set(which.map((j) => Math.sign(elements.parents[j]?.[i] ?? 0)))
  return signs.size === 1
}

interface Ranked {
  readonly elements: Elements
  readonly ranks: readonly Float64Array[]
}

function choicesOf({ elements, ranks }: Ranked, counts: ClassCounts, j: number): Choices[] {
  const subsets = classSubsets(elements.parents.length)
  const all = elements.parents.map((_, place) => place)
  const choices: Choices[] = []
  for (let i = 0; i < elements.count; i++) {
    const subset = subsets[counts.classes[i] ?? -1]
    if (subset === undefined || counts.apart[i] === 0) continue
    const rank = ranks[j]?.[i] ?? 0
    choices.push({ agreeing: signsAgree(elements, i, all), kept: subset.includes(j), rank })
  }
  return choices
}

function rate(choices: readonly Choices[]): number {
  return choices.reduce((sum, { kept }) => sum + Number(kept), 0) / Math.max(1, choices.length)
}

/** Kept shares among the smaller and the larger half of the changes, where a vote changes nothing. */
function halves(choices: readonly Choices[]): readonly [number, number] {
  const agreeing = choices.filter((each) => each.agreeing)
  const middle = median(agreeing.map(({ rank }) => rank))
  return [rate(agreeing.filter(({ rank }) => rank < middle)), rate(agreeing.filter(({ rank }) => rank >= middle))]
}

/** Kept ranks fill the interval from 1 − density to 1; their first percentile tells where it begins. */
function densityOf(choices: readonly Choices[]): number {
  const ranks = choices.flatMap(({ kept, rank }) => (kept ? [rank] : [])).toSorted((x, y) => x - y)
  const first = ranks[Math.floor(ranks.length / 100)] ?? 0
  return Math.min(1, (1 - first) / 0.99)
}

function isElected(elements: Elements, counts: ClassCounts): boolean {
  const subsets = classSubsets(elements.parents.length)
  let several = 0
  let agreeing = 0
  for (let i = 0; i < elements.count; i++) {
    const subset = subsets[counts.classes[i] ?? -1] ?? []
    if (subset.length < 2 || counts.apart[i] === 0) continue
    several += 1
    agreeing += Number(signsAgree(elements, i, subset))
  }
  return several >= 20 && agreeing >= 0.99 * several
}

function parentOf(
  choices: readonly Choices[],
  at: { readonly member: number; readonly j: number; readonly counts: ClassCounts; readonly elected: boolean },
): ClassParent {
  const { member, j, counts, elected } = at
  const { combination, coefficients, scale } = counts.model
  const judged = elected ? choices.filter(({ agreeing }) => agreeing) : choices
  const kept = rate(judged)
  const isMean = combination === 'mean'
  return {
    member,
    coefficient: isMean ? scale : (coefficients[j] ?? 0),
    kept,
    keptError: Math.sqrt((kept * (1 - kept)) / Math.max(1, judged.length)),
    density: densityOf(choices),
    meanWeight: isMean ? (coefficients[j] ?? 0) : null,
  }
}

/** Shares farther apart than this many standard errors are those of different drop rates. */
const ONE_RATE = 2

/**
 * DARE is run with one drop rate for all parents unless somebody asks for more: shares that chance alone tells apart
 * are taken together, which is less noise than each has alone.
 */
function withOneRate(parents: readonly ClassParent[]): readonly ClassParent[] {
  const precision = parents.reduce((sum, { keptError }) => sum + keptError ** -2, 0)
  const kept = parents.reduce((sum, parent) => sum + parent.kept * parent.keptError ** -2, 0) / precision
  const isOne = parents.every((one) =>
    parents.every((other) => Math.abs(one.kept - other.kept) <= ONE_RATE * Math.hypot(one.keptError, other.keptError)),
  )
  if (!isOne || !Number.isFinite(kept)) return parents
  return parents.map((parent) => ({ ...parent, kept, keptError: precision ** -0.5 }))
}

/** The smaller half is kept clearly less often. */
const SIZE_MATTERS = 0.9
/** Kept so often that nothing was dropped where signs agree: only the vote is left. */
const ALL_KEPT = 0.98

function tryFamily(streams: readonly StreamGram[], base: number, parents: readonly number[]): ClassRecipe | null {
  const elements = gatherElements(streams, { base, parents })
  if (elements.count === 0) return null
  const singles = elements.parents.map((_, j) => singleCoefficient(elements, j))
  const known = parents.filter((_, j) => singles[j] !== null).slice(0, MOST_PARENTS)
  if (known.length < 2) return null
  if (known.length < parents.length) return tryFamily(streams, base, known)
  const counts = fitClasses(
    elements,
    singles.map((each) => each ?? 0),
  )
  if (!isConvincing(counts)) return null
  const ranked = { elements, ranks: ranksWithin(elements) }
  const choices = parents.map((_, j) => choicesOf(ranked, counts, j))
  const kept = parents.filter((_, j) => rate(choices[j] ?? []) >= LEAST_KEPT)
  if (kept.length < parents.length) return kept.length < 2 ? null : tryFamily(streams, base, kept)
  const elected = isElected(elements, counts)
  const found = parents.map((member, j) => parentOf(choices[j] ?? [], { member, j, counts, elected }))
  const bySize = choices.map(halves)
  const trimmed = bySize.some(([low, high]) => low < SIZE_MATTERS * high)
  const votedOnly = bySize.every(([low, high]) => low >= ALL_KEPT && high >= ALL_KEPT)
  if (trimmed || votedOnly) return { recipe: 'ties', base, parents: found, counts, elected }
  return { recipe: 'dare', base, parents: withOneRate(found), counts, elected }
}

/** Elements on which all bases are tried; the best is then held against all elements. */
const TRIED = 49_152

function thin(stream: StreamGram, stride: number): StreamGram {
  const pick = (values: Float32Array): Float32Array => values.filter((_, i) => i % stride === 0)
  return { ...stream, sample: stream.sample.map(pick), halfSteps: stream.halfSteps.map(pick) }
}

/** The class recipe that explains the suspect; null when none does. */
export function findClassRecipe(streams: readonly StreamGram[], members: readonly number[]): ClassRecipe | null {
  const total = streams.reduce((sum, { sample }) => sum + (sample[0]?.length ?? 0), 0)
  const stride = Math.max(1, Math.round(total / TRIED))
  const thinned = streams.map((stream) => thin(stream, stride))
  const best = members.reduce<ClassRecipe | null>((top, base) => {
    const found = tryFamily(
      thinned,
      base,
      members.filter((member) => member !== base),
    )
    return found !== null && (top === null || found.counts.explained > top.counts.explained) ? found : top
  }, null)
  if (best === null || stride === 1) return best
  return tryFamily(
    streams,
    best.base,
    best.parents.map(({ member }) => member),
  )
}
