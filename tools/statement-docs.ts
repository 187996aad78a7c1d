/** The page about our statements, made from their schemas: members, forms, meanings, rules. */
import { SchemaSet, type Schema } from '../src/certificate/statements/schema.ts'
import { listRules } from '../src/certificate/statements/rules.ts'
import {
  COMMON_SCHEMA,
  REGISTER_LEAF_SCHEMA,
  predicateTypeOf,
  STATEMENT_KINDS,
  STATEMENT_SCHEMAS,
  type StatementKind,
} from '../src/certificate/statements/schemas.ts'
import { table } from './markdown-table.ts'

const set = new SchemaSet(COMMON_SCHEMA)

/** What a reference stands for, with the words of the place where it stands. */
function resolve(schema: Schema): Schema {
  const { description } = schema
  return { ...set.resolve(schema), ...(description === undefined ? {} : { description }) }
}

function formOf(schema: Schema): string {
  const rule = resolve(schema)
  if (rule.const !== undefined) return `\`${JSON.stringify(rule.const)}\``
  if (rule.enum !== undefined) return rule.enum.map((word) => `\`${word}\``).join(', ')
  if (rule.anyOf !== undefined) return rule.anyOf.map(formOf).join(' or ')
  if (rule.type === 'array') return `list of ${formOf(rule.items ?? {})}`
  if (rule.type === 'integer')
    return rule.maximum === Number.MAX_SAFE_INTEGER
      ? `integer from ${rule.minimum}`
      : `integer ${rule.minimum} … ${rule.maximum}`
  if (rule.type === 'string') return rule.pattern === undefined ? 'text' : `\`${rule.pattern}\``
  return rule.title ?? 'texts by name'
}

/** The object that stands in a member or its list, with what is added to the path; undefined when there is none. */
function innerOf(rule: Schema): readonly [Schema, string] | undefined {
  const inner = rule.type === 'array' ? resolve(rule.items ?? {}) : (rule.anyOf?.at(-1) ?? rule)
  return inner.type === 'object' ? [inner, rule.type === 'array' ? '[]' : ''] : undefined
}

function* rowsOf(schema: Schema, path: string): Generator<readonly string[]> {
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const rule = resolve(member)
    const place = path === '' ? name : `${path}.${name}`
    yield [`\`${place}\``, schema.required?.includes(name) ? 'yes' : '', formOf(member), rule.description ?? '']
    const inner = innerOf(rule)
    if (inner !== undefined) yield* rowsOf(inner[0], place + inner[1])
  }
}

function membersOf(schema: Schema): string {
  return table(['member', 'needed', 'form', 'meaning'], rowsOf(schema, ''))
}

function section(kind: StatementKind): readonly string[] {
  const { description = '', ...schema } = STATEMENT_SCHEMAS[kind]
  const own = listRules(kind).filter((text) => !listRules('declaration').includes(text))
  return [
    `## ${kind}`,
    `\`${predicateTypeOf(kind)}\`, [schema](../../src/certificate/statements/schemas/${kind}.schema.json). ${description}`,
    membersOf(schema),
    ...(own.length === 0 ? [] : [own.map((text) => `- ${text}`).join('\n')]),
  ]
}

/** Title and paragraphs of the page. */
export function statementsPage(): readonly [string, ...string[]] {
  return [
    'Statements',
    'Each statement is an in-toto Statement v1 in canonical JSON (RFC 8785) with one of these predicates. The schemas are JSON Schema, draft 2020-12; `$id` is the predicate type. A member that is not listed is refused. Numbers are integers of at most 2^53−1, statistics are decimal text. The package carries the files as `tidewaiter/schemas/*.schema.json`.',
    '## What all share',
    membersOf(COMMON_SCHEMA.$defs?.['statement'] ?? {}),
    listRules('declaration')
      .map((text) => `- ${text}`)
      .join('\n'),
    ...STATEMENT_KINDS.flatMap(section),
    '## The leaf register/1',
    `[schema](../../src/certificate/statements/schemas/register-leaf.schema.json). ${REGISTER_LEAF_SCHEMA.description}`,
    'In canonical JSON, at most 4,096 bytes. No personal data: officers by the pseudonym of one year, texts by salted digest.',
    membersOf(REGISTER_LEAF_SCHEMA),
  ]
}
