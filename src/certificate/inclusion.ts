/**
 * Merkle inclusion: is this leaf at that index of the tree with that root?
 *
 * Source: RFC 9162 section 2.1.3.2 (the tree of RFC 6962).
 */
import { Fault } from '../base/index.ts'
import type { Cryptography } from './cryptography.ts'
import { concatBytes } from './encoding.ts'

/** Where a leaf is said to be. */
export interface InclusionProof {
  readonly index: bigint
  readonly size: bigint
  /** From the leaf upwards, 32 bytes each. */
  readonly hashes: readonly Uint8Array[]
}

/** Hash of a leaf: SHA-256 of a zero byte and the bytes. */
export function hashLeaf(bytes: Uint8Array, cryptography: Cryptography): Promise<Uint8Array> {
  return cryptography.sha256(concatBytes(Uint8Array.of(0), bytes))
}

/** Hash of a node above two others: SHA-256 of a one byte and both. */
export function hashNode(left: Uint8Array, right: Uint8Array, cryptography: Cryptography): Promise<Uint8Array> {
  return cryptography.sha256(concatBytes(Uint8Array.of(1), left, right))
}

/**
 * The root that a proof leads to from the hash of a leaf.
 *
 * @throws Fault `inclusion` when the proof is too long, too short or of wrong hashes, or the index is outside the tree
 */
export async function rootOfProof(
  leaf: Uint8Array,
  { index, size, hashes }: InclusionProof,
  cryptography: Cryptography,
): Promise<Uint8Array> {
  if (leaf.length !== 32) throw new Fault('inclusion', `a leaf hash of ${leaf.length} bytes, not 32`)
  if (index < 0n || index >= size)
    throw new Fault('inclusion', `the index ${index} is outside a tree of ${size} leaves`)
  let [node, at, last] = [leaf, index, size - 1n]
  for (const hash of hashes) {
    if (last === 0n || hash.length !== 32)
      throw new Fault('inclusion', 'the inclusion proof does not fit the size of the tree')
    if (at % 2n === 1n || at === last) {
      node = await hashNode(hash, node, cryptography)
      while (at % 2n === 0n && at !== 0n) [at, last] = [at >> 1n, last >> 1n]
    } else {
      node = await hashNode(node, hash, cryptography)
    }
    ;[at, last] = [at >> 1n, last >> 1n]
  }
  if (last !== 0n) throw new Fault('inclusion', 'the inclusion proof is too short for the size of the tree')
  return node
}
