/**
 * Turns JSON into metadata facts: one for each scalar and each list of scalars, keyed by its JSON pointer.
 *
 * Guarantee: one pass, nothing kept; a long string is cut to 4,096 characters and a long list to 64 items, with the
 * SHA-256 of the JSON text of the whole. An empty object or array is a fact too.
 * Source: RFC 6901 for pointers.
 */
import { sha256 } from '../../base/index.ts'
import type { MetadataFact } from '../facts.ts'
import type { JsonCursor } from './cursor.ts'

const LONGEST_STRING = 4096
const MOST_ITEMS = 64

type Scalar = null | boolean | number | bigint | string

/** Takes what the walk finds. */
export interface FlattenSink {
  metadata(fact: MetadataFact): void
  /** Every string of the text, uncut, with the pointer and the last key above it. */
  string?(value: string, pointer: string, key: string): void
}

/** One step of a JSON pointer, escaped. @example pointerStep('a/b~c') // '/a~1b~0c' */
export function pointerStep(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function typeOf(value: Scalar): string {
  if (value === null) return 'null'
  if (typeof value === 'bigint') return 'integer'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

function jsonOf(value: Scalar): Exclude<Scalar, bigint> {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  return typeof value === 'string' ? value.slice(0, LONGEST_STRING).toWellFormed() : value
}

/** Walks the next value of a cursor; see the module. */
export class Flattener {
  readonly #cursor: JsonCursor
  readonly #sink: FlattenSink

  constructor(cursor: JsonCursor, sink: FlattenSink) {
    this.#cursor = cursor
    this.#sink = sink
  }

  /** Takes the next value. @param pointer where it stands @param key the last object key above it */
  take(pointer: string, key: string): void {
    const kind = this.#cursor.kind()
    if (kind === 'object') this.#object(pointer)
    else if (kind === 'array') this.#array(pointer, key)
    else this.#scalar(pointer, key)
  }

  #digest(from: number): string {
    return sha256(this.#cursor.bytesSince(from))
  }

  #object(pointer: string): void {
    let members = 0
    this.#cursor.object((key) => {
      members += 1
      this.take(pointer + pointerStep(key), key)
    })
    if (members === 0) this.#sink.metadata({ key: pointer, type: 'object', value: {}, count: 0 })
  }

  #scalar(pointer: string, key: string): void {
    const from = this.#cursor.at
    const value = this.#cursor.scalar()
    const long = typeof value === 'string' && value.length > LONGEST_STRING
    if (typeof value === 'string') this.#sink.string?.(value, pointer, key)
    const cut = long ? { count: value.length, digest: this.#digest(from) } : {}
    this.#sink.metadata({ key: pointer, type: typeOf(value), value: jsonOf(value), ...cut })
  }

  #array(pointer: string, key: string): void {
    const from = this.#cursor.at
    const kept: { readonly index: number; readonly value: Scalar }[] = []
    const types = new Set<string>()
    let count = 0
    let scalars = 0
    this.#cursor.array((index) => {
      count += 1
      const kind = this.#cursor.kind()
      if (kind === 'object' || kind === 'array') return this.take(pointer + pointerStep(index), key)
      const value = this.#cursor.scalar()
      if (typeof value === 'string') this.#sink.string?.(value, pointer + pointerStep(index), key)
      types.add(typeOf(value))
      if (scalars++ < MOST_ITEMS) kept.push({ index, value })
    })
    if (scalars === count) this.#list({ pointer, types, count, from, kept: kept.map(({ value }) => value) })
    else for (const { index, value } of kept) this.#item(pointer + pointerStep(index), value)
  }

  #item(key: string, value: Scalar): void {
    this.#sink.metadata({ key, type: typeOf(value), value: jsonOf(value) })
  }

  #list(list: {
    pointer: string
    types: ReadonlySet<string>
    count: number
    from: number
    kept: readonly Scalar[]
  }): void {
    const inner = list.types.size === 1 ? `<${[...list.types][0]}>` : list.types.size > 1 ? '<mixed>' : ''
    const isCut =
      list.count > MOST_ITEMS || list.kept.some((item) => typeof item === 'string' && item.length > LONGEST_STRING)
    const cut = isCut ? { count: list.count, digest: this.#digest(list.from) } : {}
    this.#sink.metadata({ key: list.pointer, type: `array${inner}`, value: list.kept.map(jsonOf), ...cut })
  }
}
