/** Items of values by key or by range: of lists, dictionaries, texts, and of the tables in which Python keeps names. */
import { numberIn, textIn } from './text-methods.ts'
import { nameValue, type Scope, type Value } from './values.ts'

/** Tables of Python that hold modules or names, and what their items are. */
function named(table: string, key: string, scope: Scope | undefined): Value | undefined {
  if (table === 'sys.modules') return nameValue(key)
  if (table.endsWith('.__dict__')) return nameValue(`${table.slice(0, -'.__dict__'.length)}.${key}`)
  if (table !== 'builtins.globals()')
    return table === 'builtins.__builtins__' ? nameValue(`builtins.${key}`) : undefined
  if (key === '__builtins__') return nameValue('builtins.__builtins__')
  return scope?.module.has(key) === true ? scope.module.get(key) : nameValue(key)
}

/** The item of a value under a key. */
export function pick(value: Value, key: Value | undefined, scope?: Scope): Value | undefined {
  const text = textIn(key)
  if (value.kind === 'name') return text === undefined ? nameValue(`${value.name}[]`) : named(value.name, text, scope)
  if (value.kind === 'map') return pickEntry(value, key)
  const index = numberIn(key)
  if (value.kind === 'list') return index === undefined ? value.items[0] : value.items.at(index)
  return value.kind === 'text' && index !== undefined ? pickCharacter(value, index) : undefined
}

/** The entry under a key; under an unknown key the first. */
function pickEntry({ entries }: Value & { readonly kind: 'map' }, key: Value | undefined): Value | undefined {
  return key === undefined ? entries[0]?.[1] : entries.find(([own]) => sameKey(own, key))?.[1]
}

function pickCharacter(value: Value & { readonly kind: 'text' }, index: number): Value | undefined {
  const picked = value.text.at(index)
  if (picked === undefined) return undefined
  return value.isBytes ? { kind: 'number', number: picked.charCodeAt(0) } : { ...value, text: picked }
}

function sameKey(a: Value | undefined, b: Value | undefined): boolean {
  const [one, other] = [textIn(a) ?? numberIn(a), textIn(b) ?? numberIn(b)]
  return one !== undefined && one === other
}

/** A range of a list or text; a negative stride goes backwards over the whole of it. */
export function slice(value: Value | undefined, bounds: readonly (number | undefined)[]): Value | undefined {
  const [from, to, step = 1] = bounds
  if (step === 0 || value === undefined) return undefined
  const take = <Item>(items: readonly Item[]): readonly Item[] => {
    const part = step < 0 ? items.toReversed() : items.slice(from ?? 0, to)
    return part.filter((_, index) => index % Math.abs(step) === 0)
  }
  if (value.kind === 'list') return { ...value, items: take(value.items) }
  if (value.kind !== 'text') return undefined
  const layers = step < 0 ? value.layers + 1 : value.layers
  return { ...value, text: take(value.text.split('')).join(''), layers }
}

/** A bound of a range as it is written, when it is a number. */
export function numberOfText(part: string): number | undefined {
  return /^\s*-?\d+\s*$/.test(part) ? Number(part) : undefined
}

/** An attribute of something outside: a call of it is itself, and a built-in function belongs to its module. */
export function attributeOfName(value: Value & { readonly kind: 'name' }, name: string): Value {
  if (name === '__call__') return value
  if (name === '__self__' && value.name.startsWith('builtins.')) return nameValue('builtins')
  return nameValue(`${value.name}.${name}`)
}
