/**
 * Reads a value by a schema, and refuses it unless every keyword holds.
 *
 * The verifier loads no package, so this takes the place of a schema library there; a test holds it against `ajv` on
 * generated documents. It is given what the strict reader gives, where all numbers are safe integers and `null` and
 * duplicate members do not exist, and gives back plain data.
 *
 * Guarantee: throws nothing but Fault; its work is linear in the value, since schemas do not nest without end.
 * Source: JSON Schema draft 2020-12.
 */
import {
  canonicalJson,
  Fault,
  formatTime,
  isStrictObject,
  type StrictJson,
  type StrictObject,
} from '../../base/index.ts'
import { SchemaSet, type Schema } from './schema.ts'

const patterns = new Map<string, RegExp>()

function matches(pattern: string, text: string): boolean {
  const known = patterns.get(pattern) ?? new RegExp(pattern, 'u')
  patterns.set(pattern, known)
  return known.test(text)
}

/** How a text of a format is completed to a time that can be written back. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['date-time', ''],
  ['date', 'T00:00:00Z'],
])

function isOfFormat(text: string, format: string): boolean {
  const ending = FORMATS.get(format)
  if (ending === undefined) throw new Fault('schema-keyword', `the reader does not hold the format ${format}`)
  const ms = Date.parse(text + ending)
  return Number.isFinite(ms) && formatTime(ms) === text + ending
}

function refuse(where: string, what: string): never {
  throw new Fault('predicate-member', `${where} ${what}`)
}

function refuseType(where: string, wanted: string): never {
  throw new Fault('json-type', `${where} is not ${wanted}`)
}

function equals(value: StrictJson, wanted: unknown): boolean {
  if (!Array.isArray(wanted)) return value === wanted
  return Array.isArray(value) && value.length === wanted.length && value.every((item, i) => item === wanted[i])
}

/** Reads values by the schemas of one set. */
export class SchemaReader {
  readonly #set: SchemaSet

  constructor(common: Schema) {
    this.#set = new SchemaSet(common)
  }

  /**
   * The value as plain data.
   *
   * @param where how the value is called in a refusal
   * @throws Fault `json-type` for another type or word, `predicate-member` for everything else
   */
  read(value: StrictJson | undefined, schema: Schema, where: string): unknown {
    const rule = this.#set.resolve(schema)
    if (value === undefined) return refuse(where, 'is missing')
    if (rule.anyOf !== undefined) return this.#readAny(value, rule.anyOf, where)
    if (rule.const !== undefined) return equals(value, rule.const) ? rule.const : refuseType(where, 'as it has to be')
    if (rule.enum !== undefined) return readWord(value, rule.enum, where)
    if (rule.type === 'string') return readText(value, rule, where)
    if (rule.type === 'integer') return readInteger(value, rule, where)
    if (rule.type === 'array') return this.#readList(value, rule, where)
    if (rule.type === 'object') return this.#readObject(value, rule, where)
    throw new Fault('schema-keyword', `the schema of ${where} says no type`)
  }

  #readAny(value: StrictJson, choices: readonly Schema[], where: string): unknown {
    const last = choices.at(-1)
    for (const choice of choices.slice(0, -1)) {
      const { const: word } = this.#set.resolve(choice)
      if (equals(value, word)) return word
    }
    return last === undefined ? refuseType(where, 'anything') : this.read(value, last, where)
  }

  #readList(value: StrictJson, { items, minItems = 0, maxItems = 0, uniqueItems }: Schema, where: string): unknown {
    if (!Array.isArray(value)) return refuseType(where, 'a list')
    const list = value as readonly StrictJson[]
    if (list.length < minItems || list.length > maxItems)
      refuse(where, `has ${list.length} items, not ${minItems} … ${maxItems}`)
    const read = list.map((item, index) => this.read(item, items ?? {}, `${where}[${index}]`))
    if (uniqueItems === true && new Set(read.map(canonicalJson)).size < read.length)
      refuse(where, 'holds the same twice')
    return read
  }

  #readObject(value: StrictJson, schema: Schema, where: string): unknown {
    if (!isStrictObject(value)) return refuseType(where, 'an object')
    if (typeof schema.additionalProperties === 'object')
      return this.#readMap(value, { ...schema, additionalProperties: schema.additionalProperties }, where)
    const { properties, required } = this.#set.shapeOf(schema)
    for (const name of required) if (!value.has(name)) refuse(where, `has no member "${name}"`)
    const read = Array.from(value, ([name, member]) => {
      const rule = properties.get(name)
      if (rule === undefined) return refuse(where, `has a member ${JSON.stringify(name)} that is not known`)
      return [name, this.read(member, rule, `${where}.${name}`)] as const
    })
    return Object.fromEntries(read)
  }

  #readMap(value: StrictObject, schema: Schema & { readonly additionalProperties: Schema }, where: string): unknown {
    const { additionalProperties, propertyNames, maxProperties = 0 } = schema
    if (value.size > maxProperties) refuse(where, `has ${value.size} members; at most ${maxProperties}`)
    const read = Array.from(value, ([name, member]) => {
      if (propertyNames !== undefined && !matches(propertyNames.pattern, name))
        refuse(where, `has a member with the name ${JSON.stringify(name.slice(0, 40))}`)
      return [name, this.read(member, additionalProperties, `${where}.${name}`)] as const
    })
    return Object.fromEntries(read)
  }
}

function readWord(value: StrictJson, words: readonly string[], where: string): string {
  return words.find((word) => word === value) ?? refuseType(where, `one of ${words.join(', ')}`)
}

function readInteger(value: StrictJson, { minimum = 0, maximum = 0 }: Schema, where: string): number {
  if (typeof value !== 'number' || value < minimum || value > maximum)
    return refuseType(where, `an integer of ${minimum} … ${maximum}`)
  return value
}

function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

function readText(value: StrictJson, schema: Schema, where: string): string {
  if (typeof value !== 'string') return refuseType(where, 'a string')
  const { minLength = 0, maxLength = Infinity, pattern, format } = schema
  const length = value.length > maxLength || value.length < 2 * minLength ? codePoints(value) : value.length
  if (length < minLength || length > maxLength)
    refuse(where, `has ${length} characters, not ${minLength} … ${maxLength}`)
  const shown = JSON.stringify(value.slice(0, 40))
  if (pattern !== undefined && !matches(pattern, value)) refuse(where, `is ${shown}, which does not match ${pattern}`)
  if (format !== undefined && !isOfFormat(value, format)) refuse(where, `is ${shown}, not a ${format} in UTC`)
  return value
}
