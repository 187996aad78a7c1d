/**
 * The plain lists of older tokenizers: vocab.txt, one token a line whose number is its id, and merges.txt, one pair a
 * line after an optional comment.
 */
import { isUtf8 } from 'node:buffer'
import { Fault, sha256 } from '../../base/index.ts'
import type { AnomalyList } from '../anomaly-list.ts'
import type { FactCollector } from '../fact-collector.ts'
import { quoteName } from '../names.ts'
import type { ReadRequest } from '../reader.ts'
import type { TokenizerAnomaly } from './anomalies.ts'
import { Vocabulary } from './vocabulary.ts'

const LONGEST_FILE = 8 * 1024 * 1024

function checkMerges(lines: readonly string[], anomalies: AnomalyList<TokenizerAnomaly>): void {
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('#version') || line.split(' ').length === 2) continue
    anomalies.add('tok-merges', `the line ${quoteName(line)} does not name two tokens`, { locus: `line ${index + 1}` })
  }
}

function checkTokens(lines: readonly string[], anomalies: AnomalyList<TokenizerAnomaly>): void {
  const vocabulary = new Vocabulary(anomalies)
  for (const [index, line] of lines.entries()) vocabulary.add(line, index, `line ${index + 1}`)
}

/** Takes a list of either kind. @throws Fault `budget-bytes` above 8 MiB */
export function takeWordList(
  request: ReadRequest,
  facts: FactCollector<TokenizerAnomaly>,
  kind: 'vocabulary' | 'merges',
): void {
  const { size } = request.source
  if (size > LONGEST_FILE) throw new Fault('budget-bytes', `a list of ${size} bytes; at most ${LONGEST_FILE} are read`)
  const bytes = request.source.read(0, size)
  facts.claim('text', 0, size)
  if (!isUtf8(bytes)) return facts.anomalies.add('tok-shape', 'the list is not UTF-8', { locus: 'file' })
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  request.budget.spendItems(lines.length)
  if (kind === 'merges') checkMerges(lines, facts.anomalies)
  else checkTokens(lines, facts.anomalies)
  facts.metadata({ key: '', type: kind, value: null, count: lines.length, digest: sha256(bytes) })
}
