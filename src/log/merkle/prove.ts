/**
 * Roots and proofs, from the hashes of complete subtrees that somebody stores.
 *
 * Everything a proof needs is asked for at once, so that a reader over files or the network fetches each tile once.
 *
 * Source: RFC 9162 sections 2.1.1, 2.1.3.1 and 2.1.4.1; subtrees: draft-ietf-plants-merkle-tree-certs section 4.
 */
import { Fault } from '../../base/index.ts'
import { hashParts } from './hash.ts'
import { coverOf, ensureSize, isSubtree, planConsistency, planInclusion, type Range } from './subtrees.ts'

/**
 * Hashes of complete subtrees: `count` of them from number `from` on, of 2^level leaves each. Level 0: leaf hashes.
 * Rejects when the log does not have them.
 */
export type ReadHashes = (level: number, from: number, count: number) => Promise<readonly Uint8Array[]>

async function hashOf(range: Range, read: ReadHashes): Promise<Uint8Array> {
  const parts = await Promise.all(coverOf(range).map(({ level, index }) => read(level, index, 1)))
  return hashParts(parts.flat())
}

function hashesOf(plan: readonly Range[], read: ReadHashes): Promise<readonly Uint8Array[]> {
  return Promise.all(plan.map((range) => hashOf(range, read)))
}

/** The root of the first `size` leaves. @throws Fault `size` */
export async function rootOf(size: number, read: ReadHashes): Promise<Uint8Array> {
  ensureSize(size, 'size')
  return hashOf({ start: 0, end: size }, read)
}

/** Proof that a leaf is in a subtree, from the leaf upwards. @throws Fault `size` when it is not in the subtree */
export async function proveSubtreeInclusion(
  index: number,
  within: Range,
  read: ReadHashes,
): Promise<readonly Uint8Array[]> {
  ensureSize(index, 'index')
  if (!isSubtree(within) || index < within.start || index >= within.end)
    throw new Fault('size', `leaf ${index} is not in a subtree of leaves ${within.start} to ${within.end}`)
  return hashesOf(planInclusion(index, within), read)
}

/** Proof that a leaf is in the tree of the first `size` leaves. @throws Fault `size` */
export async function proveInclusion(index: number, size: number, read: ReadHashes): Promise<readonly Uint8Array[]> {
  return proveSubtreeInclusion(index, { start: 0, end: size }, read)
}

/** Proof that a subtree is part of the tree of the first `size` leaves. @throws Fault `size` when it cannot be */
export async function proveSubtreeConsistency(
  part: Range,
  size: number,
  read: ReadHashes,
): Promise<readonly Uint8Array[]> {
  ensureSize(size, 'size')
  if (!isSubtree(part) || part.end > size)
    throw new Fault('size', `leaves ${part.start} to ${part.end} are no subtree of ${size} leaves`)
  return hashesOf(planConsistency(part, size), read)
}

/** Proof that the tree of `from` leaves is the beginning of that of `to`; empty for equal sizes. @throws Fault `size` */
export async function proveConsistency(from: number, to: number, read: ReadHashes): Promise<readonly Uint8Array[]> {
  return proveSubtreeConsistency({ start: 0, end: from }, to, read)
}
