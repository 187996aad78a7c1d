/**
 * A JSON reader for documents that are signed or that decide something: one text, one meaning, or nothing.
 *
 * `JSON.parse` takes the last of two equal keys, other readers the first, and a signature over such a text covers two
 * meanings. This reader refuses whatever two readers could understand differently: duplicate keys, a byte-order mark,
 * bytes after the value, invalid UTF-8, lone surrogates, numbers that are not plain safe integers. `null` is refused
 * because protobuf readers take it for "absent" and others for a value.
 *
 * Guarantee: time and memory are linear in the input, the stack is bounded by `maxDepth`, and every refusal is a `Fault`
 * with the offset. Objects come back as `Map`, so no key can reach a prototype.
 * Source: RFC 8259; RFC 7493 (I-JSON); the tampered bundles in `shared/vectors/interop`.
 */
import { decodeUtf8 } from './byte-reader.ts'
import { Fault } from './fault.ts'

/** An object of {@link StrictJson}, in the order of the text. */
export type StrictObject = ReadonlyMap<string, StrictJson>
/** A value that the strict reader gives; numbers are safe integers. */
export type StrictJson = string | number | boolean | readonly StrictJson[] | StrictObject

/** True for an object of {@link StrictJson}. @example isStrictObject(new Map()) // true */
export function isStrictObject(value: StrictJson | undefined): value is StrictObject {
  return value instanceof Map
}

/** What a document may cost. */
export interface StrictJsonLimits {
  /** Bytes of the whole text. */
  readonly maxBytes: number
  /** Levels of objects and lists; 32 unless told. */
  readonly maxDepth?: number
  /** Take a member that is `null` for absent, as protobuf does; for documents of old tools alone. */
  readonly dropNulls?: boolean
  /** Take `2.0` for 2, as protobuf writes an integer in a `Struct`; for documents of old tools alone. */
  readonly wholeFloats?: boolean
}

const PLAIN_INTEGER = /^(?:0|-?[1-9][0-9]*)$/
const WHOLE_FLOAT = /^(?:0|-?[1-9][0-9]*)(?:\.0)?$/
const NUMBER = /-?[0-9][0-9.eE+-]*/y
const QUOTE = 0x22
const BACKSLASH = 0x5c

class Reader {
  readonly #text: string
  readonly #maxDepth: number
  readonly #dropNulls: boolean
  readonly #integer: RegExp
  #at = 0

  constructor(text: string, { maxDepth = 32, dropNulls = false, wholeFloats = false }: StrictJsonLimits) {
    this.#text = text
    this.#maxDepth = maxDepth
    this.#dropNulls = dropNulls
    this.#integer = wholeFloats ? WHOLE_FLOAT : PLAIN_INTEGER
  }

  #refuse(code: string, what: string): never {
    throw new Fault(code, `character ${this.#at}: ${what}`)
  }

  #skipSpace(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? '?')) this.#at++
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false
    this.#at += token.length
    return true
  }

  #expect(token: string): void {
    if (!this.#take(token)) this.#refuse('json', `"${token}" expected`)
  }

  whole(): StrictJson {
    if (this.#text.startsWith('\ufeff')) this.#refuse('json', 'a byte-order mark')
    const value = this.#value(1)
    this.#skipSpace()
    if (this.#at < this.#text.length) this.#refuse('json', 'something stands after the value')
    return value
  }

  #value(depth: number): StrictJson {
    this.#skipSpace()
    if (depth > this.#maxDepth) this.#refuse('json-limit', `nested deeper than ${this.#maxDepth} levels`)
    if (this.#text[this.#at] === '"') return this.#string()
    if (this.#take('{')) return this.#object(depth)
    if (this.#take('[')) return this.#list(depth)
    if (this.#take('true')) return true
    if (this.#take('false')) return false
    if (this.#take('null')) this.#refuse('json-null', 'null')
    return this.#number()
  }

  #object(depth: number): StrictObject {
    const members = new Map<string, StrictJson>()
    const dropped = new Set<string>()
    this.#skipSpace()
    if (this.#take('}')) return members
    do {
      this.#skipSpace()
      const key = this.#string()
      if (members.has(key) || dropped.has(key))
        this.#refuse('duplicate-key', `the key ${JSON.stringify(key)} comes twice`)
      this.#skipSpace()
      this.#expect(':')
      this.#skipSpace()
      if (this.#dropNulls && this.#take('null')) dropped.add(key)
      else members.set(key, this.#value(depth + 1))
      this.#skipSpace()
    } while (this.#take(','))
    this.#expect('}')
    return members
  }

  #list(depth: number): readonly StrictJson[] {
    const items: StrictJson[] = []
    this.#skipSpace()
    if (this.#take(']')) return items
    do {
      items.push(this.#value(depth + 1))
      this.#skipSpace()
    } while (this.#take(','))
    this.#expect(']')
    return items
  }

  #string(): string {
    const from = this.#at
    this.#expect('"')
    let escaped = false
    for (let unit = this.#unit(); unit !== QUOTE; unit = this.#unit()) {
      if (unit < 0x20) this.#refuse('json', 'a control character in a string')
      escaped ||= unit === BACKSLASH
      this.#at += unit === BACKSLASH ? 2 : 1
    }
    this.#at++
    const written = this.#text.slice(from, this.#at)
    return escaped ? this.#unescape(written) : written.slice(1, -1)
  }

  #unit(): number {
    if (this.#at >= this.#text.length) this.#refuse('json', 'the text ends in a string')
    return this.#text.charCodeAt(this.#at)
  }

  #unescape(written: string): string {
    try {
      const text = JSON.parse(written) as string
      if (text.isWellFormed()) return text
    } catch {
      this.#refuse('json', 'an escape that JSON does not know')
    }
    return this.#refuse('json', 'a lone surrogate')
  }

  #number(): number {
    NUMBER.lastIndex = this.#at
    const written = NUMBER.exec(this.#text)?.[0]
    if (written === undefined) return this.#refuse('json', 'a value expected')
    const value = Number(written)
    if (!this.#integer.test(written) || !Number.isSafeInteger(value))
      this.#refuse('json-number', `${written.slice(0, 40)} is not a plain integer within ±(2^53-1)`)
    this.#at += written.length
    return value
  }
}

/**
 * Reads a whole document.
 *
 * @throws Fault `json` (syntax, byte-order mark, trailing bytes, surrogates), `bad-utf8`, `duplicate-key`, `json-null`,
 * `json-number`, `json-limit` (bytes or depth)
 * @example
 * parseStrictJson(new TextEncoder().encode('{"a":[1,"b"]}'), { maxBytes: 100 }) // new Map([['a', [1, 'b']]])
 */
export function parseStrictJson(bytes: Uint8Array, limits: StrictJsonLimits): StrictJson {
  const { maxBytes } = limits
  if (bytes.length > maxBytes) throw new Fault('json-limit', `${bytes.length} bytes; at most ${maxBytes} are read`)
  return new Reader(decodeUtf8(bytes), limits).whole()
}
