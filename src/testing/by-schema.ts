/** Documents made from a JSON Schema: valid ones, and such with one thing changed. */
import fc from 'fast-check'
import { formatTime } from '../base/index.ts'
import type { Schema, SchemaSet } from '../certificate/statements/schema.ts'

const time = fc.integer({ min: 0, max: 4e12 }).map(formatTime)
const LIST_LENGTH = 3

function integerOf({ minimum = 0, maximum = 0 }: Schema): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: minimum, max: Math.min(maximum, minimum + 1e6) }), fc.constant(maximum))
}

function textOf({ format, pattern, minLength = 0, maxLength = 30 }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') return time
  if (format === 'date') return time.map((text) => text.slice(0, 10))
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'), { size: 'xsmall' })
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 30) })
}

function listsOf({ minItems = 0, items = {}, uniqueItems = false }: Schema, set: SchemaSet): fc.Arbitrary<unknown> {
  const options = { minLength: minItems, maxLength: Math.max(LIST_LENGTH, minItems) }
  return uniqueItems ? fc.uniqueArray(documentsOf(items, set), options) : fc.array(documentsOf(items, set), options)
}

function objectsOf(rule: Schema, set: SchemaSet): fc.Arbitrary<unknown> {
  if (typeof rule.additionalProperties === 'object') {
    const keys = fc.stringMatching(new RegExp(rule.propertyNames?.pattern ?? '^a+$', 'u'), { size: 'xsmall' })
    return fc.dictionary(keys, documentsOf(rule.additionalProperties, set), { maxKeys: LIST_LENGTH })
  }
  const { properties, required } = set.shapeOf(rule)
  const members = Array.from(properties, ([name, member]) => [name, documentsOf(member, set)] as const)
  return fc.record(Object.fromEntries(members), { requiredKeys: [...required] })
}

/** Documents that are valid under a schema of the set. */
export function documentsOf(schema: Schema, set: SchemaSet): fc.Arbitrary<unknown> {
  const rule = set.resolve(schema)
  if (rule.anyOf !== undefined) return fc.oneof(...rule.anyOf.map((choice) => documentsOf(choice, set)))
  if (rule.const !== undefined) return fc.constant(rule.const)
  if (rule.enum !== undefined) return fc.constantFrom(...rule.enum)
  if (rule.type === 'string') return textOf(rule)
  if (rule.type === 'integer') return integerOf(rule)
  return rule.type === 'array' ? listsOf(rule, set) : objectsOf(rule, set)
}

const JUNK: readonly unknown[] = [
  '',
  'x',
  'a'.repeat(70_000),
  '\u{1f9ea}',
  '2026-02-30',
  '2026-02-30T00:00:00Z',
  '2026-01-01T00:00:60Z',
  '2026-01-01T24:00:00Z',
  'ab'.repeat(32),
  'AB'.repeat(32),
  `tw1:${'ab'.repeat(32)}`,
  '0123',
  '1.50',
  '1e5',
  '-0',
  'not logged',
  'uabc',
  'host.example\n',
  0,
  -1,
  1,
  2 ** 53 - 1,
  131_071,
  131_072,
  true,
  false,
  [],
  ['a', 'a'],
  ['a'],
  {},
  { origin: 'a.example' },
  { origin: 'A' },
  { sha256: 'ab' },
]

type Container = Record<string, unknown>

function containersIn(value: unknown): Container[] {
  if (typeof value !== 'object' || value === null) return []
  return [value as Container, ...Object.values(value).flatMap(containersIn)]
}

/** One change of a document: a member is taken out, put in, or becomes something else. */
export interface Change {
  readonly at: number
  readonly member: number
  readonly kind: 'drop' | 'junk' | 'add'
  readonly junk: number
}

/** Changes to be applied by {@link applyChange}. */
export const changes: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(10_000),
  member: fc.nat(10_000),
  kind: fc.constantFrom('drop', 'junk', 'add'),
  junk: fc.nat(JUNK.length - 1),
})

/** A copy of a document with one change; most are no longer valid. */
export function applyChange(document: unknown, { at, member, kind, junk }: Change): unknown {
  const copy = structuredClone(document)
  const containers = containersIn(copy)
  const container = containers[at % containers.length] ?? {}
  const names = Object.keys(container)
  const name = names[member % Math.max(1, names.length)] ?? '0'
  if (kind === 'add') container[Array.isArray(container) ? String(names.length) : 'extra'] = JUNK[junk]
  else if (kind === 'junk') container[name] = JUNK[junk]
  else if (Array.isArray(container)) container.pop()
  else Reflect.deleteProperty(container, name)
  return copy
}
