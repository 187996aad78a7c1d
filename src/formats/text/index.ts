/**
 * Plain texts: licences, notes, lists of requirements; and source code, which is kept as text but not judged.
 *
 * A text is understood when it is UTF-8: nothing in it acts. Code does, so a file of code is only `recognised` until
 * an audit of code exists, and a reference of kind `code` says that it is there.
 */
import { FactCollector } from '../fact-collector.ts'
import { baseName, looksLikeText } from '../glimpse.ts'
import type { FormatReader } from '../reader.ts'
import { ANOMALIES as RECOGNISED, type RecognisedAnomaly } from '../recognised/anomalies.ts'
import { ANOMALIES, type TextAnomaly } from './anomalies.ts'
import { takeText } from './take-text.ts'

const NAMES =
  'license licence copying notice readme authors citation changelog version .gitattributes .gitignore requirements.txt'.split(
    ' ',
  )
const TEXT_ENDINGS = '.txt .md .markdown .rst .csv .tsv .bib .cff .jsonl .log'.split(' ')
const CODE_ENDINGS = '.cu .cuh .c .cc .cpp .h .hpp .rs .go .java .ts .js .mjs .lua .r .pl .rb .html .svg'.split(' ')
const SETTING_ENDINGS = '.yaml .yml .toml .cfg .ini .xml .css'.split(' ')
const UNREAD_CODE = 'source code, which is not analysed in this version'
const UNREAD_SETTINGS = 'configuration in a form that is not analysed in this version'

function hasEnding(path: string, endings: readonly string[]): boolean {
  const name = baseName(path)
  return endings.some((ending) => name.endsWith(ending))
}

function isNamedText(path: string): boolean {
  const name = baseName(path)
  return (
    NAMES.includes(name) || /^(?:licen[cs]e|copying|notice|readme)[-_.]/.test(name) || hasEnding(path, TEXT_ENDINGS)
  )
}

/** See the module. */
export const textReader: FormatReader = {
  format: 'text',
  title: 'Plain text',
  version: 2,
  extensions: [...NAMES, ...TEXT_ENDINGS, ...CODE_ENDINGS, ...SETTING_ENDINGS],
  sniff(glimpse) {
    if (!isNamedText(glimpse.path) && !hasEnding(glimpse.path, [...CODE_ENDINGS, ...SETTING_ENDINGS])) return null
    return looksLikeText(glimpse) ? 'structure' : 'name'
  },
  read(request) {
    const facts = new FactCollector<TextAnomaly | RecognisedAnomaly>(request, 'text', [...ANOMALIES, ...RECOGNISED])
    const text = takeText(request, facts)
    if (text === undefined) return facts.finish()
    facts.text('text', text)
    if (hasEnding(request.path, SETTING_ENDINGS))
      return facts.finish({ reading: 'recognised', reason: UNREAD_SETTINGS })
    if (!hasEnding(request.path, CODE_ENDINGS)) return facts.finish()
    facts.anomalies.add('rec-source-code', UNREAD_CODE, { locus: 'file' })
    facts.reference({ kind: 'code', target: request.path, locus: 'file' })
    return facts.finish({ reading: 'recognised', reason: UNREAD_CODE })
  },
}
