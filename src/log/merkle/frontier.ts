/**
 * A tree that only grows: its root in memory that does not.
 *
 * Kept are the roots of the complete subtrees from left to right, one for each bit of the size, so a tree of 2^40 leaves
 * is 40 hashes. A monitor carries one of these along and never needs an old leaf again.
 */
import { Fault } from '../../base/index.ts'
import { HASH_LENGTH, hashNode, hashParts } from './hash.ts'
import { ensureSize } from './subtrees.ts'

/** State of a {@link Frontier}. */
export interface FrontierState {
  readonly size: number
  /** Roots of the complete subtrees, the largest first. */
  readonly hashes: readonly Uint8Array[]
}

function countBits(size: number): number {
  let bits = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2
  return bits
}

/** See the module. */
export class Frontier {
  #size: number
  readonly #hashes: Uint8Array[]

  /** @throws Fault `size`, `frontier` when hashes and size do not fit */
  constructor({ size, hashes }: FrontierState = { size: 0, hashes: [] }) {
    ensureSize(size, 'size')
    if (hashes.length !== countBits(size) || hashes.some(({ length }) => length !== HASH_LENGTH))
      throw new Fault('frontier', `${hashes.length} hashes do not make a tree of ${size} leaves`)
    this.#size = size
    this.#hashes = [...hashes]
  }

  get size(): number {
    return this.#size
  }

  /** A copy, to be kept or to go on from. */
  get state(): FrontierState {
    return { size: this.#size, hashes: [...this.#hashes] }
  }

  /** Appends the hash of a leaf. @throws Fault `size` at 2^53 leaves */
  append(leafHash: Uint8Array): void {
    ensureSize(this.#size + 1, 'size')
    let hash = leafHash
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) {
      const left = this.#hashes.pop()
      if (left !== undefined) hash = hashNode(left, hash)
    }
    this.#hashes.push(hash)
    this.#size += 1
  }

  /** The root of the tree so far. */
  root(): Uint8Array {
    return hashParts(this.#hashes)
  }
}
