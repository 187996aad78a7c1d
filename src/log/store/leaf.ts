/**
 * Leaves as they come in: what a log may be given, and what it answers.
 *
 * A leaf is bytes; the log knows nothing of what they mean. It may stand in a chain, a list of leaves of which each names
 * the hash of the one before; then the log takes it only as the next of that chain, so that nobody can grow a chain in
 * two directions or leave something out of its middle.
 *
 * Source: C2SP tlog-tiles 0.1.0 (at most 65,535 bytes in a leaf).
 */
import { Fault, isSha256 } from '../../base/index.ts'
import { hashLeaf } from '../merkle/hash.ts'
import { MAX_LEAF } from '../tiles/bundles.ts'

/** A place in a chain. */
export interface ChainPlace {
  /** Names the chain; at most 512 characters. */
  readonly key: string
  /** 0 for the first leaf of the chain, then one more each time. */
  readonly seq: number
  /** Hex leaf hash of the link before; null for the first. */
  readonly prev: string | null
}

/** One leaf to be appended. */
export interface LeafToAppend {
  /** 1 to 65,535 bytes. */
  readonly leaf: Uint8Array
  readonly chain?: ChainPlace
  /** Take an equal leaf that is in the log already for this one, and answer with its index. */
  readonly once?: boolean
}

/** Where a leaf stands, from now on and for good. */
export interface Sequenced {
  readonly index: number
  /** Hex. */
  readonly leafHash: string
}

/** Why leaves were not taken: one of them is not the next of its chain. */
export interface ChainConflict {
  readonly code: 'chain-conflict'
  readonly key: string
  /** The last link that stands; null when the chain has none. */
  readonly head: { readonly seq: number; readonly leafHash: string; readonly index: number } | null
}

/** A leaf that was looked at and hashed. */
export interface PreparedLeaf extends LeafToAppend {
  readonly hash: Uint8Array
  /** Hex. */
  readonly leafHash: string
}

const LONGEST_KEY = 512

function ensureChain({ key, seq, prev }: ChainPlace): void {
  if (key === '' || key.length > LONGEST_KEY || key.includes('\0') || !key.isWellFormed())
    throw new Fault('bad-chain', `the name of a chain has 1 to ${LONGEST_KEY} characters, none of them NUL`)
  if (!Number.isSafeInteger(seq) || seq < 0) throw new Fault('bad-chain', `${seq} is no place in a chain`)
  if (prev !== null && !isSha256(prev)) throw new Fault('bad-chain', 'the hash of the link before is not 64 hex digits')
}

/** Hashes a leaf. @throws Fault `leaf-size` when it is empty or too long, `bad-chain` */
export function prepareLeaf(given: LeafToAppend): PreparedLeaf {
  const { length } = given.leaf
  if (length === 0 || length > MAX_LEAF)
    throw new Fault('leaf-size', `a leaf of ${length} bytes; a log takes 1 to ${MAX_LEAF}`)
  if (given.chain !== undefined) ensureChain(given.chain)
  const hash = hashLeaf(given.leaf)
  return { ...given, hash, leafHash: Buffer.from(hash).toString('hex') }
}
