/**
 * The verifiable index as whoever computes it holds it: keys in, root and proofs out.
 *
 * Of each key only count and chain are kept, not the list of its leaves, which the register has; so a monitor needs
 * memory for the keys, about 300 bytes for each, and not for the log. Hashes are computed when somebody asks for the root,
 * for changed paths only.
 *
 * What the tree is: `certificate/index-proof.ts`.
 */
import { hash } from 'node:crypto'
import { Fault } from '../../base/index.ts'
import {
  bitOf,
  chainInput,
  ensureIndexKey,
  equalBytes,
  indexLeafInput,
  indexNodeInput,
  toHex,
} from '../../certificate/index.ts'
import type { IndexLeaf, IndexProof } from '../../certificate/index.ts'
import { EMPTY_ROOT } from '../merkle/hash.ts'
import { Records } from './records.ts'

/** One key, as it is kept. */
export interface IndexEntry {
  /** Hex SHA-256 of the key. */
  readonly key: string
  readonly count: number
  /** Hex. */
  readonly chain: string
  /** The last leaf about it. */
  readonly last: number
}

/** A place in the tree: 0 nothing, n branch n - 1, -n leaf n - 1. */
type Place = number

/** Where things lie in the record of a leaf. */
const LEAF = { hash: 0, key: 32, chain: 64, count: 96, last: 104, known: 112, length: 120 } as const
/** Where things lie in the record of a branch; `known` says that its hash has been computed. */
const BRANCH = { hash: 0, halves: [32, 40], known: 48, length: 56 } as const

const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer')

/** See the module. */
export class IndexMap {
  readonly #leaves = new Records(LEAF.length)
  readonly #branches = new Records(BRANCH.length)
  #root: Place = 0
  #keys = 0

  /** A map of what was kept. @throws Fault `index-order` when a key stands there twice or is none */
  constructor(entries: readonly IndexEntry[] = []) {
    for (const { key, count, chain, last } of entries) {
      const [keyHash, chained] = [Buffer.from(key, 'hex'), Buffer.from(chain, 'hex')]
      const leaf = keyHash.length === 32 && chained.length === 32 ? this.#leafOf(keyHash) : -1
      if (leaf < 0 || this.#leaves.number(leaf, LEAF.count) > 0)
        throw new Fault('index-order', `the key ${key.slice(0, 80)} cannot be kept`)
      this.#put(leaf, { count, chain: chained, last })
    }
  }

  /** How many keys there are. */
  get keys(): number {
    return this.#keys
  }

  #put(leaf: number, { count, chain, last }: { count: number; chain: Uint8Array; last: number }): void {
    this.#leaves.setNumber(leaf, LEAF.count, count)
    this.#leaves.setHash(leaf, LEAF.chain, chain)
    this.#leaves.setNumber(leaf, LEAF.last, last)
    this.#leaves.setNumber(leaf, LEAF.known, 0)
  }

