/**
 * tokenizer.json: the file of the `tokenizers` library.
 *
 * The vocabulary and the merges are walked, counted and digested, not kept: a tokenizer of 256,000 tokens has half a
 * million merges. Everything else becomes metadata under its JSON pointer.
 *
 * Source: `tokenizers/src/{tokenizer,models}/**` serialisation, versions 1.0.
 */
import { sha256 } from '../../base/index.ts'
import type { FactCollector } from '../fact-collector.ts'
import type { JsonAnomaly } from '../json/anomalies.ts'
import type { JsonCursor } from '../json/cursor.ts'
import { Flattener, pointerStep } from '../json/flatten.ts'
import { quoteName } from '../names.ts'
import type { TokenizerAnomaly } from './anomalies.ts'
import { takeAddedTokens, type AddedToken } from './added-tokens.ts'
import { rewritingSteps } from './rewriting.ts'
import { Vocabulary } from './vocabulary.ts'

/** Facts of a tokenizer file. */
export type TokenizerFacts = FactCollector<TokenizerAnomaly | JsonAnomaly>

interface State {
  readonly cursor: JsonCursor
  readonly facts: TokenizerFacts
  readonly vocabulary: Vocabulary
  readonly flattener: Flattener
  added: readonly AddedToken[]
}

function misshapen({ facts, cursor }: State, locus: string, wanted: string): void {
  facts.anomalies.add('tok-shape', `${locus} is not ${wanted}`, { locus })
  cursor.skip()
}

function noteTable({ cursor, facts }: State, table: { key: string; type: string; count: number; from: number }): void {
  const { key, type, count } = table
  facts.metadata({ key, type, value: null, count, digest: sha256(cursor.bytesSince(table.from)) })
}

function takeTokenMap(state: State, locus: string): void {
  const { cursor, vocabulary } = state
  cursor.object((token) => {
    const place = locus + pointerStep(token.slice(0, 64))
    if (cursor.kind() === 'number') vocabulary.add(token, cursor.number(), place)
    else {
      cursor.skip()
      vocabulary.add(token, undefined, place)
    }
  })
}

/** A unigram vocabulary: pairs of token and score, whose ids are their places. */
function takeScoredTokens(state: State, locus: string): void {
  const { cursor, vocabulary } = state
  cursor.array((id) => {
    if (cursor.kind() !== 'array') return misshapen(state, `${locus}/${id}`, 'a pair of token and score')
    let token: string | undefined
    cursor.array((part) => {
      if (part === 0 && cursor.kind() === 'string') token = cursor.string()
      else cursor.skip()
    })
    if (token === undefined) state.facts.anomalies.add('tok-shape', `${locus}/${id} has no token`, { locus })
    else vocabulary.add(token, id, `${locus}/${id}`)
  })
}

function takeVocabulary(state: State): void {
  const { cursor, vocabulary } = state
  const key = '/model/vocab'
  const kind = cursor.kind()
  const from = cursor.at
  if (kind === 'object') takeTokenMap(state, key)
  else if (kind === 'array') takeScoredTokens(state, key)
  else return misshapen(state, key, 'a vocabulary')
  noteTable(state, { key, type: 'vocabulary', count: vocabulary.size, from })
}

function takeMerge(state: State): readonly string[] {
  const { cursor } = state
  if (cursor.kind() === 'string') return cursor.string().split(' ')
  const parts: string[] = []
  if (cursor.kind() !== 'array') cursor.skip()
  else cursor.array(() => (cursor.kind() === 'string' ? parts.push(cursor.string()) : cursor.skip()))
  return parts
}

function takeMerges(state: State): void {
  const { cursor, facts, vocabulary } = state
  if (cursor.kind() !== 'array') return misshapen(state, '/model/merges', 'a list')
  const from = cursor.at
  let count = 0
  cursor.array((index) => {
    const parts = takeMerge(state)
    count += 1
    const known = vocabulary.size === 0 || parts.every((part) => vocabulary.has(part))
    if (parts.length === 2 && known) return
    const locus = `/model/merges/${index}`
    facts.anomalies.add('tok-merges', `the merge ${quoteName(parts.join(' '))} does not name two tokens`, { locus })
  })
  noteTable(state, { key: '/model/merges', type: 'merges', count, from })
}

function takeModel(state: State): void {
  const { cursor, flattener } = state
  if (cursor.kind() !== 'object') return misshapen(state, '/model', 'an object')
  cursor.object((key) => {
    if (key === 'vocab') takeVocabulary(state)
    else if (key === 'merges') takeMerges(state)
    else flattener.take(`/model${pointerStep(key)}`, key)
  })
}

function takeRewriter(state: State, key: string): void {
  const { cursor, facts, flattener } = state
  cursor.kind()
  const from = cursor.at
  flattener.take(pointerStep(key), key)
  for (const step of rewritingSteps(cursor.again(from).value())) {
    facts.anomalies.add('tok-rewriting', `the ${key} rewrites text: ${step}`, { locus: pointerStep(key) })
  }
}

function takeMember(state: State, key: string): void {
  if (key === 'model') takeModel(state)
  else if (key === 'added_tokens') state.added = takeAddedTokens(state.cursor, state.facts)
  else if (key === 'normalizer' || key === 'decoder') takeRewriter(state, key)
  else state.flattener.take(pointerStep(key), key)
}

/** Takes the value of a tokenizer.json. */
export function takeTokenizer(cursor: JsonCursor, facts: TokenizerFacts): void {
  const vocabulary = new Vocabulary(facts.anomalies)
  const flattener = new Flattener(cursor, { metadata: (fact) => facts.metadata(fact) })
  const state: State = { cursor, facts, vocabulary, flattener, added: [] }
  if (cursor.kind() !== 'object') return misshapen(state, 'the file', 'an object')
  cursor.object((key) => takeMember(state, key))
  vocabulary.checkAdded(new Map(state.added.map(({ content, id }) => [content, id])))
  facts.metadata({ key: 'vocabulary.largest-id', type: 'integer', value: vocabulary.largest })
}

/** Takes the value of a vocab.json or an added_tokens.json: a map from tokens to ids. */
export function takeTokenMapFile(cursor: JsonCursor, facts: TokenizerFacts): void {
  const vocabulary = new Vocabulary(facts.anomalies)
  const flattener = new Flattener(cursor, { metadata: (fact) => facts.metadata(fact) })
  const state: State = { cursor, facts, vocabulary, flattener, added: [] }
  if (cursor.kind() !== 'object') return misshapen(state, 'the file', 'a map from tokens to ids')
  const from = cursor.at
  takeTokenMap(state, '')
  noteTable(state, { key: '', type: 'vocabulary', count: vocabulary.size, from })
  facts.metadata({ key: 'vocabulary.largest-id', type: 'integer', value: vocabulary.largest })
}
