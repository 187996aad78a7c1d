/**
 * Added tokens: the special ones that frame turns and tools, and whatever else was put into the vocabulary later.
 */
import type { FactCollector } from '../fact-collector.ts'
import type { JsonAnomaly } from '../json/anomalies.ts'
import type { JsonCursor, JsonValue } from '../json/cursor.ts'
import { quoteName } from '../names.ts'
import type { TokenizerAnomaly } from './anomalies.ts'

/** One added token. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  readonly special: boolean
}

/** Bidirectional controls, zero-width and tag characters; white space has its place in added tokens. */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u

/** Reads one token from its JSON; undefined when it is none. */
export function addedTokenOf(value: JsonValue): AddedToken | undefined {
  if (!(value instanceof Map)) return undefined
  const [id, content] = [value.get('id'), value.get('content')]
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || typeof content !== 'string') return undefined
  return { id, content, special: value.get('special') === true }
}

/** Notes invisible characters in the content of a token. */
export function checkContent(
  content: string,
  locus: string,
  facts: FactCollector<TokenizerAnomaly | JsonAnomaly>,
): void {
  if (!INVISIBLE.test(content)) return
  facts.anomalies.add('tok-invisible', `the added token ${quoteName(content)} holds invisible characters`, { locus })
}

function checkTwins(tokens: readonly AddedToken[], facts: FactCollector<TokenizerAnomaly | JsonAnomaly>): void {
  const ids = new Set<number>()
  const contents = new Set<string>()
  for (const { id, content } of tokens) {
    const locus = '/added_tokens'
    if (ids.has(id)) facts.anomalies.add('tok-duplicate-id', `two added tokens have the id ${id}`, { locus })
    if (contents.has(content))
      facts.anomalies.add('tok-duplicate-token', `the added token ${quoteName(content)} stands twice`, { locus })
    ids.add(id)
    contents.add(content)
  }
}

/** Takes the list `added_tokens` of a tokenizer.json, notes it as metadata and returns it. */
export function takeAddedTokens(
  cursor: JsonCursor,
  facts: FactCollector<TokenizerAnomaly | JsonAnomaly>,
): readonly AddedToken[] {
  const value = cursor.value()
  if (!Array.isArray(value)) {
    facts.anomalies.add('tok-shape', '/added_tokens is not a list', { locus: '/added_tokens' })
    return []
  }
  const tokens: AddedToken[] = []
  for (const [index, item] of value.entries()) {
    const locus = `/added_tokens/${index}`
    const token = addedTokenOf(item as JsonValue)
    if (token === undefined) facts.anomalies.add('tok-shape', `${locus} is no token with id and content`, { locus })
    else {
      tokens.push(token)
      checkContent(token.content, locus, facts)
      facts.metadata({
        key: locus,
        type: token.special ? 'special-token' : 'added-token',
        value: [token.id, token.content.slice(0, 256).toWellFormed()],
      })
    }
  }
  checkTwins(tokens, facts)
  return tokens
}
