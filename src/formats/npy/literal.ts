/**
 * Python literals, as far as NumPy writes them into a header: texts, integers, True, False, None, tuples, lists, dicts.
 *
 * NumPy reads its header with `ast.literal_eval`. Here is a grammar of its own with nothing in it that could be
 * evaluated: no operators, no calls, no names but the three, no joined strings, no comments.
 *
 * Guarantee: linear in the text; no deeper than 32 levels; no value is made of what does not stand there.
 * Source: the Python language reference, section 6.2 (atoms); NumPy enhancement proposal 1 (the npy format).
 */
import { Fault } from '../../base/index.ts'

const DEEPEST = 32
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])
const HEX_DIGITS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
])
const WORDS: readonly (readonly [string, boolean | null])[] = [
  ['True', true],
  ['False', false],
  ['None', null],
]

/** A tuple or a list. */
export interface LiteralSequence {
  readonly kind: 'tuple' | 'list'
  readonly items: readonly Literal[]
}

/** A dict; its entries in the order of the text, equal keys included. */
export interface LiteralDict {
  readonly kind: 'dict'
  readonly entries: readonly (readonly [key: Literal, value: Literal])[]
}

/** See the module. Integers are of any size. */
export type Literal = string | bigint | boolean | null | LiteralSequence | LiteralDict

/** A literal and the number of characters up to its end. */
export interface ParsedLiteral {
  readonly value: Literal
  readonly end: number
}

class Parser {
  readonly #text: string
  at = 0

  constructor(text: string) {
    this.#text = text
  }

  #fail(what: string): never {
    throw new Fault('literal-syntax', `at character ${this.at}: ${what}`)
  }

  #skipSpaces(): void {
    while (' \t\n\r'.includes(this.#text[this.at] ?? 'x')) this.at += 1
  }

  #takes(character: string): boolean {
    this.#skipSpaces()
    if (this.#text[this.at] !== character) return false
    this.at += 1
    return true
  }

  value(depth = 0): Literal {
    if (depth > DEEPEST) this.#fail(`nested deeper than ${DEEPEST} levels`)
    if (this.#takes('{')) return { kind: 'dict', entries: this.#entries(depth + 1) }
    if (this.#takes('[')) return { kind: 'list', items: this.#items(']', depth + 1).items }
    if (this.#takes('(')) return this.#group(depth + 1)
    const quote = this.#text[this.at] ?? ''
    if (quote === "'" || quote === '"') return this.#string(quote)
    return this.#word() ?? this.#integer()
  }

  #entries(depth: number): [Literal, Literal][] {
    const entries: [Literal, Literal][] = []
    while (!this.#takes('}')) {
      const key = this.value(depth)
      if (!this.#takes(':')) this.#fail('no colon after a key')
      entries.push([key, this.value(depth)])
      if (!this.#takes(',') && this.#text[this.at] !== '}') this.#fail('neither comma nor } after an entry')
    }
    return entries
  }

  #items(close: string, depth: number): { readonly items: Literal[]; readonly comma: boolean } {
    const items: Literal[] = []
    let comma = false
    while (!this.#takes(close)) {
      items.push(this.value(depth))
      comma = this.#takes(',')
      if (!comma && this.#text[this.at] !== close) this.#fail(`neither comma nor ${close} after an item`)
    }
    return { items, comma }
  }

  /** In round brackets: one item without a comma is that item. */
  #group(depth: number): Literal {
    const { items, comma } = this.#items(')', depth)
    const [only] = items
    return items.length === 1 && !comma && only !== undefined ? only : { kind: 'tuple', items }
  }

  #string(quote: string): string {
    this.at += 1
    let value = ''
    for (;;) {
      const character = this.#text[this.at]
      if (character === undefined || character === '\n') return this.#fail('a text without end')
      this.at += 1
      if (character === quote) return value
      value += character === '\\' ? this.#escape() : character
    }
  }

  #escape(): string {
    const letter = this.#text[this.at] ?? ''
    this.at += 1
    const plain = ESCAPES.get(letter)
    if (plain !== undefined) return plain
    const digits = HEX_DIGITS.get(letter) ?? this.#fail(`\\${letter} in a text`)
    const hex = this.#text.slice(this.at, this.at + digits)
    const code = /^[0-9a-fA-F]+$/.test(hex) && hex.length === digits ? Number.parseInt(hex, 16) : 0x110000
    if (code > 0x10ffff) this.#fail(`\\${letter}${hex} in a text`)
    this.at += digits
    return String.fromCodePoint(code)
  }

  #word(): boolean | null | undefined {
    const found = WORDS.find(([word]) => this.#text.startsWith(word, this.at))
    if (found === undefined) return undefined
    this.at += found[0].length
    return found[1]
  }

  /** Decimal; Python 2 wrote an L after long ones. */
  #integer(): bigint {
    const from = this.at
    if (this.#text[this.at] === '-') this.at += 1
    while (isDigit(this.#text.charCodeAt(this.at))) this.at += 1
    const digits = this.#text.slice(from, this.at)
    if (!/^-?(0|[1-9]\d{0,39})$/.test(digits)) this.#fail('no literal')
    if (this.#text[this.at] === 'L') this.at += 1
    return BigInt(digits)
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** Parses the literal with which a text begins. @throws Fault `literal-syntax` @example parseLiteral('(3, )').end // 5 */
export function parseLiteral(text: string): ParsedLiteral {
  const parser = new Parser(text)
  const value = parser.value()
  return { value, end: parser.at }
}

/** The kind of a literal that holds others, else undefined. */
export function kindOf(value: Literal | undefined): 'tuple' | 'list' | 'dict' | undefined {
  return typeof value === 'object' && value !== null ? value.kind : undefined
}
