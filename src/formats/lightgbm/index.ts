/**
 * LightGBM models: text of lines `key=value`, a block for each tree.
 *
 * The library cuts the trees out of the text by the sizes in the header, so these are held against the text.
 * Source: `gbdt_model_text.cpp` of LightGBM 4.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { ANOMALIES as TEXT, type TextAnomaly } from '../text/anomalies.ts'
import { takeText } from '../text/take-text.ts'
import { ANOMALIES, type LightgbmAnomaly } from './anomalies.ts'

const HEAD = /^tree\r?\nversion=v\d/
const LONGEST_FILE = 32 * 1024 * 1024
const END = 'end of trees'
/** Lines without a value, beside those of parameters, which stand in brackets. */
const WORDS: ReadonlySet<string> = new Set([
  'tree',
  'average_output',
  'feature_importances:',
  'feature importances:',
  'parameters:',
  'end of parameters',
  END,
  '',
])
const ENTRY = /^[\w. :/\\()-]{1,400}=/
const PARAMETER = /^\[[\w.-]{1,80}: .*\]$/
const CATEGORIES = 'pandas_categorical:'
const KEPT = 4096

type Facts = FactCollector<LightgbmAnomaly | TextAnomaly>

function isKnown(line: string): boolean {
  return WORDS.has(line) || PARAMETER.test(line) || line.startsWith(CATEGORIES) || line.includes('=')
}

function checkLines(text: string, facts: Facts): void {
  let offset = 0
  for (const line of text.split('\n')) {
    const bare = line.endsWith('\r') ? line.slice(0, -1) : line
    if (!isKnown(bare)) {
      const message = `the line ${JSON.stringify(bare.slice(0, 80))}`
      facts.anomalies.add('lgb-line', message, { locus: `character ${offset}` })
    }
    offset += line.length + 1
  }
}

/** Entries of the header, which ends at the first empty line. */
function readHeader(text: string, facts: Facts): ReadonlyMap<string, string> {
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length
  const entries = new Map<string, string>()
  for (const line of text.slice(0, end).split(/\r?\n/)) {
    if (!ENTRY.test(line)) continue
    const at = line.indexOf('=')
    const [key, value] = [line.slice(0, at), line.slice(at + 1)]
    entries.set(key, value)
    facts.metadata({ key: key.toWellFormed(), type: 'string', value: value.slice(0, KEPT).toWellFormed() })
  }
  return entries
}

function checkTrees(text: string, header: ReadonlyMap<string, string>, facts: Facts): void {
  const declared = (header.get('tree_sizes') ?? '').split(' ').filter((size) => size !== '')
  const starts = [...text.matchAll(/^Tree=\d+\r?$/gm)].map(({ index }) => index)
  const end = text.indexOf(`\n${END}`)
  if (end < 0) facts.anomalies.add('lgb-end', `no line says ${JSON.stringify(END)}`, { locus: 'file' })
  facts.metadata({ key: 'trees', type: 'integer', value: starts.length })
  if (declared.length === 0 || end < 0) return
  const sizes = starts.map((start, i) => (starts[i + 1] ?? end + 1) - start)
  const odd = sizes.findIndex((size, i) => String(size) !== declared[i])
  if (odd < 0 && sizes.length === declared.length) return
  const message = `${sizes.length} trees, and ${declared.length} in the header; tree ${odd < 0 ? sizes.length : odd} differs`
  facts.anomalies.add('lgb-tree-size', message, { locus: 'tree_sizes' })
}

function read(request: ReadRequest): FileFacts {
  const facts: Facts = new FactCollector(request, 'lightgbm', [...ANOMALIES, ...TEXT])
  const text = takeText(request, facts, LONGEST_FILE)
  if (text === undefined || request.source.size > LONGEST_FILE) return facts.finish()
  checkLines(text, facts)
  checkTrees(text, readHeader(text, facts), facts)
  return facts.finish()
}

/** See the module. */
export const lightgbmReader: FormatReader = {
  format: 'lightgbm',
  title: 'LightGBM model',
  version: 1,
  extensions: ['.txt', '.model', '.lgb'],
  sniff: ({ head }) => (HEAD.test(Buffer.from(head.subarray(0, 64)).toString('latin1')) ? 'magic' : null),
  read,
}
