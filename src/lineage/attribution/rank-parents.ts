/**
 * Which candidate comes first: parent before sibling, grandparent and cousin.
 *
 * A child keeps its parent's weights and adds a change of its own, which has nothing to do with what a sibling
 * learned; so |S − sibling|² = |S − parent|² + |parent − sibling|², and the parent is nearest. Where data are shared
 * the changes of siblings point the same way and a sibling can be nearer than the parent. The coefficient of S along
 * the way from the farther to the nearer candidate tells: 1 for a child of the nearer, 0 for a child of the farther. Where
 * it is neither, and the two are about equally far, they share a place.
 *
 * Among three and more of one place the one from which the others are least far goes first, of two whose coefficient
 * is above 1 the farther one: a sibling that was trained less on the same data stands on the way.
 */
import { inner, type Moments } from './fit.ts'
import type { StreamGram } from './gram.ts'
import { pool } from './pool.ts'
import type { RankedParent } from './attribution.ts'

/** A candidate to be ranked. */
export interface RankCandidate {
  readonly ref: string
  readonly member: number
  /** True when the changes show that it is the suspect's child. */
  readonly isChild: boolean
}

/** Farther away than this many times the nearest is no rival. */
const RIVAL = 1.1
/** The coefficient of a child of the nearer candidate lies between these. */
const CHILD_FROM = 0.75
const CHILD_TO = 1.25
/** Distances that are equal to this share are one. */
const SAME = 1e-3

interface Placed extends RankCandidate {
  readonly distance: number | null
}

function pairMoments(streams: readonly StreamGram[], x: number, y: number): Moments {
  return pool(streams, x === y ? [x] : [x, y], 'distance')
}

function distanceTo(streams: readonly StreamGram[], member: number): number | null {
  const moments = pairMoments(streams, member, member)
  if (moments.elements === 0) return null
  return Math.sqrt(Math.max(0, inner(moments, 1, 1)) / moments.elements)
}

/** Coefficient of S along the way from `far` to `near`. */
export function coefficientAlong(streams: readonly StreamGram[], far: number, near: number): number {
  const moments = pairMoments(streams, far, near)
  const square = inner(moments, 1, 1) - 2 * inner(moments, 1, 2) + inner(moments, 2, 2)
  return square > 0 ? (inner(moments, 1, 1) - inner(moments, 1, 2)) / square : 1
}

function distanceBetween(streams: readonly StreamGram[], x: number, y: number): number {
  const moments = pairMoments(streams, x, y)
  return x === y ? 0 : Math.sqrt(Math.max(0, inner(moments, 1, 1) - 2 * inner(moments, 1, 2) + inner(moments, 2, 2)))
}

function isOpen(streams: readonly StreamGram[], near: Placed, other: Placed): boolean {
  if (near.distance === null || other.distance === null || other.distance > RIVAL * near.distance) return false
  if (other.distance <= (1 + SAME) * near.distance) return true
  const along = coefficientAlong(streams, other.member, near.member)
  return along < CHILD_FROM || along > CHILD_TO
}

function orderTied(streams: readonly StreamGram[], tied: readonly Placed[]): Placed[] {
  const [first, second] = tied
  if (tied.length === 2 && first !== undefined && second !== undefined)
    return coefficientAlong(streams, second.member, first.member) > CHILD_TO ? [second, first] : [first, second]
  const farness = (each: Placed): number =>
    tied.reduce((sum, other) => sum + distanceBetween(streams, each.member, other.member), 0)
  return tied.toSorted((x, y) => farness(x) - farness(y))
}

/** Ranks candidates; see the module. Those that are children of the suspect or share no part with it come last. */
export function rankParents(streams: readonly StreamGram[], candidates: readonly RankCandidate[]): RankedParent[] {
  const placed = candidates.map((each) => ({ ...each, distance: distanceTo(streams, each.member) }))
  const order = placed.toSorted(
    (x, y) => Number(x.isChild) - Number(y.isChild) || (x.distance ?? Infinity) - (y.distance ?? Infinity),
  )
  const [nearest] = order
  if (nearest === undefined) return []
  const tied = order.filter((each) => each === nearest || (!each.isChild && isOpen(streams, nearest, each)))
  const rest = order.filter((each) => !tied.includes(each))
  return [
    ...orderTied(streams, tied).map(({ ref, distance }) => ({ ref, distance, place: 1 })),
    ...rest.map(({ ref, distance }, i) => ({ ref, distance, place: tied.length + 1 + i })),
  ]
}
