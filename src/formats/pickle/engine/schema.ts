/**
 * Schemas of policies as trees; the language is told in `policy/signature.ts`.
 */
import { Fault } from '../../../base/index.ts'
import { BOOL, BYTEARRAY, BYTES, FLOAT, INT, NATIVE, NONE, STORAGE, STR, withDetail } from './values.ts'

/** What a value must be whose key meets a schema. */
export interface SchemaEntry {
  readonly key: Schema
  readonly value: Schema
}

/** See the module. */
export type Schema =
  | { readonly is: 'any' | 'name' | 'nat' | 'digits' | 'type' | 'enum' | 'never' }
  | { readonly is: 'kind'; readonly kind: number }
  | { readonly is: 'text'; readonly value: string }
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'tuple'; readonly items: readonly Schema[]; readonly needed: number; readonly rest?: Schema }
  | { readonly is: 'list'; readonly item: Schema }
  | { readonly is: 'dict'; readonly entries: readonly SchemaEntry[] }
  | { readonly is: 'instance'; readonly target: string; readonly empty: boolean }
  | { readonly is: 'global'; readonly target: string }
  | { readonly is: 'either'; readonly of: readonly Schema[] }

const KINDS: ReadonlyMap<string, number> = new Map([
  ['none', NONE],
  ['bool', BOOL],
  ['int', INT],
  ['float', FLOAT],
  ['str', STR],
  ['native', withDetail(STR, NATIVE)],
  ['bytes', BYTES],
  ['bytearray', BYTEARRAY],
  ['storage', STORAGE],
])
/** Words that stand for themselves. */
const PLAIN_WORDS: ReadonlyMap<string, Schema> = new Map<string, Schema>([
  ['any', { is: 'any' }],
  ['name', { is: 'name' }],
  ['nat', { is: 'nat' }],
  ['digits', { is: 'digits' }],
  ['never', { is: 'never' }],
  ['@type', { is: 'type' }],
  ['@enum', { is: 'enum' }],
  ...[...KINDS].map(([word, kind]) => [word, { is: 'kind', kind }] as const),
])
const TOKEN = /\s*('[^']*'|-?\d+|@[\w.]+|<[\w.]+( \{\})?>|[A-Za-z]+|[()[\]{},:|?*])/y

function tokenise(text: string): string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const found = TOKEN.exec(text)
    if (found === null) throw new Fault('bad-schema', `${text} is no schema`)
    tokens.push(found[1] ?? '')
  }
  return tokens
}

class Parser {
  readonly #text: string
  readonly #tokens: string[]

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokenise(text)
  }

  parse(): Schema {
    const schema = this.#either()
    return this.#tokens.length === 0 ? schema : this.#refuse()
  }

  #refuse(): never {
    throw new Fault('bad-schema', `${this.#text} is no schema`)
  }

  #take(token: string): boolean {
    if (this.#tokens[0] !== token) return false
    this.#tokens.shift()
    return true
  }

  #expect(token: string): void {
    if (!this.#take(token)) this.#refuse()
  }

  #either(): Schema {
    const of = [this.#one()]
    while (this.#take('|')) of.push(this.#one())
    return of.length === 1 ? (of[0] as Schema) : { is: 'either', of }
  }

  #one(): Schema {
    if (this.#take('(')) return this.#tuple()
    if (this.#take('[')) {
      const item = this.#either()
      this.#expect(']')
      return { is: 'list', item }
    }
    if (this.#take('{')) return this.#dict()
    return this.#word(this.#tokens.shift() ?? this.#refuse())
  }

  #tuple(): Schema {
    const items: Schema[] = []
    let needed = 0
    while (!this.#take(')')) {
      const item = this.#either()
      if (this.#take('*')) {
        this.#expect(')')
        return { is: 'tuple', items, needed, rest: item }
      }
      items.push(item)
      if (!this.#take('?')) needed = items.length
      if (!this.#take(',') && this.#tokens[0] !== ')') this.#refuse()
    }
    return { is: 'tuple', items, needed }
  }

  #dict(): Schema {
    const entries: SchemaEntry[] = []
    while (!this.#take('}')) {
      const key = this.#either()
      this.#expect(':')
      entries.push({ key, value: this.#either() })
      if (!this.#take(',') && this.#tokens[0] !== '}') this.#refuse()
    }
    return { is: 'dict', entries }
  }

  #word(word: string): Schema {
    const plain = PLAIN_WORDS.get(word)
    if (plain !== undefined) return plain
    if (word.startsWith("'")) return { is: 'text', value: word.slice(1, -1) }
    if (word.startsWith('@')) return { is: 'global', target: word.slice(1) }
    if (word.startsWith('<'))
      return { is: 'instance', target: word.replace(/^<| \{\}|>$/g, ''), empty: word.includes('{') }
    return /^-?\d+$/.test(word) ? { is: 'number', value: Number(word) } : this.#refuse()
  }
}

/** Parses a schema. @throws Fault `bad-schema` */
export function parseSchema(text: string): Schema {
  return new Parser(text).parse()
}
