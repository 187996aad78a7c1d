/**
 * A cursor over JSON text: the one JSON reader for bytes that came from outside.
 *
 * `JSON.parse` takes the last of two equal keys, costs eight seconds and 343 MB on a safetensors header with a
 * million tensors, and says nothing about where. This cursor walks the bytes: the caller asks what comes next and
 * takes it, skips it or has it as a value; nothing is built that was not asked for. Equal keys are reported in every
 * object, also in those that are skipped.
 *
 * Guarantee: time is linear in the text, memory in what was asked for and in the keys of the open objects, depth is
 * the budget's. Whatever is not JSON is a `Fault` `json-syntax` with the offset.
 * Source: RFC 8259; RFC 7493 (I-JSON) for equal keys and surrogates.
 */
import { Fault } from '../../base/index.ts'
import type { Budget } from '../budget.ts'
import { KeySet } from './key-set.ts'

/** What the next value is; `constant` is true, false, null, and NaN and the infinities where they are let pass. */
export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'constant'
/** A value whose objects are maps; integers beyond 2^53 are bigints. */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonValue[]
  | ReadonlyMap<string, JsonValue>
/** True for an object of {@link JsonValue}. */
export function isJsonObject(value: JsonValue | undefined): value is ReadonlyMap<string, JsonValue> {
  return value instanceof Map
}

/** True for a list of {@link JsonValue}. */
export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** What two readers may take for two different things. */
export type JsonOddity = 'json-duplicate-key' | 'json-surrogate' | 'json-non-finite'

/** How to read. */
export interface JsonOptions {
  readonly budget: Budget
  /** Is told of equal keys, and of lone surrogates and non-finite numbers, which then are let pass. */
  report(code: JsonOddity, message: string, offset: number): void
}

const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c]
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d]
const [ZERO, NINE, MINUS] = [0x30, 0x39, 0x2d]
const LONGEST_NUMBER = 1024
const NUMBER = /^-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/
const CONSTANTS: readonly (readonly [string, boolean | null | number])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]
/** 1 for a plain byte of a string, 0 for a quote, a backslash or a control character. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH),
)

/** See the module. */
export class JsonCursor {
  readonly #bytes: Buffer
  readonly #options: JsonOptions
  #at: number
  #depth = 0
  /** Inside of the string that was scanned last. */
  #from = 0
  #to = 0
  #escaped = false
  #ascii = true

