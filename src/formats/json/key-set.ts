/**
 * The keys of one JSON object, as byte ranges of the text: tells whether a key was there before.
 *
 * A safetensors header may have millions of keys, and a set of strings would hold them all in memory twice. Here a
 * key is twelve bytes: where it stands, how long it is, and a hash (FNV-1a). Keys that are written with escapes are
 * compared by what they mean. Few keys are compared one by one; many through a table with open addressing.
 *
 * Guarantee: exact; a hash only saves comparisons. No more than two million keys. Adversarial collisions cost time, which the wall clock bounds.
 */
import { Fault } from '../../base/index.ts'
import { NumberList } from '../number-list.ts'

const BACKSLASH = 0x5c
const FEW = 16
/** An object with more keys than this is nobody's. */
const MOST = 2_000_000

function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
  return (hash ^ (hash >>> 15)) >>> 0
}

interface Key {
  readonly from: number
  readonly to: number
  readonly hash: number
}

/** Many keys: three numbers each, found through a table of their numbers plus one. */
class KeyTable {
  readonly #numbers = new NumberList((length) => new Uint32Array(length))
  #slots = new Uint32Array(64)

  get size(): number {
    return this.#numbers.length / 3
  }

  /** Adds a key that is not there yet. */
  add({ from, to, hash }: Key): void {
    this.#numbers.push(from)
    this.#numbers.push(to)
    this.#numbers.push(hash)
    this.#place(this.size - 1, hash)
    if (this.size * 4 > this.#slots.length * 3) this.#widen()
  }

  #place(index: number, hash: number): void {
    const mask = this.#slots.length - 1
    let slot = hash & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = index + 1
  }

  #widen(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2)
    for (let index = 0; index < this.size; index++) this.#place(index, this.#numbers.get(3 * index + 2))
  }

  /** True when `isSame` holds for a key of that hash. */
  has(hash: number, isSame: (from: number, to: number) => boolean): boolean {
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const at = 3 * ((this.#slots[slot] as number) - 1)
      if (at < 0) return false
      if (this.#numbers.get(at + 2) === hash && isSame(this.#numbers.get(at), this.#numbers.get(at + 1))) return true
    }
  }
}

/** See the module. */
export class KeySet {
  readonly #text: Buffer
  #few: Key[] = []
  #many: KeyTable | undefined

  /** @param text the whole text that the ranges point into */
  constructor(text: Buffer) {
    this.#text = text
  }

  #bytesOf(from: number, to: number): Uint8Array {
    const raw = this.#text.subarray(from, to)
    if (!raw.includes(BACKSLASH)) return raw
    return Buffer.from(JSON.parse(`"${raw.toString('utf8')}"`) as string)
  }

  #has({ from, to, hash }: Key): boolean {
    const isSame = (first: number, last: number): boolean =>
      Buffer.compare(this.#bytesOf(first, last), this.#bytesOf(from, to)) === 0
    if (this.#many !== undefined) return this.#many.has(hash, isSame)
    return this.#few.some((key) => key.hash === hash && isSame(key.from, key.to))
  }

  #hash(from: number, to: number, escaped: boolean): number {
    if (!escaped) return hashOf(this.#text, from, to)
    const bytes = this.#bytesOf(from, to)
    return hashOf(bytes, 0, bytes.length)
  }

  /**
   * Adds the key whose inside (between the quotes) is [from, to); false when it was there.
   *
   * @param escaped whether there is a backslash in it
   * @throws Fault `budget-items` beyond two million keys
   */
  add(from: number, to: number, escaped: boolean): boolean {
    const key = { from, to, hash: this.#hash(from, to, escaped) }
    if (this.#has(key)) return false
    if (this.#many === undefined) this.#addToFew(key)
    else if (this.#many.size >= MOST) throw new Fault('budget-items', `an object with more than ${MOST} keys`)
    else this.#many.add(key)
    return true
  }

  #addToFew(key: Key): void {
    this.#few.push(key)
    if (this.#few.length < FEW) return
    this.#many = new KeyTable()
    for (const known of this.#few) this.#many.add(known)
    this.#few = []
  }
}
