/**
 * The key-value part of a GGUF file.
 *
 * Guarantee: the walk is driven by the bytes that exist; keys stand in a list, so that a key like `__proto__` is a
 * key like any other; of two values of one key both are facts and the doubling is an anomaly.
 */
import type { MetadataFact } from '../facts.ts'
import { readArray } from './arrays.ts'
import type { GgufContext } from './context.ts'
import { stop } from './context.ts'
import { checkKeyType } from './known-keys.ts'
import { readScalar } from './scalars.ts'
import { hasOddCharacters, quoteName, readText } from './text.ts'
import { valueType } from './value-types.ts'

const KEPT_TEXT = 4096
const KEPT_TEMPLATE = 1024 * 1024
const LONGEST_KEY = 65_535
const MAGIC_KEYS: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'valueOf',
])

/** First value of each key. */
export type MetadataByKey = Map<string, MetadataFact>

/** Reads `count` entries into the facts and `byKey`. @throws Fault whose code is an anomaly's, when the walk cannot go on */
export function readMetadata(context: GgufContext, count: number, byKey: MetadataByKey): void {
  for (let i = 0; i < count; i++) {
    context.locus = `metadata entry ${i}`
    readEntry(context, byKey)
  }
}

function readEntry(context: GgufContext, byKey: MetadataByKey): void {
  context.offset = context.cursor.at
  const key = readKey(context)
  context.locus = `key ${quoteName(key)}`
  const fact = readValue(context, key)
  context.facts.metadata(fact)
  if (isAddress(fact)) context.facts.reference({ kind: 'url', target: fact.value, locus: key })
  if (byKey.has(key)) {
    context.anomalies.add('ggf-duplicate-key', `${context.locus} stands twice`, {
      locus: context.locus,
      offset: context.offset,
    })
  } else byKey.set(key, fact)
  checkKeyType(context, fact)
}

function readKey(context: GgufContext): string {
  const { text, length } = readText(context, 1024)
  if (length === 0) throw stop('ggf-empty-key', `${context.locus} has an empty key`)
  const locus = `key ${quoteName(text)}`
  if (length > LONGEST_KEY || !/^[!-~]+$/.test(text) || text.split('.').some((part) => MAGIC_KEYS.has(part)))
    context.anomalies.add('ggf-key-name', `${locus} (${length} bytes) is no plain name`, { locus })
  if (hasOddCharacters(text))
    context.anomalies.add('ggf-odd-characters', `${locus} holds invisible characters`, { locus })
  return text
}

function readValue(context: GgufContext, key: string): MetadataFact {
  const id = context.cursor.u32()
  const type = valueType(id)
  if (type === undefined) throw stop('ggf-value-type', `${context.locus}: unknown value type ${id}`)
  if (type === 'string') return readString(context, key)
  if (type === 'array') return readList(context, key)
  return { key, type, value: readScalar(context, type) }
}

/** Keys that hold addresses: `general.url`, `general.base_model.0.repo_url`, `general.license.link` … */
function isAddress(fact: MetadataFact): fact is MetadataFact & { readonly value: string } {
  return /(^|[._])(url|link)$/.test(fact.key) && typeof fact.value === 'string'
}

function isTemplate(key: string): boolean {
  return key === 'tokenizer.chat_template' || key.startsWith('tokenizer.chat_template.')
}

function readString(context: GgufContext, key: string): MetadataFact {
  const template = isTemplate(key)
  const { text, length, digest } = readText(context, template ? KEPT_TEMPLATE : KEPT_TEXT)
  if (!template) return { key, type: 'string', value: text, ...(digest === undefined ? {} : { digest }) }
  context.facts.text(key, text)
  if (digest !== undefined)
    context.anomalies.add('ggf-limit', `a chat template of ${length} bytes; at most ${KEPT_TEMPLATE} are read`, {
      locus: context.locus,
    })
  return { key, type: 'string', value: text.slice(0, 256), ...(digest === undefined ? {} : { digest }) }
}

function readList(context: GgufContext, key: string): MetadataFact {
  const { type, items, count, digest, repeats } = readArray(context, { countRepeats: key === 'tokenizer.ggml.tokens' })
  if (repeats !== undefined && repeats > 0)
    context.anomalies.add('ggf-duplicate-tokens', `${repeats} of ${count} tokens repeat an earlier one`, {
      locus: context.locus,
    })
  return { key, type, value: items, ...(digest === undefined ? {} : { count, digest }) }
}
