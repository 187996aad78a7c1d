/**
 * The files of a tokenizer: tokenizer.json, its configuration, special and added tokens, plain vocabularies, and the
 * chat template wherever it stands.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { baseName, firstByteIsOneOf, looksLikeText } from '../glimpse.ts'
import type { JsonCursor } from '../json/cursor.ts'
import { readJsonFile } from '../json/document.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { ANOMALIES as TEXT_ANOMALIES } from '../text/anomalies.ts'
import { takeText } from '../text/take-text.ts'
import { ANOMALIES } from './anomalies.ts'
import { takeTokenizerConfig } from './tokenizer-config.ts'
import { takeTokenizer, takeTokenMapFile, type TokenizerFacts } from './tokenizer-json.ts'
import { takeWordList } from './word-lists.ts'

const FORMAT = 'hf-tokenizer'
const JSON_FILES: ReadonlyMap<string, (cursor: JsonCursor, facts: TokenizerFacts) => void> = new Map([
  ['tokenizer.json', takeTokenizer],
  ['tokenizer_config.json', takeTokenizerConfig],
  ['special_tokens_map.json', takeTokenizerConfig],
  ['chat_template.json', takeTokenizerConfig],
  ['vocab.json', takeTokenMapFile],
  ['added_tokens.json', takeTokenMapFile],
])
const LISTS = ['merges.txt', 'vocab.txt']
const TEMPLATE_ENDINGS = ['.jinja', '.jinja2', '.j2', '.template']

function isTemplate(name: string): boolean {
  return TEMPLATE_ENDINGS.some((ending) => name.endsWith(ending))
}

function readTemplate(request: ReadRequest): FileFacts {
  const facts = new FactCollector(request, FORMAT, TEXT_ANOMALIES)
  const text = takeText(request, facts)
  if (text !== undefined) facts.text('template', text)
  return facts.finish()
}

function readWordList(request: ReadRequest, kind: 'vocabulary' | 'merges'): FileFacts {
  const facts = new FactCollector(request, FORMAT, ANOMALIES)
  takeWordList(request, facts, kind)
  return facts.finish()
}

function read(request: ReadRequest): FileFacts {
  const name = baseName(request.path)
  const take = JSON_FILES.get(name)
  if (take !== undefined) return readJsonFile(request, { format: FORMAT, anomalies: ANOMALIES, read: take })
  if (isTemplate(name)) return readTemplate(request)
  return readWordList(request, name === 'merges.txt' ? 'merges' : 'vocabulary')
}

/** See the module. */
export const hfTokenizerReader: FormatReader = {
  format: FORMAT,
  title: 'Hugging Face tokenizer',
  version: 2,
  extensions: [...JSON_FILES.keys(), ...LISTS, ...TEMPLATE_ENDINGS],
  sniff(glimpse) {
    const name = baseName(glimpse.path)
    if (JSON_FILES.has(name)) return firstByteIsOneOf(glimpse, '{') ? 'structure' : 'name'
    if (!LISTS.includes(name) && !isTemplate(name)) return null
    return looksLikeText(glimpse) ? 'structure' : 'name'
  },
  read,
}
