/**
 * Chat templates: what the syntax tree of one shows.
 *
 * Every engine renders the template of a model with the first message, so what stands in it is run on the importer's
 * machine and is told to the model in every conversation. It is parsed here and never rendered.
 *
 * Guarantee: time in proportion to the length of the template, which is bounded; the same text gives the same facts.
 */
import { digestOf, isFault } from '../../base/index.ts'
import type { TemplateFact } from '../facts.ts'
import { noteGrowth, roundsIn } from './growth.ts'
import { isNode, parseTemplate, walk, type JinjaNode } from './syntax.ts'
import { noteUses, UseList } from './uses.ts'
import { noteWording } from './wording.ts'

/** Names of texts that are templates only when they look like one. */
const PERHAPS = /(?:template|prompt)(?:\/\d+)?$/i
const MARKS = /\{[{%]/

/**
 * Whether a text of a file is a template: those of GGUF and of tokenizers by their name, other prompts by their marks.
 *
 * @example isTemplate('gguf', 'tokenizer.chat_template', '') // true
 */
export function isTemplate(format: string, locus: string, text: string): boolean {
  if (format === 'gguf') return locus.startsWith('tokenizer.chat_template')
  if (locus === 'template') return true
  if (/(?:^|[/.])chat_template(?:[/.]|$)/.test(locus)) return true
  return PERHAPS.test(locus) && MARKS.test(text)
}

/** The tree without comments, as canonical JSON can hold it. */
function canonical(node: unknown): unknown {
  if (Array.isArray(node)) return node.filter((each) => !isNode(each) || each.type !== 'Comment').map(canonical)
  if (node instanceof Map) return [...node].map(([key, value]) => [canonical(key), canonical(value)])
  if (typeof node === 'string') return node.toWellFormed()
  if (!isNode(node)) return typeof node === 'number' && !Number.isSafeInteger(node) ? String(node) : (node ?? null)
  return Object.entries(node).map(([name, part]) => [name, canonical(part)])
}

function digestOfTree(root: JinjaNode): string | undefined {
  try {
    return digestOf(canonical(root))
  } catch (thrown) {
    if (isFault(thrown)) return undefined
    throw thrown
  }
}

/** The facts of one template. @example describeTemplate('{{ a }}', 'template').rounds // 1 */
export function describeTemplate(text: string, locus: string): TemplateFact {
  const { root, trouble } = parseTemplate(text)
  if (root === undefined) return { locus, trouble, rounds: 1, uses: [] }
  const nodes = [...walk(root)]
  const uses = new UseList()
  noteUses(nodes, uses)
  noteGrowth(nodes, uses)
  noteWording(nodes, uses)
  const digest = digestOfTree(root)
  const overfull = uses.isFull ? { trouble: 'more uses than are listed' } : {}
  return {
    locus,
    ...(digest === undefined ? {} : { digest }),
    ...overfull,
    rounds: roundsIn(root),
    uses: uses.toArray(),
  }
}
