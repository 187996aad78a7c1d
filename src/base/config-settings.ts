/**
 * The settings of a configuration schema, as names, limits and ways to read them from text.
 *
 * They are read out of the JSON Schema that zod gives of itself, so that what `config explain` shows as allowed is what
 * is enforced. A description is `.describe('…')`; a setting that must not be shown is marked `.meta({ secret: true })`.
 */
import type { ZodObject } from 'zod'
import { Fault } from './fault.ts'

/** One setting. */
export interface Setting {
  /** Names from the outside in, joined by dots: `log.level`. */
  readonly key: string
  readonly description: string
  /** What is allowed, for a person. */
  readonly allowed: string
  readonly secret: boolean
  /** Reads the value from a variable or a flag; text that does not fit is given on as it is, for the schema to refuse. */
  readonly parse: (text: string) => unknown
}

interface JsonSchema {
  readonly type?: string
  readonly description?: string
  readonly secret?: boolean
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
}

function words(key: string): string[] {
  return key.split(/[.-]|(?=[A-Z])/)
}

/** The variable of a setting. @example environmentName('log.maxLines') // 'TIDEWAITER_LOG_MAX_LINES' */
export function environmentName(key: string): string {
  return ['tidewaiter', ...words(key)].join('_').toUpperCase()
}

/** The flag of a setting. @example flagName('log.maxLines') // '--log-max-lines' */
export function flagName(key: string): string {
  return `--${words(key).join('-').toLowerCase()}`
}

const MAX_INTEGER = Number.MAX_SAFE_INTEGER

function describeNumber({ type, minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const noun = type === 'integer' ? 'an integer' : 'a number'
  if (exclusiveMinimum !== undefined) return `${noun} above ${exclusiveMinimum}`
  const least = minimum === undefined || minimum <= -MAX_INTEGER ? undefined : minimum
  const most = maximum === undefined || maximum >= MAX_INTEGER ? undefined : maximum
  if (least !== undefined && most !== undefined) return `${noun} from ${least} to ${most}`
  if (least !== undefined) return `${noun} of at least ${least}`
  return most === undefined ? noun : `${noun} of at most ${most}`
}

function describeText({ minLength = 0, maxLength, format, pattern }: JsonSchema): string {
  if (format !== undefined) return `text in the form of ${format}`
  if (pattern !== undefined) return `text that matches ${pattern}`
  if (maxLength !== undefined) return `${minLength} to ${maxLength} characters`
  if (minLength > 1) return `at least ${minLength} characters`
  return minLength === 1 ? 'text that is not empty' : 'text'
}

function describeAllowed(schema: JsonSchema): string {
  if (schema.anyOf) return schema.anyOf.map(describeAllowed).join(' | ')
  if (schema.enum) return schema.enum.map((value) => String(value)).join(' | ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.type === 'array') return `a list of: ${describeAllowed(schema.items ?? {})}`
  if (schema.type === 'boolean') return 'true | false'
  if (schema.type === 'integer' || schema.type === 'number') return describeNumber(schema)
  return schema.type === 'string' ? describeText(schema) : (schema.type ?? 'any value')
}

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])

function parseText(schema: JsonSchema, text: string): unknown {
  if (schema.anyOf) {
    const parsed = schema.anyOf.map((one) => parseText(one, text))
    return parsed.find((value) => value !== text) ?? text
  }
  if (schema.type === 'boolean') return WORDS.get(text.toLowerCase()) ?? text
  if (schema.type === 'integer' || schema.type === 'number') {
    return /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : text
  }
  if (schema.type !== 'array') return text
  return text === '' ? [] : text.split(',').map((item) => parseText(schema.items ?? {}, item.trim()))
}

function collect(schema: JsonSchema, key: string): Setting[] {
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([name, part]) => collect(part, key ? `${key}.${name}` : name))
  }
  const { description = '', secret = false } = schema
  return [{ key, description, secret, allowed: describeAllowed(schema), parse: (text) => parseText(schema, text) }]
}

/** The settings of a schema, in its order. @throws Fault `bad-schema` when two would share a variable */
export function describeSettings(schema: ZodObject): readonly Setting[] {
  const settings = collect(schema.toJSONSchema({ io: 'input' }) as JsonSchema, '')
  const names = settings.map(({ key }) => environmentName(key))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Fault('bad-schema', `two settings share the variable ${twice}`)
  return settings
}
