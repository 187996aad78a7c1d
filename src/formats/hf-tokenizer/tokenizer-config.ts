/**
 * tokenizer_config.json, special_tokens_map.json and chat_template.json: settings, and the chat template as a text.
 *
 * The template may be one string or a list of named ones; each is a text fact under its JSON pointer. A custom
 * tokenizer class names code by `auto_map`, which becomes a reference as in any configuration.
 */
import { referencesIn } from '../hf-config/references.ts'
import type { JsonCursor } from '../json/cursor.ts'
import { Flattener } from '../json/flatten.ts'
import type { TokenizerFacts } from './tokenizer-json.ts'
import { checkContent } from './added-tokens.ts'

const TEMPLATE = /^\/chat_template(?:\/\d+\/template)?$/
/** Other keys of which a text with marks of Jinja is kept. */
const TEMPLATE_KEYS = /template$/i
const MARKS = /\{[{%]/
const ADDED_CONTENT = /^\/added_tokens_decoder\/\d+\/content$/

function takeString(
  value: string,
  place: { readonly pointer: string; readonly key: string },
  facts: TokenizerFacts,
): void {
  if (TEMPLATE.test(place.pointer) || (TEMPLATE_KEYS.test(place.key) && MARKS.test(value)))
    return facts.text(place.pointer, value)
  if (ADDED_CONTENT.test(place.pointer)) checkContent(value, place.pointer, facts)
  for (const reference of referencesIn(value, place)) facts.reference(reference)
}

/** Takes the value of such a file. */
export function takeTokenizerConfig(cursor: JsonCursor, facts: TokenizerFacts): void {
  if (cursor.kind() !== 'object') facts.anomalies.add('tok-shape', 'the file is not an object', { locus: 'file' })
  const flattener = new Flattener(cursor, {
    metadata: (fact) => facts.metadata(fact),
    string: (value, pointer, key) => takeString(value, { pointer, key }, facts),
  })
  flattener.take('', '')
}
