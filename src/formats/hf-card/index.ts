/**
 * A model card: README.md with front matter that declares licence, base models, data and languages.
 *
 * The fields become metadata under pointers (`/license`, `/base_model`), what they point at becomes references, and
 * the rest of the card is a text. Declarations are facts about what was said, not about the model.
 */
import { FactCollector } from '../fact-collector.ts'
import { baseName, looksLikeText } from '../glimpse.ts'
import { pointerStep } from '../json/flatten.ts'
import type { FormatReader } from '../reader.ts'
import { ANOMALIES as TEXT_ANOMALIES, type TextAnomaly } from '../text/anomalies.ts'
import { takeText } from '../text/take-text.ts'
import { ANOMALIES, type CardAnomaly } from './anomalies.ts'
import { fieldFacts } from './fields.ts'
import { parseFrontMatter, splitCard } from './front-matter.ts'

type Facts = FactCollector<CardAnomaly | TextAnomaly>

const REPOSITORY_FIELDS: ReadonlySet<string> = new Set(['base_model', 'datasets', 'new_version'])
/** Cards that list their evaluation results have up to 3 MB of front matter. */
const LONGEST_CARD = 4 * 1024 * 1024
/** Evaluation results, of which only the number of models is kept. */
const RESULTS = 'model-index'
const LONGEST_STRING = 4096

function noteReferences(facts: Facts, field: string, value: unknown): void {
  if (field === 'license_link' && typeof value === 'string') {
    facts.reference({
      kind: /^https?:/.test(value) ? 'url' : 'path',
      target: value.slice(0, LONGEST_STRING),
      locus: '/license_link',
    })
  }
  if (!REPOSITORY_FIELDS.has(field)) return
  const named: readonly unknown[] = Array.isArray(value) ? value : [value]
  for (const target of named) {
    if (typeof target === 'string')
      facts.reference({ kind: 'repository', target: target.slice(0, LONGEST_STRING), locus: `/${field}` })
  }
}

function takeFrontMatter(facts: Facts, frontMatter: string): void {
  const fields = parseFrontMatter(frontMatter, facts.anomalies)
  if (fields === undefined || fields === null) return
  if (!(fields instanceof Map))
    return facts.anomalies.add('card-root', 'the front matter is no map of fields', { locus: 'front matter' })
  for (const [name, value] of fields) {
    if (name === RESULTS)
      facts.metadata({ key: `/${RESULTS}`, type: 'array', value: null, count: Array.isArray(value) ? value.length : 0 })
    else for (const fact of fieldFacts(pointerStep(String(name)), value)) facts.metadata(fact)
    noteReferences(facts, String(name), value)
  }
}

/** See the module. */
export const hfCardReader: FormatReader = {
  format: 'hf-card',
  title: 'Model card',
  version: 1,
  extensions: ['readme.md'],
  sniff(glimpse) {
    if (baseName(glimpse.path) !== 'readme.md') return null
    return looksLikeText(glimpse) ? 'structure' : 'name'
  },
  read(request) {
    const facts: Facts = new FactCollector<CardAnomaly | TextAnomaly>(request, 'hf-card', [
      ...ANOMALIES,
      ...TEXT_ANOMALIES,
    ])
    const text = takeText(request, facts, LONGEST_CARD)
    if (text === undefined) return facts.finish()
    const { frontMatter, body, unclosed } = splitCard(text)
    if (unclosed)
      facts.anomalies.add('card-front-matter', 'the front matter is opened and never closed', { locus: 'front matter' })
    if (frontMatter !== undefined) takeFrontMatter(facts, frontMatter)
    facts.text('body', body)
    return facts.finish({ broken: 'listed' })
  },
}