  #half(branch: number, bit: 0 | 1): Place {
    return this.#branches.number(branch, BRANCH.halves[bit])
  }

  #setHalf(branch: number, bit: 0 | 1, place: Place): void {
    this.#branches.setNumber(branch, BRANCH.halves[bit], place)
  }

  #addLeaf(keyHash: Uint8Array): number {
    const leaf = this.#leaves.add()
    this.#leaves.setHash(leaf, LEAF.key, keyHash)
    this.#leaves.setNumber(leaf, LEAF.last, -1)
    this.#keys += 1
    return leaf
  }

  /** Branches from `depth` on, under the last of which two leaves part. */
  #part(old: number, added: number, depth: number): Place {
    const branch = this.#branches.add()
    const a = bitOf(this.#leaves.hash(old, LEAF.key), depth)
    const b = bitOf(this.#leaves.hash(added, LEAF.key), depth)
    this.#setHalf(branch, b, a === b ? this.#part(old, added, depth + 1) : -added - 1)
    if (a !== b) this.#setHalf(branch, a, -old - 1)
    return branch + 1
  }

  /** The leaf of a key, made when it is not there. Every hash above it is forgotten. */
  #leafOf(keyHash: Uint8Array): number {
    let [place, above, depth] = [this.#root, -1, 0]
    for (; place > 0; depth++) {
      above = place - 1
      this.#branches.setNumber(above, BRANCH.known, 0)
      place = this.#half(above, bitOf(keyHash, depth))
    }
    const old = -place - 1
    if (place < 0 && equalBytes(this.#leaves.hash(old, LEAF.key), keyHash)) return old
    const added = this.#addLeaf(keyHash)
    const put = place === 0 ? -added - 1 : this.#part(old, added, depth)
    if (above < 0) this.#root = put
    else this.#setHalf(above, bitOf(keyHash, depth - 1), put)
    return added
  }

  #read(leaf: number): IndexLeaf {
    return {
      keyHash: new Uint8Array(this.#leaves.hash(leaf, LEAF.key)),
      count: this.#leaves.number(leaf, LEAF.count),
      chain: new Uint8Array(this.#leaves.hash(leaf, LEAF.chain)),
    }
  }

  /** Enters that a leaf of the log is about a key. @throws Fault `index-key`, `index-order` when it is not a later leaf */
  add(key: string, index: number): void {
    ensureIndexKey(key)
    if (!Number.isSafeInteger(index) || index < 0) throw new Fault('index-order', `${index} is no leaf of a log`)
    const leaf = this.#leafOf(sha256(Buffer.from(key)))
    const last = this.#leaves.number(leaf, LEAF.last)
    if (index <= last) throw new Fault('index-order', `leaf ${index} cannot stand behind ${last} in the index`)
    const chain = sha256(chainInput(this.#leaves.hash(leaf, LEAF.chain), index))
    this.#put(leaf, { count: this.#leaves.number(leaf, LEAF.count) + 1, chain, last: index })
  }

  #hashOf(place: Place): Uint8Array {
    if (place === 0) return EMPTY_ROOT
    const [records, fields, at] = place > 0 ? [this.#branches, BRANCH, place - 1] : [this.#leaves, LEAF, -place - 1]
    if (records.number(at, fields.known) === 0) {
      const halves = place > 0 ? ([0, 1] as const).map((bit) => this.#hashOf(this.#half(at, bit))) : []
      const [left, right] = halves
      const input = left && right ? indexNodeInput(left, right) : indexLeafInput(this.#read(at))
      records.setHash(at, fields.hash, sha256(input))
      records.setNumber(at, fields.known, 1)
    }
    return records.hash(at, fields.hash)
  }

  /** The root. */
  root(): Uint8Array {
    return new Uint8Array(this.#hashOf(this.#root))
  }

  /** Proof of all leaves about a key, or that there is none. */
  prove(key: string): IndexProof {
    const keyHash = sha256(Buffer.from(key))
    const siblings: Uint8Array[] = []
    let place = this.#root
    while (place > 0) {
      const bit = bitOf(keyHash, siblings.length)
      siblings.push(new Uint8Array(this.#hashOf(this.#half(place - 1, bit === 0 ? 1 : 0))))
      place = this.#half(place - 1, bit)
    }
    return { siblings, leaf: place === 0 ? undefined : this.#read(-place - 1) }
  }

  /** All keys, in the order of their hashes, to make the map again. */
  entries(): readonly IndexEntry[] {
    const found: IndexEntry[] = []
    const open = [this.#root]
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (place > 0) open.push(this.#half(place - 1, 1), this.#half(place - 1, 0))
      if (place >= 0) continue
      const { keyHash, count, chain } = this.#read(-place - 1)
      const last = this.#leaves.number(-place - 1, LEAF.last)
      found.push({ key: toHex(keyHash), count, chain: toHex(chain), last })
    }
    return found
  }
}
