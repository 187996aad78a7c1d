/**
 * YAML configurations: those of Hydra, NeMo, MLflow and of training programs.
 *
 * Read by the parser of model cards: the core schema only, tags and equal keys noted, aliases bounded. Every scalar is a
 * fact; names that a program would import and call are references. Paths and addresses are not: a configuration of a
 * training names those of the machine that it ran on.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { baseName, looksLikeText } from '../glimpse.ts'
import { ANOMALIES, type CardAnomaly } from '../hf-card/anomalies.ts'
import { fieldFacts } from '../hf-card/fields.ts'
import { parseFrontMatter } from '../hf-card/front-matter.ts'
import type { FormatReader, ReadRequest } from '../reader.ts'
import { ANOMALIES as TEXT, type TextAnomaly } from '../text/anomalies.ts'
import { takeText } from '../text/take-text.ts'
import { readTag } from './tags.ts'
import { isTarget, kindOfTarget } from './targets.ts'

const ENDINGS = ['.yaml', '.yml']
const DESCRIPTION = 'mlmodel'

type Facts = FactCollector<CardAnomaly | TextAnomaly>

/** Settings that hold a template, by their name and by marks of Jinja. */
const TEMPLATE = /(?:template|prompt)$/i
const MARKS = /\{[{%]/

function noteTarget(facts: Facts, key: string, value: unknown): void {
  const name = key.slice(key.lastIndexOf('/') + 1)
  if (typeof value === 'string' && isTarget(name, value)) noteName(facts, key, value)
}

function noteName(facts: Facts, key: string, value: string): void {
  const kind = kindOfTarget(value)
  if (kind === 'framework') return
  facts.reference({ kind: kind === 'system' ? 'class' : 'code', target: value.slice(0, 4096), locus: key })
}

/** Takes a tag; true when it constructs objects, which is noted. What a tag of HyperPyYAML names is called or imported. */
function takeTag(facts: Facts, tag: string): boolean {
  const { kind, target } = readTag(tag)
  if (target !== undefined) noteName(facts, tag.slice(0, tag.indexOf(':')), target)
  if (kind === 'own') facts.leaveUnread(`a tag of its own, ${JSON.stringify(tag.slice(0, 100).toWellFormed())}`)
  return kind === 'constructing'
}

function read(request: ReadRequest): FileFacts {
  const facts: Facts = new FactCollector(request, 'yaml', [...ANOMALIES, ...TEXT])
  const text = takeText(request, facts)
  if (text === undefined) return facts.finish()
  facts.text('text', text)
  const value = parseFrontMatter(text, facts.anomalies, { what: 'the file', onTag: (tag) => takeTag(facts, tag) })
  if (value === undefined || value === null) return facts.finish()
  for (const fact of fieldFacts('', value)) {
    facts.metadata(fact)
    if (typeof fact.value === 'string' && TEMPLATE.test(fact.key) && MARKS.test(fact.value))
      facts.text(fact.key, fact.value)
    noteTarget(facts, fact.key, fact.value)
  }
  return facts.finish()
}

/** See the module. */
export const yamlReader: FormatReader = {
  format: 'yaml',
  title: 'YAML configuration',
  version: 1,
  extensions: [...ENDINGS, DESCRIPTION],
  sniff: (glimpse) => {
    const name = baseName(glimpse.path)
    if (name !== DESCRIPTION && !ENDINGS.some((ending) => name.endsWith(ending))) return null
    return looksLikeText(glimpse) ? 'structure' : 'name'
  },
  read,
}
