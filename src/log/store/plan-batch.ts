/**
 * What becomes of leaves that came in at the same time: indices, repetitions, conflicts.
 *
 * Each call is taken whole or not at all. A leaf that is to stand once and stands already, in the log or earlier in the
 * batch, takes the first index. A leaf of a chain must be its next link; when exactly this leaf is the link of that
 * number already, the call is a repetition (an answer was lost on its way) and gets the same answer.
 *
 * Pure: what the database knows comes in, what is to be written goes out.
 */
import { fail, ok, type Result } from '../../base/index.ts'
import type { ChainConflict, ChainPlace, PreparedLeaf, Sequenced } from './leaf.ts'

/** A link of a chain. */
export interface Link {
  readonly seq: number
  /** Hex. */
  readonly leafHash: string
  readonly index: number
}

/** What the log holds already, as far as the batch asks. */
export interface Standing {
  readonly next: number
  /** First index by leaf hash, of leaves that are to stand once. */
  readonly known: ReadonlyMap<string, number>
  /** The last link by chain. */
  readonly heads: ReadonlyMap<string, Link>
  /** Links by {@link linkName}, of the places that the batch asks for. */
  readonly links: ReadonlyMap<string, Link>
}

/** A link to be written. */
export interface NewLink extends Link {
  readonly key: string
  readonly prev: string | null
}

/** The answer to one call. */
export type CallOutcome = Result<readonly Sequenced[], ChainConflict>

/** What {@link planBatch} decides. */
export interface BatchPlan {
  /** One for each call, in order. */
  readonly outcomes: readonly CallOutcome[]
  /** Leaves that get the indices from `next` on. */
  readonly fresh: readonly PreparedLeaf[]
  readonly links: readonly NewLink[]
}

function toBareLink({ seq, leafHash, index }: Link): Link {
  return { seq, leafHash, index }
}

/** Name of a place in a chain. */
export function linkName({ key, seq }: Pick<ChainPlace, 'key' | 'seq'>): string {
  return `${seq} ${key}`
}

/** What a batch has come to so far; of a call it is merged in when the whole call is taken. */
interface Draft {
  readonly known: Map<string, number>
  readonly heads: Map<string, Link>
  readonly links: Map<string, Link>
  readonly fresh: PreparedLeaf[]
  readonly newLinks: NewLink[]
}

function makeDraft(): Draft {
  return { known: new Map(), heads: new Map(), links: new Map(), fresh: [], newLinks: [] }
}

/** One call on top of what stands and what earlier calls of the batch came to. */
class CallPlan {
  readonly #standing: Standing
  readonly #batch: Draft
  readonly #call = makeDraft()

  constructor(standing: Standing, batch: Draft) {
    this.#standing = standing
    this.#batch = batch
  }

  #head(key: string): Link | undefined {
    return this.#call.heads.get(key) ?? this.#batch.heads.get(key) ?? this.#standing.heads.get(key)
  }

  #link(name: string): Link | undefined {
    return this.#call.links.get(name) ?? this.#batch.links.get(name) ?? this.#standing.links.get(name)
  }

  #known(leafHash: string): number | undefined {
    return this.#standing.known.get(leafHash) ?? this.#batch.known.get(leafHash) ?? this.#call.known.get(leafHash)
  }

  #append(leaf: PreparedLeaf): number {
    const index = this.#standing.next + this.#batch.fresh.length + this.#call.fresh.length
    this.#call.fresh.push(leaf)
    if (!this.#call.known.has(leaf.leafHash)) this.#call.known.set(leaf.leafHash, index)
    return index
  }

  /** Index of a leaf of a chain, or the conflict. */
  #chain(leaf: PreparedLeaf, place: ChainPlace): number | ChainConflict {
    const { key, seq, prev } = place
    const same = this.#link(linkName(place))
    if (same?.leafHash === leaf.leafHash) return same.index
    const head = this.#head(key)
    if (seq !== (head === undefined ? 0 : head.seq + 1) || prev !== (head?.leafHash ?? null))
      return { code: 'chain-conflict', key, head: head === undefined ? null : toBareLink(head) }
    const link = { key, seq, prev, leafHash: leaf.leafHash, index: this.#append(leaf) }
    this.#call.heads.set(key, link)
    this.#call.links.set(linkName(place), link)
    this.#call.newLinks.push(link)
    return link.index
  }

  #place(leaf: PreparedLeaf): number | ChainConflict {
    if (leaf.chain !== undefined) return this.#chain(leaf, leaf.chain)
    return (leaf.once === true ? this.#known(leaf.leafHash) : undefined) ?? this.#append(leaf)
  }

  /** Plans the call and, when it is taken, puts what it came to into the draft of the batch. */
  run(leaves: readonly PreparedLeaf[]): CallOutcome {
    const sequenced: Sequenced[] = []
    for (const leaf of leaves) {
      const placed = this.#place(leaf)
      if (typeof placed !== 'number') return fail(placed)
      sequenced.push({ index: placed, leafHash: leaf.leafHash })
    }
    this.#merge()
    return ok(sequenced)
  }

  #merge(): void {
    const { known, heads, links, fresh, newLinks } = this.#call
    for (const [leafHash, index] of known) if (!this.#batch.known.has(leafHash)) this.#batch.known.set(leafHash, index)
    for (const [key, link] of heads) this.#batch.heads.set(key, link)
    for (const [name, link] of links) this.#batch.links.set(name, link)
    for (const leaf of fresh) this.#batch.fresh.push(leaf)
    this.#batch.newLinks.push(...newLinks)
  }
}

/** Plans a batch of calls, in their order. */
export function planBatch(standing: Standing, calls: readonly (readonly PreparedLeaf[])[]): BatchPlan {
  const batch = makeDraft()
  const outcomes = calls.map((leaves) => new CallPlan(standing, batch).run(leaves))
  return { outcomes, fresh: batch.fresh, links: batch.newLinks }
}
