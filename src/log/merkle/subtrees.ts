/**
 * Which complete subtrees a root or a proof is made of.
 *
 * A complete subtree of level L holds 2^L leaves and begins at a multiple of 2^L; the log stores their hashes and no
 * others. Any other part of a tree, such as its right edge, is hashed together from a few of them. What a proof needs is
 * planned here as numbers, before anything is read.
 *
 * Sizes and indices are safe integers; arithmetic is by division, since bit operations end at 32 bits.
 *
 * Source: RFC 9162 sections 2.1.3.1 and 2.1.4.1; subtrees: draft-ietf-plants-merkle-tree-certs section 4.
 */
import { Fault } from '../../base/index.ts'

/** A complete subtree: leaves [index × 2^level, (index + 1) × 2^level). */
export interface Subtree {
  readonly level: number
  readonly index: number
}

/** Some leaves of the log: [start, end). */
export interface Range {
  readonly start: number
  readonly end: number
}

/** The largest power of two below `size`, which is at least 2. @example splitOf(8) // 4 */
export function splitOf(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

/** @throws Fault `size` when a size or an index is no safe integer from 0 on */
export function ensureSize(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new Fault('size', `the ${what} ${value} is not a whole number below 2^53`)
}

/**
 * True when a tree of its own stands over these leaves: it begins at a multiple of the power of two that holds it.
 *
 * @example isSubtree({ start: 4, end: 7 }) // true
 */
export function isSubtree({ start, end }: Range): boolean {
  if (![start, end].every(Number.isSafeInteger) || start < 0 || start > end) return false
  let width = 1
  while (width < end - start) width *= 2
  return start % width === 0
}

/** The complete subtrees that make up a subtree, from left to right. @example coverOf({ start: 0, end: 3 }).length // 2 */
export function coverOf({ start, end }: Range): readonly Subtree[] {
  const cover: Subtree[] = []
  let [at, level, width] = [start, 0, 1]
  while (width * 2 <= end - at) [level, width] = [level + 1, width * 2]
  while (at < end) {
    while (width > end - at) [level, width] = [level - 1, width / 2]
    cover.push({ level, index: at / width })
    at += width
  }
  return cover
}

/** The ranges whose hashes prove a leaf in a subtree, from the leaf upwards. */
export function planInclusion(index: number, within: Range): readonly Range[] {
  const plan: Range[] = []
  let { start, end } = within
  while (end - start > 1) {
    const middle = start + splitOf(end - start)
    if (index < middle) {
      plan.push({ start: middle, end })
      end = middle
    } else {
      plan.push({ start, end: middle })
      start = middle
    }
  }
  return plan.toReversed()
}

/** The ranges whose hashes prove that a subtree is part of the tree of `size` leaves. */
export function planConsistency(part: Range, size: number): readonly Range[] {
  if (part.start === part.end) return []
  const plan: Range[] = []
  let [start, end, from, known] = [0, size, part.start, true]
  while (start !== from || end !== part.end) {
    const middle = start + splitOf(end - start)
    if (part.end <= middle) {
      plan.push({ start: middle, end })
      end = middle
    } else {
      plan.push({ start, end: middle })
      if (from < middle) [from, known] = [middle, false]
      start = middle
    }
  }
  if (!known) plan.push({ start, end })
  return plan.toReversed()
}
