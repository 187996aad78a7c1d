/**
 * TypeScript types of our statements, made from their JSON Schemas.
 *
 * One module a schema, one interface an object, with the descriptions as doc comments, in the form that the formatter
 * leaves alone. Written by `npm run docs`, held by `npm run check`.
 */
import { nameReference, type Schema } from '../src/certificate/statements/schema.ts'
import {
  COMMON_SCHEMA,
  REGISTER_LEAF_SCHEMA,
  STATEMENT_KINDS,
  STATEMENT_SCHEMAS,
} from '../src/certificate/statements/schemas.ts'

const WIDTH = 120
const COMMON_TYPES: ReadonlyMap<string, Schema> = new Map(Object.entries(COMMON_SCHEMA.$defs ?? {}))

interface Module {
  /** Types of the common module that are used. */
  readonly imports: Set<string>
  /** Declarations, in the order in which they were met. */
  readonly declarations: Map<string, string>
}

function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "\\'")}'`
  return Array.isArray(value) ? `readonly [${value.map(literal).join(', ')}]` : String(value)
}

function typeOfReference(reference: string, module: Module): string {
  const target = COMMON_TYPES.get(nameReference(reference)) ?? {}
  if (target.title === undefined) return typeOf(target, module)
  module.imports.add(target.title)
  return target.title
}

function typeOf(schema: Schema, module: Module): string {
  if (schema.$ref !== undefined) return typeOfReference(schema.$ref, module)
  if (schema.const !== undefined) return literal(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ')
  if (schema.anyOf !== undefined) return schema.anyOf.map((choice) => typeOf(choice, module)).join(' | ')
  if (schema.type === 'string') return 'string'
  if (schema.type === 'integer') return 'number'
  if (schema.type === 'array') return listOf(typeOf(schema.items ?? {}, module))
  if (typeof schema.additionalProperties === 'object')
    return `Readonly<Record<string, ${typeOf(schema.additionalProperties, module)}>>`
  return declare(schema, module)
}

function listOf(item: string): string {
  return item.includes(' ') ? `readonly (${item})[]` : `readonly ${item}[]`
}

function describe(schema: Schema): string | undefined {
  if (schema.description !== undefined || schema.$ref === undefined) return schema.description
  const target = COMMON_TYPES.get(nameReference(schema.$ref)) ?? {}
  return target.title === undefined ? target.description : undefined
}

function writeMember(name: string, type: string): string {
  const line = `  readonly ${name}: ${type}`
  if (line.length <= WIDTH || !type.includes(' | ')) return line
  return [`  readonly ${name}:`, ...type.split(' | ').map((choice) => `    | ${choice}`)].join('\n')
}

function declare(schema: Schema, module: Module): string {
  const { title, description = '', properties = {}, required = [], allOf = [] } = schema
  if (title === undefined) throw new Error(`an object without a title: ${Object.keys(properties).join(', ')}`)
  if (module.declarations.has(title)) return title
  module.declarations.set(title, '')
  const members = Object.entries(properties).flatMap(([name, member]) => {
    const text = describe(member)
    const written = writeMember(`${name}${required.includes(name) ? '' : '?'}`, typeOf(member, module))
    return text === undefined ? [written] : [`  /** ${text} */`, written]
  })
  const parents = allOf.map((parent) => typeOf(parent, module))
  const heritage = parents.length === 0 ? '' : ` extends ${parents.join(', ')}`
  const body = [`/** ${description} */`, `export interface ${title}${heritage} {`, ...members, '}']
  module.declarations.set(title, body.join('\n'))
  return title
}

function header(name: string, what: string): string {
  return `/**\n * ${what}\n *\n * Made from \`../schemas/${name}.schema.json\` by \`npm run docs\`; do not edit.\n */`
}

function importLine(names: readonly string[]): string {
  const line = `import type { ${names.join(', ')} } from './common.ts'`
  return line.length <= WIDTH
    ? line
    : `import type {\n${names.map((name) => `  ${name},\n`).join('')}} from './common.ts'`
}

function writeModule(name: string, what: string, { imports, declarations }: Module): string {
  const foreign = [...imports].filter((title) => !declarations.has(title)).toSorted()
  const opening = [header(name, what), ...(foreign.length === 0 ? [] : [importLine(foreign)])].join('\n')
  return `${[opening, ...declarations.values()].join('\n\n')}\n`
}

function commonModule(): string {
  const module: Module = { imports: new Set(), declarations: new Map() }
  for (const schema of COMMON_TYPES.values()) {
    const { title, anyOf, description = '' } = schema
    if (title === undefined) continue
    if (anyOf === undefined) declare(schema, module)
    else module.declarations.set(title, `/** ${description} */\nexport type ${title} = ${typeOf(schema, module)}`)
  }
  return writeModule('common', COMMON_SCHEMA.description ?? '', module)
}

/** The modules, by their path from the root of the checkout. */
export function makeStatementTypes(): ReadonlyMap<string, string> {
  const path = (name: string): string => `src/certificate/statements/types/${name}.ts`
  const kinds = STATEMENT_KINDS.map((kind) => [kind, STATEMENT_SCHEMAS[kind]] as const)
  const modules = [...kinds, ['register-leaf', REGISTER_LEAF_SCHEMA] as const].map(([name, schema]) => {
    const module: Module = { imports: new Set(), declarations: new Map() }
    declare(schema, module)
    return [path(name), writeModule(name, schema.description ?? '', module)] as const
  })
  return new Map([[path('common'), commonModule()], ...modules])
}
