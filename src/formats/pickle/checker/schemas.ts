/**
 * The checker's own understanding of schemas (`policy/signature.ts`): it walks text and value together.
 */
import type { Signature } from '../policy/signature.ts'
import { Refusal } from './refusal.ts'
import { pathOf, type Value } from './values.ts'

/** What the checker must know of a global that a schema speaks of. */
export interface Listing {
  signature(global: { readonly module: string; readonly name: string }): Partial<Signature>
  /** Schemas that were met before, by their text. */
  readonly schemas: Map<string, Schema>
}

/** A schema, taken apart. */
export type Schema =
  | { readonly op: 'word'; readonly word: string }
  | { readonly op: 'or'; readonly nodes: readonly Schema[] }
  | { readonly op: 'tuple'; readonly nodes: readonly { readonly node: Schema; readonly sign: string }[] }
  | { readonly op: 'list'; readonly node: Schema }
  | { readonly op: 'dict'; readonly pairs: readonly (readonly [key: Schema, value: Schema])[] }

const KINDS: ReadonlySet<string> = new Set(['none', 'bool', 'float', 'bytes', 'bytearray', 'storage'])

function parse(schema: string): Schema {
  const tokens = schema.match(/'[^']*'|<[^>]*>|@?[\w.-]+|[()[\]{},:|?*]/g) ?? []
  let at = 0
  const take = (token: string): boolean => {
    const isNext = tokens[at] === token
    if (isNext) at += 1
    return isNext
  }
  const either = (): Schema => {
    const nodes = [one()]
    while (take('|')) nodes.push(one())
    return { op: 'or', nodes }
  }
  const tuple = (): Schema => {
    const nodes: { node: Schema; sign: string }[] = []
    while (!take(')')) {
      const node = either()
      nodes.push({ node, sign: take('?') ? '?' : take('*') ? '*' : '' })
      take(',')
    }
    return { op: 'tuple', nodes }
  }
  const dict = (): Schema => {
    const pairs: [Schema, Schema][] = []
    while (!take('}')) {
      const key = either()
      take(':')
      pairs.push([key, either()])
      take(',')
    }
    return { op: 'dict', pairs }
  }
  const one = (): Schema => {
    if (take('(')) return tuple()
    if (take('{')) return dict()
    if (!take('[')) return { op: 'word', word: tokens[at++] as string }
    const node = either()
    take(']')
    return { op: 'list', node }
  }
  const node = either()
  if (at !== tokens.length) throw new Refusal(`${schema} is no schema`)
  return node
}

/** Whether a value meets a schema. */
export function meets(schema: string, value: Value, listing: Listing): boolean {
  const node = listing.schemas.get(schema) ?? parse(schema)
  listing.schemas.set(schema, node)
  return fits(node, value, listing)
}

function fits(node: Schema, value: Value, listing: Listing): boolean {
  switch (node.op) {
    case 'or':
      return node.nodes.some((each) => fits(each, value, listing))
    case 'list':
      return value.is === 'list' && value.items.every((item) => fits(node.node, item, listing))
    case 'dict':
      return value.is === 'dict' && fitsDict(node.pairs, value.items, listing)
    case 'tuple':
      return value.is === 'tuple' && fitsTuple(node.nodes, value.items, listing)
    default:
      return fitsWord(node.word, value, listing)
  }
}

function fitsDict(pairs: readonly (readonly [Schema, Schema])[], items: readonly Value[], listing: Listing): boolean {
  for (let i = 0; i < items.length; i += 2) {
    const pair = pairs.find(([key]) => fits(key, items[i] as Value, listing))
    if (pair === undefined || !fits(pair[1], items[i + 1] as Value, listing)) return false
  }
  return true
}

function fitsTuple(
  nodes: readonly { readonly node: Schema; readonly sign: string }[],
  items: readonly Value[],
  listing: Listing,
): boolean {
  const last = nodes.at(-1)
  const needed = nodes.findLastIndex(({ sign }) => sign === '') + 1
  if (items.length < needed || (last?.sign !== '*' && items.length > nodes.length)) return false
  return items.every((item, i) => fits((nodes[i] ?? (last as { node: Schema })).node, item, listing))
}

function fitsWord(word: string, value: Value, listing: Listing): boolean {
  if (word === 'any' || KINDS.has(word)) return word === 'any' || value.is === word
  if (word.startsWith('@')) return value.is === 'global' && isGlobal(word, value, listing)
  if (word.startsWith('<')) return value.is === 'instance' && isInstance(word.slice(1, -1), value)
  if (value.is === 'int') return fitsNumber(word, value.value)
  return value.is === 'text' && fitsText(word, value.text, value.native)
}

function fitsNumber(word: string, value: number): boolean {
  if (word === 'nat') return value >= 0
  return word === 'int' || value === Number(word)
}

function fitsText(word: string, text: string, native: boolean): boolean {
  if (word.startsWith("'")) return text === word.slice(1, -1)
  if (word === 'native') return native
  if (word === 'str') return !native
  if (word === 'digits') return /^-?\d{1,1000}(\/\d{1,1000})?$/.test(text)
  const isHook = text.startsWith('__') && text.endsWith('__')
  return word === 'name' && !isHook && text.length <= 256 && /^[A-Za-z_][A-Za-z0-9_]*$/.test(text)
}

function isGlobal(
  word: string,
  { module, name }: { readonly module: string; readonly name: string },
  listing: Listing,
): boolean {
  const { role, newobj } = listing.signature({ module, name })
  if (word === '@type') return role === 'type' && newobj !== undefined
  if (word === '@enum') return role === 'enum'
  return word === `@${module}.${name}`
}

function isInstance(word: string, value: Extract<Value, { is: 'instance' }>): boolean {
  if (!word.endsWith(' {}')) return pathOf(value) === word
  return pathOf(value) === word.slice(0, -3) && value.items.length === 0 && !value.built
}
