/**
 * The verifiable index as whoever computes it holds it: keys in, root and proofs out.
 *
 * Of each key only count and chain are kept, not the list of its leaves, which the register has; so a monitor needs
 * memory for the keys and not for the log. Hashes are computed when somebody asks for the root, for changed paths only.
 *
 * What the tree is: `certificate/index-proof.ts`.
 */
import { hash } from 'node:crypto'
import { Fault } from '../../base/index.ts'
import {
  bitOf,
  chainInput,
  EMPTY_CHAIN,
  ensureIndexKey,
  equalBytes,
  indexLeafInput,
  indexNodeInput,
  toHex,
} from '../../certificate/index.ts'
import type { IndexProof } from '../../certificate/index.ts'
import { EMPTY_ROOT } from '../merkle/hash.ts'

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

interface Leaf {
  readonly kind: 'leaf'
  readonly keyHash: Uint8Array
  count: number
  chain: Uint8Array
  last: number
  hash: Uint8Array | undefined
}

interface Branch {
  readonly kind: 'branch'
  readonly halves: [Node | undefined, Node | undefined]
  hash: Uint8Array | undefined
}

type Node = Leaf | Branch

const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer')

function hashOf(node: Node | undefined): Uint8Array {
  if (node === undefined) return EMPTY_ROOT
  const [left, right] = node.kind === 'branch' ? node.halves : []
  node.hash ??= sha256(node.kind === 'leaf' ? indexLeafInput(node) : indexNodeInput(hashOf(left), hashOf(right)))
  return node.hash
}

/** The branch under which two leaves that agree down to `depth` part. */
function part(old: Leaf, added: Leaf, depth: number): Branch {
  const [a, b] = [bitOf(old.keyHash, depth), bitOf(added.keyHash, depth)]
  const halves: Branch['halves'] = [undefined, undefined]
  if (a === b) halves[a] = part(old, added, depth + 1)
  else [halves[a], halves[b]] = [old, added]
  return { kind: 'branch', halves, hash: undefined }
}

function appendTo(leaf: Leaf, index: number): void {
  if (!Number.isSafeInteger(index) || index <= leaf.last)
    throw new Fault('index-order', `leaf ${index} cannot stand behind ${leaf.last} in the index`)
  leaf.count += 1
  leaf.chain = sha256(chainInput(leaf.chain, index))
  leaf.last = index
  leaf.hash = undefined
}

/** See the module. */
export class IndexMap {
  #root: Node | undefined
  #keys = 0

  /** A map of what was kept. @throws Fault `index-order` when a key stands there twice */
  constructor(entries: readonly IndexEntry[] = []) {
    for (const { key, count, chain, last } of entries) {
      const leaf = this.#leafOf(Buffer.from(key, 'hex'))
      if (leaf.count > 0 || leaf.keyHash.length !== 32) throw new Fault('index-order', `the key ${key} cannot be kept`)
      ;[leaf.count, leaf.chain, leaf.last] = [count, Buffer.from(chain, 'hex'), last]
    }
  }

  /** How many keys there are. */
  get keys(): number {
    return this.#keys
  }

  /** The leaf of a key, made when it is not there. Every hash above it is forgotten. */
  #leafOf(keyHash: Uint8Array): Leaf {
    const added: Leaf = { kind: 'leaf', keyHash, count: 0, chain: EMPTY_CHAIN, last: -1, hash: undefined }
    const path: Branch[] = []
    let node = this.#root
    for (; node?.kind === 'branch'; node = node.halves[bitOf(keyHash, path.length - 1)]) {
      node.hash = undefined
      path.push(node)
    }
    if (node !== undefined && equalBytes(node.keyHash, keyHash)) return node
    const put = node === undefined ? added : part(node, added, path.length)
    const above = path.at(-1)
    if (above === undefined) this.#root = put
    else above.halves[bitOf(keyHash, path.length - 1)] = put
    this.#keys += 1
    return added
  }

  /** Enters that a leaf of the log is about a key. @throws Fault `index-key`, `index-order` when it is not a later leaf */
  add(key: string, index: number): void {
    ensureIndexKey(key)
    appendTo(this.#leafOf(sha256(Buffer.from(key))), index)
  }

  /** The root. */
  root(): Uint8Array {
    return hashOf(this.#root)
  }

  /** Proof of all leaves about a key, or that there is none. */
  prove(key: string): IndexProof {
    const keyHash = sha256(Buffer.from(key))
    const siblings: Uint8Array[] = []
    let node = this.#root
    while (node?.kind === 'branch') {
      const bit = bitOf(keyHash, siblings.length)
      siblings.push(hashOf(node.halves[bit === 0 ? 1 : 0]))
      node = node.halves[bit]
    }
    const leaf = node && { keyHash: node.keyHash, count: node.count, chain: node.chain }
    return { siblings, leaf }
  }

  /** All keys, in the order of their hashes, to make the map again. */
  entries(): readonly IndexEntry[] {
    const found: IndexEntry[] = []
    const open = [this.#root]
    while (open.length > 0) {
      const node = open.pop()
      if (node?.kind === 'branch') open.push(node.halves[1], node.halves[0])
      if (node?.kind !== 'leaf') continue
      const { keyHash, count, chain, last } = node
      found.push({ key: toHex(keyHash), count, chain: toHex(chain), last })
    }
    return found
  }
}
