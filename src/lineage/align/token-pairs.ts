/**
 * Which token of A is which token of B.
 *
 * By their strings, where both models come with a `tokenizer.json`; otherwise by their numbers, up to the smaller
 * vocabulary. Wrong pairs cost power and nothing else: no bound rests on them.
 */
import { readFileSync, statSync } from 'node:fs'
import { draw } from '../weights/sampling.ts'
import type { Weights } from '../weights/weights.ts'

/** Numbers of tokens, pair by pair. */
export interface TokenPairs {
  readonly a: Uint32Array
  readonly b: Uint32Array
  /** How they were paired. */
  readonly by: 'string' | 'number'
}

/** Tokens that are looked at. */
const DRAWN_TOKENS = 8192
/** Larger tokenizers are not read. */
const MOST_BYTES = 64 * 1024 * 1024
/** Fewer common strings than this are worth less than numbers. */
const LEAST_COMMON = 64

function parse(path: string): unknown {
  try {
    return statSync(path).size > MOST_BYTES ? null : JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined
}

/** Entries of a vocabulary: an object of numbers, or a list of strings with their scores. */
function vocabularyOf(tokenizer: unknown): Map<string, number> {
  const vocab = field(field(tokenizer, 'model'), 'vocab')
  const entries: readonly (readonly [unknown, unknown])[] = Array.isArray(vocab)
    ? vocab.map((entry: unknown, id) => [Array.isArray(entry) ? entry[0] : undefined, id] as const)
    : Object.entries(typeof vocab === 'object' && vocab !== null ? vocab : {})
  return new Map(
    entries.flatMap(([token, id]) =>
      typeof token === 'string' && Number.isSafeInteger(id) ? [[token, Number(id)]] : [],
    ),
  )
}

function readVocabulary(weights: Weights): Map<string, number> {
  const file = weights.facts.files.find(
    ({ path, container }) => container === undefined && /(^|\/)tokenizer\.json$/.test(path),
  )
  return file === undefined ? new Map<string, number>() : vocabularyOf(parse(weights.opened.locate(file.path)))
}

/** Pairs of tokens that stand in both; `rows` are the sizes of the two matrices. */
export function pairTokens(
  a: Weights,
  b: Weights,
  at: { readonly rows: readonly [number, number]; readonly seed: string },
): TokenPairs {
  const [ours, theirs] = [readVocabulary(a), readVocabulary(b)]
  const common = [...ours].flatMap(([token, id]) => {
    const other = theirs.get(token) ?? -1
    return id >= 0 && id < at.rows[0] && other >= 0 && other < at.rows[1] ? [[id, other] as const] : []
  })
  if (common.length >= LEAST_COMMON) {
    const sorted = common.toSorted(([x], [y]) => x - y)
    const drawn = Array.from(draw(at.seed, 'common tokens', { size: sorted.length, count: DRAWN_TOKENS }))
    const pick = (side: 0 | 1): Uint32Array => Uint32Array.from(drawn, (place) => sorted[place]?.[side] ?? 0)
    return { a: pick(0), b: pick(1), by: 'string' }
  }
  const numbers = draw(at.seed, 'tokens', { size: Math.min(...at.rows), count: DRAWN_TOKENS })
  return { a: numbers, b: numbers, by: 'number' }
}
