/**
 * Does a value meet a schema?
 *
 * Guarantee: never true for what is not known: a container whose contents were forgotten meets only `any`.
 */
import type { Machine } from './machine.ts'
import type { Schema } from './schema.ts'
import { textAt } from './texts.ts'
import { detailOf, DICT, GLOBAL, INST, INT, kindOf, LIST, STR, TOP, TUPLE } from './values.ts'

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/
const DIGITS = /^-?\d{1,1000}(\/\d{1,1000})?$/
const LONGEST_NAME = 256

/** True for an identifier that no protocol of Python gives a meaning to. @example isPlainAttribute('__class__') // false */
export function isPlainAttribute(text: string): boolean {
  return IDENTIFIER.test(text) && !(text.startsWith('__') && text.endsWith('__'))
}

/** A value. */
type Value = readonly [kind: number, load: number]

/** See the module. */
export function matches(m: Machine, schema: Schema, value: Value): boolean {
  const [kind, load] = value
  switch (schema.is) {
    case 'either':
      return schema.of.some((each) => matches(m, each, value))
    case 'tuple':
      return kindOf(kind) === TUPLE && matchesTuple(m, schema, load)
    case 'list':
      return kindOf(kind) === LIST && matchesList(m, schema.item, load)
    case 'dict':
      return kindOf(kind) === DICT && matchesDict(m, schema, load)
    case 'instance':
      return isInstance(m, schema, value)
    default:
      return matchesAtom(m, schema, value)
  }
}

function matchesAtom(m: Machine, schema: Schema, [kind, load]: Value): boolean {
  switch (schema.is) {
    case 'any':
      return true
    case 'kind':
      return kind === schema.kind || isSameKind(kind, schema.kind)
    case 'nat':
      return kind === INT && load >= 0
    case 'number':
      return kind === INT && load === schema.value
    default:
      if (kindOf(kind) === GLOBAL) return isGlobal(m, schema, detailOf(kind))
      return kindOf(kind) === STR && matchesText(m, schema, load)
  }
}

/** Bytes that were encoded from a text are bytes; a string of Python 2 is no str. */
function isSameKind(kind: number, wanted: number): boolean {
  return kindOf(kind) === wanted && wanted !== STR
}

function matchesText(m: Machine, schema: Schema, offset: number): boolean {
  if (schema.is === 'digits') return DIGITS.test(textAt(m, offset) ?? '')
  const text = textAt(m, offset, LONGEST_NAME)
  if (schema.is === 'text') return text === schema.value
  return schema.is === 'name' && isPlainAttribute(text ?? '')
}

function matchesTuple(m: Machine, schema: Extract<Schema, { is: 'tuple' }>, cell: number): boolean {
  const { heap } = m
  if (!heap.isKnown(cell)) return false
  const count = heap.count(cell)
  if (count < schema.needed || (schema.rest === undefined && count > schema.items.length)) return false
  return heap.each(cell, (kind, load, index) => {
    const item = schema.items[index] ?? schema.rest
    return item !== undefined && matches(m, item, [kind, load])
  })
}

function matchesList(m: Machine, item: Schema, cell: number): boolean {
  if (item.is === 'any') return true
  return m.heap.isKnown(cell) && m.heap.each(cell, (kind, load) => matches(m, item, [kind, load]))
}

/** Each key is held against the entries in order; the first that it meets says what its value must be. */
function matchesDict(m: Machine, { entries }: Extract<Schema, { is: 'dict' }>, cell: number): boolean {
  const [first] = entries
  if (first?.key.is === 'any' && first.value.is === 'any') return true
  let wanted: Schema | undefined
  return (
    m.heap.isKnown(cell) &&
    m.heap.each(cell, (kind, load, index) => {
      if (index % 2 === 1) return wanted !== undefined && matches(m, wanted, [kind, load])
      wanted = entries.find(({ key }) => matches(m, key, [kind, load]))?.value
      return wanted !== undefined
    })
  )
}

function isInstance(
  m: Machine,
  schema: Extract<Schema, { is: 'instance' }>,
  [kind, load]: readonly [number, number],
): boolean {
  if (kindOf(kind) !== INST || m.globals.at(detailOf(kind)).target !== schema.target) return false
  return !schema.empty || (m.heap.isKnown(load) && m.heap.count(load) === 0 && !m.states.has(load))
}

function isGlobal(m: Machine, schema: Schema, number: number): boolean {
  const { target, rights } = m.globals.at(number)
  if (schema.is === 'global') return target === schema.target
  const role = rights?.entry.signature.role
  if (schema.is === 'enum') return role === 'enum'
  return schema.is === 'type' && role === 'type' && rights?.newobj !== undefined
}

/** Whether something that is not known lies in a value, as far as three levels deep. */
export function holdsUnknown(m: Machine, [kind, load]: Value, depth = 3): boolean {
  const plain = kindOf(kind)
  if (plain === TOP) return true
  if (plain !== TUPLE && plain !== LIST && plain !== DICT) return false
  if (!m.heap.isKnown(load)) return true
  if (depth === 0 || m.heap.count(load) > 4096) return false
  return !m.heap.each(load, (k, l) => !holdsUnknown(m, [k, l], depth - 1))
}