  /** @param bytes UTF-8, which the caller has checked; reading begins at `at` */
  constructor(bytes: Uint8Array, options: JsonOptions, at = 0) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#options = options
    this.#at = at
  }

  /** Offset of the next byte. */
  get at(): number {
    return this.#at
  }

  /** The bytes from `offset` up to the next byte, as a view. */
  bytesSince(offset: number): Uint8Array {
    return this.#bytes.subarray(offset, this.#at)
  }

  #refuse(what: string, at = this.#at): never {
    throw new Fault('json-syntax', `byte ${at}: ${what}`, { details: { offset: at } })
  }

  #space(): number {
    let byte = this.#bytes[this.#at]
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = this.#bytes[++this.#at]
    return byte ?? this.#refuse('the text ends too early')
  }

  #expect(byte: number): void {
    if (this.#space() !== byte) this.#refuse(`${JSON.stringify(String.fromCharCode(byte))} expected`)
    this.#at++
  }

  /** What comes next. @throws Fault `json-syntax` when no value does */
  kind(): JsonKind {
    const byte = this.#space()
    if (byte === QUOTE) return 'string'
    if (byte === OPEN_BRACE) return 'object'
    if (byte === OPEN_BRACKET) return 'array'
    if (byte === MINUS) return this.#bytes[this.#at + 1] === 0x49 ? 'constant' : 'number'
    return byte >= ZERO && byte <= NINE ? 'number' : 'constant'
  }

  #enter(byte: number): void {
    this.#expect(byte)
    this.#options.budget.checkDepth(++this.#depth)
  }

  /** True when the closing byte follows, which is then taken. */
  #closes(byte: number): boolean {
    if (this.#space() !== byte) return false
    this.#at++
    this.#depth--
    return true
  }

  #continues(closing: number): boolean {
    if (this.#closes(closing)) return false
    this.#expect(COMMA)
    return true
  }

  /** Walks an object; `visit` must take or skip the value of each member. @param visit gets the key and its offset */
  object(visit: (key: string, at: number) => void): void {
    this.#enter(OPEN_BRACE)
    if (this.#closes(CLOSE_BRACE)) return
    const keys = new KeySet(this.#bytes)
    do {
      this.#space()
      const at = this.#at
      this.#scanString()
      const isNew = keys.add(this.#from, this.#to, this.#escaped)
      const key = this.#decode()
      if (!isNew) this.#options.report('json-duplicate-key', `the key ${JSON.stringify(key)} stands twice`, at)
      this.#expect(COLON)
      visit(key, at)
    } while (this.#continues(CLOSE_BRACE))
  }

  /** Walks an array; `visit` must take or skip each item. */
  array(visit: (index: number) => void): void {
    this.#enter(OPEN_BRACKET)
    if (this.#closes(CLOSE_BRACKET)) return
    let index = 0
    do visit(index++)
    while (this.#continues(CLOSE_BRACKET))
  }

  /** Takes a string. */
  string(): string {
    this.#scanString()
    return this.#decode()
  }

  #scanString(): void {
    this.#expect(QUOTE)
    const bytes = this.#bytes
    let seen = 0
    this.#from = this.#at
    this.#escaped = false
    for (let at = this.#at; ; at++) {
      const byte = bytes[at] ?? this.#refuse('the text ends in a string', at)
      seen |= byte
      if (PLAIN[byte] === 1) continue
      if (byte === QUOTE) {
        this.#to = at
        this.#at = at + 1
        this.#ascii = seen < 0x80
        return
      }
      if (byte !== BACKSLASH) this.#refuse('a control character in a string', at)
      this.#escaped = true
      at += this.#escapeLength(at)
    }
  }

  /** Bytes of the escape at `at` after its backslash. */
  #escapeLength(at: number): number {
    const letter = this.#bytes[at + 1] ?? this.#refuse('the text ends in a string', at)
    if ('"\\/bfnrt'.includes(String.fromCharCode(letter))) return 1
    const hex = this.#bytes.toString('latin1', at + 2, at + 6)
    if (letter !== 0x75 || !/^[0-9a-fA-F]{4}$/.test(hex)) this.#refuse('an escape that JSON does not know', at)
    return 5
  }

  #decode(): string {
    if (!this.#escaped) return this.#bytes.toString(this.#ascii ? 'latin1' : 'utf8', this.#from, this.#to)
    const text = JSON.parse(this.#bytes.toString('utf8', this.#from - 1, this.#to + 1)) as string
    if (text.isWellFormed()) return text
    this.#options.report('json-surrogate', 'a string holds half of a surrogate pair', this.#from)
    return text.toWellFormed()
  }

  /** Takes a number; an integer beyond 2^53 is a bigint. */
  number(): number | bigint {
    this.#space()
    const from = this.#at
    let value = 0
    let byte = this.#bytes[from] as number
    while (byte >= ZERO && byte <= NINE) {
      value = value * 10 + byte - ZERO
      byte = this.#bytes[++this.#at] ?? 0
    }
    const digits = this.#at - from
    const isPlain = digits > 0 && digits < 16 && (digits === 1 || this.#bytes[from] !== ZERO)
    if (isPlain && byte !== 0x2e && byte !== 0x65 && byte !== 0x45) return value
    return this.#numberFrom(from)
  }

  #numberFrom(from: number): number | bigint {
    let to = from
    while ('0123456789+-.eE'.includes(String.fromCharCode(this.#bytes[to] ?? 0))) to++
    if (to - from > LONGEST_NUMBER) this.#refuse(`a number of ${to - from} characters`, from)
    const text = this.#bytes.toString('latin1', from, to)
    const parts = NUMBER.exec(text) ?? this.#refuse('a number that JSON does not know', from)
    this.#at = to
    if (parts[1] !== undefined || parts[2] !== undefined) return Number(text)
    const value = Number(text)
    return Number.isSafeInteger(value) ? value : BigInt(text)
  }

  /** Takes true, false, null; NaN and the infinities are reported and become null. */
  constant(): boolean | null {
    this.#space()
    const found = CONSTANTS.find(([word]) => this.#bytes.toString('latin1', this.#at, this.#at + word.length) === word)
    if (found === undefined) return this.#refuse('a value expected')
    const [word, value] = found
    if (typeof value === 'number') this.#options.report('json-non-finite', `${word} is not JSON`, this.#at)
    this.#at += word.length
    return typeof value === 'number' ? null : value
  }

  /** Passes over the next value, whatever it is; equal keys inside it are reported. */
  skip(): void {
    const kind = this.kind()
    if (kind === 'object') this.object(() => this.skip())
    else if (kind === 'array') this.array(() => this.skip())
    else if (kind === 'string') this.#scanString()
    else if (kind === 'number') this.number()
    else this.constant()
  }

  /** Takes a string, a number or a constant. @throws Fault `json-syntax` at an object or array */
  scalar(): null | boolean | number | bigint | string {
    const kind = this.kind()
    if (kind === 'string') return this.string()
    return kind === 'number' ? this.number() : this.constant()
  }

  /** A cursor of its own over the bytes from `offset` up to the next byte, which were taken already. */
  again(offset: number): JsonCursor {
    return new JsonCursor(this.bytesSince(offset), { budget: this.#options.budget, report: () => {} })
  }

  /** Takes the next value whole; each value in it is one item of the budget. Of equal keys the last counts. */
  value(): JsonValue {
    this.#options.budget.spendItems()
    const kind = this.kind()
    if (kind === 'array') {
      const items: JsonValue[] = []
      this.array(() => items.push(this.value()))
      return items
    }
    if (kind !== 'object') return this.scalar()
    const members = new Map<string, JsonValue>()
    this.object((key) => members.set(key, this.value()))
    return members
  }

  /** Ends the text. @throws Fault `json-syntax` when anything but white space is left */
  end(): void {
    while (this.#at < this.#bytes.length) {
      if (!' \t\r\n'.includes(String.fromCharCode(this.#bytes[this.#at] as number))) {
        this.#refuse('something stands after the value')
      }
      this.#at++
    }
  }
}
