/**
 * Configuration: one schema, four layers, and for each value the place that it came from.
 *
 * A later layer wins: default < file (TOML) < environment (`TIDEWAITER_*`) < flag. The schema is a zod object, given by
 * whoever wires the program; it is at once the documentation, the defaults and the limits. This module asks only what
 * the schema itself can do, so that neither zod nor a TOML parser is loaded by those who need no configuration.
 *
 * Names: the setting `log.maxLines` is `maxLines` under `[log]` in the file, `TIDEWAITER_LOG_MAX_LINES` in the
 * environment and `--log-max-lines` as a flag.
 *
 * Guarantee: every value passed the schema; an unknown key or a bad value is a `Fault` `bad-configuration` that names the key, the value,
 * where it stood and what is allowed.
 */
import type { output, ZodObject } from 'zod'
import { describeSettings, environmentName, flagName, type Setting } from './config-settings.ts'
import { Fault } from './fault.ts'

/** Where a value came from. */
export interface ConfigOrigin {
  readonly source: 'default' | 'file' | 'environment' | 'flag'
  /** The path of the file, the name of the variable or of the flag; empty for a default. */
  readonly name: string
}

/** A configuration file that was read. */
export interface ConfigFile {
  readonly path: string
  readonly text: string
  /** Turns the text into an object, and throws what it likes when it cannot: `parse` of smol-toml. */
  readonly parse: (text: string) => unknown
}

/** The layers over the defaults; each may be absent. */
export interface ConfigLayers {
  readonly file?: ConfigFile
  /** All of `process.env`; only what begins with `TIDEWAITER_` is looked at. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Flags by the name of the setting: `{ 'log.level': 'debug' }`. An undefined flag was not given. */
  readonly flags?: Readonly<Record<string, unknown>>
  /** Variables that begin with `TIDEWAITER_` and are no settings. */
  readonly notSettings?: readonly string[]
}

/** One line of `config explain`. */
export interface ConfigEntry {
  readonly key: string
  /** The value in force; undefined when an optional setting is not set; `•••` for a secret one that is. */
  readonly value: unknown
  readonly origin: ConfigOrigin
  readonly description: string
  /** What is allowed, for a person: `1 … 65535`, `debug | info`. */
  readonly allowed: string
}

/** What was resolved. */
export interface Configuration<Values> {
  readonly values: Values
  /** By the name of the setting. */
  readonly origins: ReadonlyMap<string, ConfigOrigin>
  /** Every setting, in the order of the schema. */
  readonly entries: readonly ConfigEntry[]
}

interface Given {
  readonly value: unknown
  readonly origin: ConfigOrigin
}

type Layer = Map<string, Given>

function describeOrigin({ source, name }: ConfigOrigin): string {
  return source === 'file' ? `the file ${name}` : name
}

function unknownKey(key: string, origin: ConfigOrigin, settings: readonly Setting[]): Fault {
  const names = settings.map(({ key: known }) => known).join(', ')
  const message = `${key}, from ${describeOrigin(origin)}, is no setting; there are ${names}`
  return new Fault('bad-configuration', message, { details: { key, ...origin } })
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

function parseFile({ path, text, parse }: ConfigFile): unknown {
  try {
    return parse(text)
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    throw new Fault('bad-configuration', `the file ${path} cannot be read: ${said.split('\n', 1).join('')}`, { cause })
  }
}

function isSection(key: string, settings: readonly Setting[]): boolean {
  return key === '' || settings.some((setting) => setting.key.startsWith(`${key}.`))
}

function readFile(file: ConfigFile, settings: readonly Setting[]): Layer {
  const origin: ConfigOrigin = { source: 'file', name: file.path }
  const layer: Layer = new Map()
  const visit = (value: unknown, key: string): void => {
    if (settings.some((setting) => setting.key === key)) layer.set(key, { value, origin })
    else if (isTable(value) && isSection(key, settings))
      Object.entries(value).forEach(([name, part]) => visit(part, key ? `${key}.${name}` : name))
    else throw unknownKey(key, origin, settings)
  }
  visit(parseFile(file), '')
  return layer
}

function readEnvironment(layers: ConfigLayers, settings: readonly Setting[]): Layer {
  const layer: Layer = new Map()
  for (const [name, text] of Object.entries(layers.environment ?? {})) {
    if (!name.startsWith('TIDEWAITER_') || text === undefined || layers.notSettings?.includes(name)) continue
    const origin: ConfigOrigin = { source: 'environment', name }
    const setting = settings.find(({ key }) => environmentName(key) === name)
    if (!setting)
      throw unknownKey(
        name,
        origin,
        settings.map((one) => ({ ...one, key: environmentName(one.key) })),
      )
    layer.set(setting.key, { value: setting.parse(text), origin })
  }
  return layer
}

function readFlags(flags: Readonly<Record<string, unknown>>, settings: readonly Setting[]): Layer {
  const layer: Layer = new Map()
  for (const [key, value] of Object.entries(flags)) {
    if (value === undefined) continue
    const origin: ConfigOrigin = { source: 'flag', name: flagName(key) }
    const setting = settings.find((one) => one.key === key)
    if (!setting) throw unknownKey(key, origin, settings)
    layer.set(key, { value: typeof value === 'string' ? setting.parse(value) : value, origin })
  }
  return layer
}

function assemble(given: Layer): Record<string, unknown> {
  const whole: Record<string, unknown> = {}
  for (const [key, { value }] of given) {
    const names = key.split('.')
    const last = names.pop() ?? key
    let table = whole
    for (const name of names) table = (table[name] ??= {}) as Record<string, unknown>
    table[last] = value
  }
  return whole
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

function refuse(settings: readonly Setting[], given: Layer, { path, message }: Issue): Fault {
  const named = path.map(String).join('.')
  const setting = settings.find(({ key }) => named === key || named.startsWith(`${key}.`))
  const found = setting && given.get(setting.key)
  if (!found) return new Fault('bad-configuration', `${named || 'the configuration'}: ${message}`)
  const { key, secret, allowed } = setting
  const shown = secret ? 'the value' : JSON.stringify(found.value)
  return new Fault(
    'bad-configuration',
    `${key}, from ${describeOrigin(found.origin)}: ${shown} is not allowed; it takes ${allowed}`,
    { details: { key, ...found.origin } },
  )
}

function pick(values: unknown, key: string): unknown {
  return key.split('.').reduce((table: unknown, name) => (isTable(table) ? table[name] : undefined), values)
}

/**
 * Resolves a configuration.
 *
 * @param schema a strict zod object of settings and of further such objects; every setting has a default or is optional
 * @throws Fault `bad-configuration`
 */
export function resolveConfig<Schema extends ZodObject>(
  schema: Schema,
  layers: ConfigLayers,
): Configuration<output<Schema>> {
  const settings = describeSettings(schema)
  const given: Layer = new Map([
    ...(layers.file ? readFile(layers.file, settings) : []),
    ...readEnvironment(layers, settings),
    ...readFlags(layers.flags ?? {}, settings),
  ])
  const result = schema.safeParse(assemble(given))
  if (!result.success)
    throw refuse(settings, given, result.error.issues[0] ?? { path: [], message: result.error.message })
  const entries = settings.map(({ key, description, allowed, secret }) => {
    const value = pick(result.data, key)
    const origin = given.get(key)?.origin ?? { source: 'default', name: '' }
    return { key, origin, description, allowed, value: secret && value !== undefined ? '•••' : value }
  })
  return { values: result.data, entries, origins: new Map(entries.map(({ key, origin }) => [key, origin])) }
}
