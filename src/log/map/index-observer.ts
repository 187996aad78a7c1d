/**
 * Computes the index of a log again and holds each root that the log published against it.
 *
 * A root is about the leaves up to some size that the log chose before it entered the root. So leaves wait here until a
 * root says how far it reaches; if none comes for a long time they are entered, and a root from before is reported.
 */
import { canonicalJson, parseStrictJson } from '../../base/index.ts'
import { equalBytes, Members, toHex } from '../../certificate/index.ts'
import type { Finding, LeafObserver, ObservedLeaf } from '../monitor/observer.ts'
import { IndexMap } from './index-map.ts'

/** A root of the index as a leaf of the log tells it. */
export interface PublishedIndexRoot {
  /** The root is about leaves [0, size). */
  readonly size: number
  readonly root: Uint8Array
}

/** How leaves are understood; the log itself does not. */
export interface IndexReading {
  /** Keys that the leaf is about. */
  readonly keysOf: (leaf: ObservedLeaf) => readonly string[]
  /** The root that the leaf publishes, if it does. */
  readonly rootOf: (leaf: ObservedLeaf) => PublishedIndexRoot | undefined
  /** Most leaves that wait; 1,000,000 when it is not said. */
  readonly waiting?: number
}

interface Waiting {
  readonly index: number
  readonly keys: readonly string[]
}

const NAME = 'index'

/** See the module. */
export class IndexObserver implements LeafObserver {
  readonly name = NAME
  readonly #reading: IndexReading
  readonly #map: IndexMap
  #waiting: Waiting[]
  /** Leaves below are in the map. */
  #entered: number

  /** A new one, or one that goes on from what it saved. @throws Fault those of JSON, `index-order` */
  constructor(reading: IndexReading, saved?: string) {
    this.#reading = reading
    const state = saved === undefined ? undefined : readState(saved)
    this.#map = state?.map ?? new IndexMap()
    this.#waiting = state?.waiting ?? []
    this.#entered = state?.entered ?? 0
  }

  /** The map up to the last root. */
  get map(): IndexMap {
    return this.#map
  }

  observe(leaf: ObservedLeaf): readonly Finding[] {
    const published = this.#reading.rootOf(leaf)
    const findings = published === undefined ? [] : this.#compare(published, leaf.index)
    this.#waiting.push({ index: leaf.index, keys: [...new Set(this.#reading.keysOf(leaf))] })
    if (this.#waiting.length > (this.#reading.waiting ?? 1_000_000)) this.#enter(leaf.index + 1)
    return findings
  }

  #enter(size: number): void {
    const later = this.#waiting.findIndex(({ index }) => index >= size)
    const entering = later < 0 ? this.#waiting : this.#waiting.slice(0, later)
    for (const { index, keys } of entering) for (const key of keys) this.#map.add(key, index)
    this.#waiting = later < 0 ? [] : this.#waiting.slice(later)
    this.#entered = Math.max(this.#entered, size)
  }

  #compare({ size, root }: PublishedIndexRoot, index: number): readonly Finding[] {
    if (size > index) return [{ index, message: `a root of the index for ${size} leaves stands at leaf ${index}` }]
    if (size < this.#entered)
      return [{ index, message: `a root of the index for ${size} leaves, of which ${this.#entered} are entered` }]
    this.#enter(size)
    if (equalBytes(this.#map.root(), root)) return []
    const message = `the index of ${size} leaves has root ${toHex(this.#map.root())}, the log says ${toHex(root)}`
    return [{ index, message }]
  }

  save(): string {
    const entries = this.#map.entries().map((entry) => ({ ...entry }))
    const waiting = this.#waiting.map(({ index, keys }) => ({ index, keys }))
    return canonicalJson({ entered: this.#entered, entries, waiting })
  }
}

function readState(saved: string): { readonly map: IndexMap; readonly waiting: Waiting[]; readonly entered: number } {
  const state = new Members(parseStrictJson(Buffer.from(saved), { maxBytes: 2 ** 30 }), NAME, {
    required: ['entered', 'entries', 'waiting'],
  })
  const entries = state.each('entries', { required: ['key', 'count', 'chain', 'last'] }).map((entry) => ({
    key: entry.text('key'),
    count: entry.count('count'),
    chain: entry.text('chain'),
    last: entry.count('last'),
  }))
  const waiting = state.each('waiting', { required: ['index', 'keys'] }).map((leaf) => ({
    index: leaf.count('index'),
    keys: leaf.texts('keys'),
  }))
  return { map: new IndexMap(entries), waiting, entered: state.count('entered') }
}
