/**
 * The fields of a card's front matter as metadata facts, flattened as JSON is: one for each scalar and each list of
 * scalars, under its pointer. Keys that are no strings are known by their text.
 */
import { Fault } from '../../base/index.ts'
import type { MetadataFact } from '../facts.ts'
import { pointerStep } from '../json/flatten.ts'

const MOST_ITEMS = 64
const LONGEST_STRING = 4096
/** Deeper than any card, and short of a list that holds itself. */
const DEEPEST = 32

function scalarOf(value: unknown): MetadataFact['value'] {
  if (typeof value === 'string') return value.slice(0, LONGEST_STRING).toWellFormed()
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? value : '(of no plain kind)'
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value
}

function listFact(key: string, items: readonly unknown[]): MetadataFact {
  const types = new Set(items.map(typeOf))
  const type = types.size === 1 ? `array<${[...types].join('')}>` : 'array'
  const cut = items.length > MOST_ITEMS ? { count: items.length } : {}
  return { key, type, value: items.slice(0, MOST_ITEMS).map(scalarOf), ...cut }
}

/**
 * The facts of one value as the YAML reader gave it: maps, lists and scalars.
 *
 * @throws Fault `budget-depth` below 32 levels
 */
export function* fieldFacts(key: string, value: unknown, depth = 0): Generator<MetadataFact> {
  if (depth > DEEPEST) throw new Fault('budget-depth', `front matter nested deeper than ${DEEPEST} levels`)
  if (value instanceof Map) {
    for (const [name, inner] of value) yield* fieldFacts(key + pointerStep(String(name)), inner, depth + 1)
  } else if (!Array.isArray(value)) yield { key, type: typeOf(value), value: scalarOf(value) }
  else if (value.some((item) => item !== null && typeof item === 'object')) {
    for (const [index, item] of value.entries()) yield* fieldFacts(`${key}/${index}`, item, depth + 1)
  } else yield listFact(key, value)
}
