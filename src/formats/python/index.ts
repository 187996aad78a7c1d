/**
 * Python sources: what they import, what they do on import, when a model is built, and when somebody calls them.
 *
 * Nothing is run. The facts say what a program reaches; whether that is what a model needs is the audit's business.
 */
import { FactCollector } from '../fact-collector.ts'
import { baseName, looksLikeText } from '../glimpse.ts'
import type { FormatReader, Glimpse } from '../reader.ts'
import { ANOMALIES } from '../text/anomalies.ts'
import { takeText } from '../text/take-text.ts'
import { CodeReport } from './report.ts'
import { describeSource } from './walk.ts'

const FORMAT = 'python'
const ENDINGS = ['.py', '.pyi', '.pyw']
/** In a path file Python runs the lines that begin so, each time that it starts. */
const RUN_LINE = /^import[ \t]/

function isPathFile(path: string): boolean {
  return baseName(path).endsWith('.pth')
}

/** A text under the name of a path file: most files of this name are weights. */
function looksLikePathFile(glimpse: Glimpse): boolean {
  return isPathFile(glimpse.path) && looksLikeText(glimpse) && glimpse.head[0] !== 0x80
}

/** Of a path file the lines that are run; every line keeps its number. */
function sourceOf(path: string, text: string): string {
  if (!isPathFile(path)) return text
  const lines = text.split('\n')
  return lines.map((line) => (RUN_LINE.test(line) ? line : '')).join('\n')
}

/** See the module. */
export const pythonReader: FormatReader = {
  format: FORMAT,
  title: 'Python source',
  version: 1,
  extensions: ENDINGS,
  sniff(glimpse) {
    if (looksLikePathFile(glimpse)) return 'structure'
    if (!ENDINGS.some((ending) => baseName(glimpse.path).endsWith(ending))) return null
    return looksLikeText(glimpse) ? 'structure' : 'name'
  },
  read(request) {
    const facts = new FactCollector(request, FORMAT, ANOMALIES)
    const text = takeText(request, facts)
    if (text === undefined) return facts.finish()
    facts.text('text', text)
    facts.reference({ kind: 'code', target: request.path, locus: 'file' })
    const report = new CodeReport()
    describeSource(sourceOf(request.path, text), report)
    for (const fact of report.facts) facts.code(fact)
    if (report.trouble !== undefined) facts.leaveUnread(report.trouble)
    return facts.finish()
  },
}
