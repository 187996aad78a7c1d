/**
 * The tree of hashes over the salted leaves of a kit.
 *
 * Leaves and inner nodes are hashed with different first bytes, so that neither can be passed off as the other, and the
 * number of leaves decides the shape, so that one path proves one place.
 *
 * Source: RFC 9162, sections 2.1.1 to 2.1.3.
 */
import { createHash } from 'node:crypto'

function node(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(Uint8Array.of(1)).update(left).update(right).digest()
}

/** Hash of a leaf: a salt that keeps its content from being guessed, then the content. */
export function leafHash(salt: Uint8Array, content: string): Buffer {
  return createHash('sha256').update(Uint8Array.of(0)).update(salt).update(content).digest()
}

/** The largest power of two below n, n ≥ 2. */
function splitAt(n: number): number {
  let half = 1
  while (half * 2 < n) half *= 2
  return half
}

/** Root over leaf hashes; that of no leaves is the hash of nothing. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves
  if (only === undefined) return createHash('sha256').digest()
  if (leaves.length === 1) return only
  const half = splitAt(leaves.length)
  return node(merkleRoot(leaves.slice(0, half)), merkleRoot(leaves.slice(half)))
}

/** Hashes beside the way from a leaf to the root, from below. */
export function merklePath(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (leaves.length <= 1) return []
  const half = splitAt(leaves.length)
  return index < half
    ? [...merklePath(leaves.slice(0, half), index), merkleRoot(leaves.slice(half))]
    : [...merklePath(leaves.slice(half), index - half), merkleRoot(leaves.slice(0, half))]
}

/** The place of a leaf. */
export interface LeafPlace {
  readonly index: number
  /** Leaves of the tree. */
  readonly size: number
}

/** The root that a leaf and its path give; null when the path has the wrong length for the place. */
export function rootOfPath(leaf: Uint8Array, place: LeafPlace, path: readonly Uint8Array[]): Uint8Array | null {
  const { index, size } = place
  if (index < 0 || index >= size) return null
  if (size <= 1) return path.length === 0 ? leaf : null
  const top = path.at(-1)
  if (top === undefined) return null
  const half = splitAt(size)
  const below = path.slice(0, -1)
  if (index < half) {
    const left = rootOfPath(leaf, { index, size: half }, below)
    return left === null ? null : node(left, top)
  }
  const right = rootOfPath(leaf, { index: index - half, size: size - half }, below)
  return right === null ? null : node(top, right)
}
