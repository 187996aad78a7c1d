/**
 * The front matter of a model card: the YAML between two lines of three dashes at the top.
 *
 * YAML can construct objects by tags and grow without bound by aliases. Only the core schema is read: a tag outside
 * it is noted and its value kept as plain data; aliases expand to a limited number of nodes; a field that stands
 * twice is noted. The `yaml` package is loaded only when a card is read.
 *
 * Source: YAML 1.2 core schema; the Hub's description of model card metadata.
 */
import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'
import { Fault } from '../../base/index.ts'
import type { AnomalyList } from '../anomaly-list.ts'
import type { CardAnomaly } from './anomalies.ts'

/** The reader takes about sixty bytes of memory for each character. */
const LONGEST = 512 * 1024
/** Deeper than any card; the reader works by recursion. */
const DEEPEST = 64
const COMPACT_NESTING = /(?:[-?:][ \t]+){64}/
const MOST_ALIASES = 100
const CORE_TAG = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/

/** A card in its two parts. */
export interface CardParts {
  /** The YAML, without the dashes; undefined when there is none. */
  readonly frontMatter: string | undefined
  readonly body: string
  /** True when the front matter is opened and never closed. */
  readonly unclosed: boolean
}

/** Where YAML stands, and what is made of its tags. */
export interface YamlPlace {
  /** For messages: `front matter`, `the file`. */
  readonly what: string
  /** Longest text that is read, in UTF-16 units; 512 Ki unless told. */
  readonly longest?: number
  /** Is told of each tag beyond the core schema, and says whether it is noted as one that constructs objects. */
  readonly onTag?: (tag: string) => boolean
}

const FRONT_MATTER: YamlPlace = { what: 'front matter' }

/** Splits a card. @example splitCard('---\na: 1\n---\nhi').frontMatter // 'a: 1\n' */
export function splitCard(text: string): CardParts {
  const opening = /^---[ \t]*\r?\n/.exec(text)
  if (opening === null) return { frontMatter: undefined, body: text, unclosed: false }
  const rest = text.slice(opening[0].length)
  const closing = /^---[ \t]*(?:\r?\n|$)/m.exec(rest)
  if (closing === null) return { frontMatter: undefined, body: text, unclosed: true }
  return {
    frontMatter: rest.slice(0, closing.index),
    body: rest.slice(closing.index + closing[0].length),
    unclosed: false,
  }
}

interface Sink extends YamlPlace {
  readonly anomalies: AnomalyList<CardAnomaly>
}

function codeOf(error: Yaml.YAMLError): CardAnomaly {
  return error.code === 'TAG_RESOLVE_FAILED' ? 'yaml-tag' : 'yaml-syntax'
}

/** The parser itself compares every key with every other. */
function noteTwins(yaml: typeof Yaml, map: Yaml.YAMLMap, sink: Sink): void {
  const seen = new Set<string>()
  for (const { key } of map.items) {
    const name = yaml.isScalar(key) ? String(key.value) : undefined
    if (name === undefined) continue
    if (seen.has(name))
      sink.anomalies.add('yaml-duplicate-key', `the field ${JSON.stringify(name.slice(0, 80))} stands twice`, {
        locus: sink.what,
      })
    seen.add(name)
  }
}

function noteOddities(yaml: typeof Yaml, document: Yaml.Document, sink: Sink): void {
  yaml.visit(document, {
    Node(_key, node) {
      if (yaml.isMap(node)) noteTwins(yaml, node, sink)
      const tag = 'tag' in node ? node.tag : undefined
      if (tag === undefined || tag === '!' || CORE_TAG.test(tag)) return
      if (sink.onTag?.(tag) === false) return
      sink.anomalies.add('yaml-tag', `the tag ${JSON.stringify(tag.slice(0, 200))}`, { locus: sink.what })
    },
  })
}

function expand(document: Yaml.Document, { anomalies, what }: Sink): unknown {
  try {
    return document.toJS({ mapAsMap: true, maxAliasCount: MOST_ALIASES })
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : 'aliases that cannot be expanded'
    anomalies.add('yaml-alias', message.slice(0, 200), { locus: what })
    return undefined
  }
}

function parse(text: string, sink: Sink): unknown {
  const { anomalies, what } = sink
  const yaml = createRequire(import.meta.url)('yaml') as typeof Yaml
  const options = { schema: 'core', version: '1.2', merge: false, prettyErrors: false, logLevel: 'silent' } as const
  const document = yaml.parseDocument(text, { ...options, uniqueKeys: false, resolveKnownTags: false })
  for (const problem of [...document.errors, ...document.warnings].slice(0, 64)) {
    if (codeOf(problem) !== 'yaml-tag') anomalies.add(codeOf(problem), problem.message.slice(0, 200), { locus: what })
  }
  noteOddities(yaml, document, sink)
  return anomalies.count('yaml-syntax') > 0 ? undefined : expand(document, sink)
}

/** True when brackets or compact lists open deeper than a card ever nests. */
function isTooDeep(text: string): boolean {
  let open = 0
  for (const character of text) {
    if (character === '[' || character === '{') open += 1
    else if (character === ']' || character === '}') open = Math.max(0, open - 1)
    if (open > DEEPEST) return true
  }
  return COMPACT_NESTING.test(text)
}

/**
 * Reads YAML into maps, lists and scalars; undefined, and an anomaly, when it cannot be.
 *
 * @param place front matter unless told
 * @throws Fault `budget-depth`
 */
export function parseFrontMatter(
  text: string,
  anomalies: AnomalyList<CardAnomaly>,
  place: YamlPlace = FRONT_MATTER,
): unknown {
  const { what, longest = LONGEST } = place
  if (text.length > longest) {
    const message = `${what} of ${text.length} characters; at most ${longest} are read`
    anomalies.add('yaml-size', message, { locus: what })
    return undefined
  }
  if (isTooDeep(text)) throw new Fault('budget-depth', `${what} nested deeper than ${DEEPEST} levels`)
  try {
    return parse(text, { ...place, anomalies })
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : 'the reader failed'
    anomalies.add('yaml-syntax', message.slice(0, 200), { locus: what })
    return undefined
  }
}
