/**
 * The two hashes of the tree, on the spot.
 *
 * A leaf is hashed with a zero byte before it and a node with a one byte, so that no leaf can pass for a node. These run
 * for every entry that is appended, so they are synchronous, and the input of a node is put together in one buffer.
 *
 * Source: RFC 9162 section 2.1.1 (the tree of RFC 6962).
 */
import { createHash, hash } from 'node:crypto'
import { Fault } from '../../base/index.ts'

/** Bytes of a hash. */
export const HASH_LENGTH = 32

/** SHA-256 of nothing: the root of a tree without leaves. */
export const EMPTY_ROOT: Uint8Array = hash('sha256', new Uint8Array(), 'buffer')

const LEAF = Uint8Array.of(0)
const node = new Uint8Array(1 + 2 * HASH_LENGTH)
node[0] = 1

/** Hash of a leaf of these bytes. */
export function hashLeaf(data: Uint8Array): Uint8Array {
  return createHash('sha256').update(LEAF).update(data).digest()
}

/** Hash of a node above two hashes. @throws Fault `hash` when one is not of 32 bytes */
export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length !== HASH_LENGTH || right.length !== HASH_LENGTH)
    throw new Fault('hash', `hashes of ${left.length} and ${right.length} bytes, not ${HASH_LENGTH}`)
  node.set(left, 1)
  node.set(right, 1 + HASH_LENGTH)
  return hash('sha256', node, 'buffer')
}

/** The root over complete subtrees, the largest first; that of nothing when there are none. */
export function hashParts(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 0 ? EMPTY_ROOT : parts.reduceRight((right, left) => hashNode(left, right))
}
