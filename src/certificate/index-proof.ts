/**
 * The verifiable index: which leaves of a log are about a model, a number, a station, and that there are no others.
 *
 * A map from keys to the ascending indices of their leaves, as a binary tree over the bits of SHA-256(key). A part of the
 * tree without keys is the hash of nothing, a part with one key is its leaf, any other is a node over its halves; so for
 * each set of keys there is one tree, and the path of a key ends either at that key or at what shows that it is missing.
 * The indices of a key are bound one after another, so a list cannot be shortened, extended or reordered.
 *
 * With || for concatenation and 64-bit numbers written highest byte first:
 * chain(0) = 32 zero bytes, chain(i) = SHA-256(2 || chain(i-1) || index(i));
 * leaf = SHA-256(0 || SHA-256(key) || count || chain(count)); node = SHA-256(1 || left || right); none = SHA-256().
 *
 * Source: ours; the tree is that of a sparse Merkle tree whose branches with one key are cut short.
 */
import { Fault, type StrictJson } from '../base/index.ts'
import type { Cryptography } from './cryptography.ts'
import { concatBytes, encodeBase64, equalBytes, toUtf8 } from './encoding.ts'
import { Members } from './members.ts'
import { encodeUint64 } from './notes/cosigned.ts'

/** What the tree holds of one key. */
export interface IndexLeaf {
  /** SHA-256 of the key. */
  readonly keyHash: Uint8Array
  /** How many leaves of the log are about it. */
  readonly count: number
  /** Binds their indices. */
  readonly chain: Uint8Array
}

/** The path of a key. */
export interface IndexProof {
  /** Hashes beside the path, from the root down, 32 bytes each, at most 256. */
  readonly siblings: readonly Uint8Array[]
  /** Leaf at its end, of this key or another; undefined when nothing is there. */
  readonly leaf: IndexLeaf | undefined
}

/** What a proof is to show. */
export interface IndexClaim {
  readonly key: string
  /** All leaves about the key, ascending; none says that there is none. */
  readonly indices: readonly number[]
  /** Root of the index. */
  readonly root: Uint8Array
}

/** Chain of no index. */
const EMPTY_CHAIN: Uint8Array = new Uint8Array(32)

const KEY = /^(?:model|family|number|station|appeal):[^\0-\x1f]{1,500}$/

/** @throws Fault `index-key` when the index has no such keys */
export function ensureIndexKey(key: string): void {
  if (!KEY.test(key)) throw new Fault('index-key', `"${key.slice(0, 60)}" is no key of the index`)
}

/** What the chain goes on with is the SHA-256 of. */
export function chainInput(chain: Uint8Array, index: number): Uint8Array {
  return concatBytes(Uint8Array.of(2), chain, encodeUint64(BigInt(index)))
}

/** What the hash of a leaf is the SHA-256 of. */
export function indexLeafInput({ keyHash, count, chain }: IndexLeaf): Uint8Array {
  return concatBytes(Uint8Array.of(0), keyHash, encodeUint64(BigInt(count)), chain)
}

/** What the hash of a node is the SHA-256 of. */
export function indexNodeInput(left: Uint8Array, right: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(1), left, right)
}

/** Bit `depth` of a hash, the highest first. @example bitOf(Uint8Array.of(0x40), 1) // 1 */
export function bitOf(hash: Uint8Array, depth: number): 0 | 1 {
  return ((hash[depth >> 3] ?? 0) >> (7 - (depth & 7))) & 1 ? 1 : 0
}

function refuse(message: string): never {
  throw new Fault('index-proof', message)
}

async function chainOf(indices: readonly number[], cryptography: Cryptography): Promise<Uint8Array> {
  let [chain, last] = [EMPTY_CHAIN, -1]
  for (const index of indices) {
    if (!Number.isSafeInteger(index) || index <= last) refuse(`leaf ${index} cannot stand behind ${last}`)
    chain = await cryptography.sha256(chainInput(chain, index))
    last = index
  }
  return chain
}

function checkForm({ siblings, leaf }: IndexProof): void {
  const hashes = leaf === undefined ? siblings : [...siblings, leaf.keyHash, leaf.chain]
  if (siblings.length > 256 || hashes.some(({ length }) => length !== 32)) refuse('the proof is not of 32-byte hashes')
  if (leaf !== undefined && (!Number.isSafeInteger(leaf.count) || leaf.count < 1)) refuse('a leaf without entries')
}

/** Ends the path of the key where the claim says? */
async function checkEnd(
  keyHash: Uint8Array,
  { claim, leaf }: { readonly claim: IndexClaim; readonly leaf: IndexLeaf | undefined },
  cryptography: Cryptography,
): Promise<void> {
  const isOwn = leaf !== undefined && equalBytes(leaf.keyHash, keyHash)
  if (isOwn !== claim.indices.length > 0)
    refuse(isOwn ? `the index has leaves about ${claim.key}` : `the index has no leaf about ${claim.key}`)
  if (!isOwn) return
  if (leaf.count !== claim.indices.length)
    refuse(`the index has ${leaf.count} leaves about ${claim.key}, not ${claim.indices.length}`)
  if (!equalBytes(leaf.chain, await chainOf(claim.indices, cryptography)))
    refuse(`the index has other leaves about ${claim.key}`)
}

/** @throws Fault `index-proof` unless the index of this root has exactly these leaves about the key; `index-key` */
export async function verifyIndexProof(
  claim: IndexClaim,
  proof: IndexProof,
  cryptography: Cryptography,
): Promise<void> {
  ensureIndexKey(claim.key)
  checkForm(proof)
  const keyHash = await cryptography.sha256(toUtf8(claim.key))
  const { siblings, leaf } = proof
  await checkEnd(keyHash, { claim, leaf }, cryptography)
  if (leaf !== undefined && siblings.some((_, depth) => bitOf(leaf.keyHash, depth) !== bitOf(keyHash, depth)))
    refuse('the leaf at the end of the path is not on it')
  let hash = await cryptography.sha256(leaf === undefined ? new Uint8Array() : indexLeafInput(leaf))
  for (const [depth, sibling] of [...siblings.entries()].toReversed()) {
    const pair = bitOf(keyHash, depth) === 0 ? indexNodeInput(hash, sibling) : indexNodeInput(sibling, hash)
    hash = await cryptography.sha256(pair)
  }
  if (!equalBytes(hash, claim.root)) refuse('the proof does not lead to the root of the index')
}

/** A proof as JSON, hashes in base64. */
export function writeIndexProof({ siblings, leaf }: IndexProof): {
  readonly siblings: readonly string[]
  readonly leaf?: { readonly keyHash: string; readonly count: number; readonly chain: string }
} {
  const path = siblings.map(encodeBase64)
  if (leaf === undefined) return { siblings: path }
  const { keyHash, count, chain } = leaf
  return { siblings: path, leaf: { keyHash: encodeBase64(keyHash), count, chain: encodeBase64(chain) } }
}

/** Reads what {@link writeIndexProof} wrote. @throws Fault like {@link Members}, `index-proof` */
export function readIndexProof(value: StrictJson): IndexProof {
  const members = new Members(value, 'index proof', { required: ['siblings'], optional: ['leaf'] })
  const siblings = members.allBytes('siblings')
  const fields = members.has('leaf') ? members.members('leaf', { required: ['keyHash', 'count', 'chain'] }) : undefined
  const leaf = fields && {
    keyHash: fields.bytes('keyHash'),
    count: fields.count('count'),
    chain: fields.bytes('chain'),
  }
  const proof = { siblings, leaf }
  checkForm(proof)
  return proof
}
