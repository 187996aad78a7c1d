/**
 * What the text of a chat template shows: what it reaches for, what it includes, what cannot be seen in it.
 *
 * Engines render chat templates with Jinja, and some of them without a sandbox. The text is cut into literal text,
 * comments and code as Jinja's lexer does it; only code is looked at for names, so that a model's own markers such as
 * `<__media__>` are not mistaken for Python's internals. What the reader
 * found in the syntax tree is weighed in `template-uses.ts`; the text is searched beside it, since a template that does
 * not parse here may well be rendered elsewhere.
 *
 * Guarantee: linear in the length of the template; a template that is not closed is read to its end.
 */
import type { FileFacts, TemplateFact } from '../../formats/index.ts'
import type { Observation, Subject } from '../rule.ts'
import { quote } from '../wording.ts'
import { foreignIn, growthIn, reachIn, wordingIn } from './template-uses.ts'

const OPENING = /\{[{%#]/g
const CLOSING: ReadonlyMap<string, string> = new Map([
  ['{{', '}}'],
  ['{%', '%}'],
  ['{#', '#}'],
])
/** Names by which a template gets from a value to the interpreter. */
const INTERNALS =
  /__(?:class|bases?|mro|subclasses|globals|builtins|import|init|new|getattribute|getattr|dict|reduce|reduce_ex|code|closure|func|self|loader|spec|module|call)__/
const DUNDER_NAME = /(?:^|[^\w])__\w+__(?!\w)/
const ESCAPED_UNDERSCORE = /\\x5f|\\u005f|\\137/i
const ATTRIBUTE_FILTER = /\|\s*attr\s*\(/
const INCLUDING = /^[-+\s]*(include|import|from|extends)\b/
const INVISIBLE = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\u{e0000}-\u{e007f}]|(?!^)\ufeff/u

/** A stretch of Jinja code. */
interface Code {
  /** The code without its string literals, each of which is left as an empty one. */
  readonly bare: string
  /** The string literals. */
  readonly literals: readonly string[]
}

function codeAt(text: string, from: number, closing: string): { readonly code: Code; readonly end: number } {
  const literals: string[] = []
  let bare = ''
  let at = from
  while (at < text.length && !text.startsWith(closing, at)) {
    const character = text[at] as string
    const end = character === '"' || character === "'" ? literalEnd(text, at) : at + 1
    if (end > at + 1) literals.push(text.slice(at + 1, end - 1))
    bare += end > at + 1 ? '""' : character
    at = end
  }
  return { code: { bare, literals }, end: at + closing.length }
}

function literalEnd(text: string, from: number): number {
  const mark = text[from]
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === mark) return at + 1
  }
  return text.length
}

/** The code of a template, in order; comments and literal text are left out. */
export function codeOf(text: string): readonly Code[] {
  const found: Code[] = []
  for (let at = 0; ;) {
    OPENING.lastIndex = at
    const opening = OPENING.exec(text)
    if (opening === null) return found
    const from = opening.index + 2
    if (opening[0] === '{#') at = closingOf(text, '#}', from)
    else {
      const { code, end } = codeAt(text, from, CLOSING.get(opening[0]) ?? '}}')
      found.push(code)
      at = end
    }
  }
}

function closingOf(text: string, closing: string, from: number): number {
  const at = text.indexOf(closing, from)
  return at < 0 ? text.length : at + closing.length
}

/** Whether a text is a template: the reader found one, or its name says so. */
function isTemplate({ format, templates = [] }: FileFacts, locus: string): boolean {
  if (templates.some((template) => template.locus === locus)) return true
  if (format === 'gguf') return locus.startsWith('tokenizer.chat_template')
  return locus === 'template' || locus.includes('/chat_template')
}

/** Whether there is a template in the artefact. */
export function hasTemplates({ facts }: Subject): boolean {
  return facts.files.some((file) => (file.texts ?? []).some(({ locus }) => isTemplate(file, locus)))
}

function inEach({ facts }: Subject, look: (text: string) => string | undefined): readonly Observation[] {
  return facts.files.flatMap((file) =>
    (file.texts ?? [])
      .filter(({ locus }) => isTemplate(file, locus))
      .flatMap(({ locus, text }) => {
        const message = look(text)
        return message === undefined ? [] : [{ path: file.path, locus, message }]
      }),
  )
}

function inEachTree(
  { facts }: Subject,
  look: (template: TemplateFact) => readonly (string | undefined)[],
): readonly Observation[] {
  return facts.files.flatMap(({ path, templates = [] }) =>
    templates.flatMap((template) =>
      look(template)
        .filter((message) => message !== undefined)
        .map((message) => ({ path, locus: template.locus, message })),
    ),
  )
}

/** One observation for each template: what the tree shows goes before what the text does. */
function firstOfEach(observations: readonly Observation[]): readonly Observation[] {
  const seen = new Set<string>()
  return observations.filter(({ path, locus }) => {
    const place = `${path}\0${locus}`
    return seen.has(place) ? false : seen.add(place)
  })
}

function reachOf({ bare, literals }: Code): string | undefined {
  const name = DUNDER_NAME.exec(bare)?.[0] ?? literals.map((literal) => INTERNALS.exec(literal)?.[0]).find(Boolean)
  if (name !== undefined) return `the template reaches for ${quote(name.trim().replace(/^[^\w]/, ''))}`
  if (literals.some((literal) => ESCAPED_UNDERSCORE.test(literal)))
    return 'the template spells an underscore by its number, which hides the name of an internal'
  return ATTRIBUTE_FILTER.test(bare) ? 'the template picks attributes of objects by the filter attr()' : undefined
}

function reachInText(text: string): string | undefined {
  return codeOf(text)
    .map(reachOf)
    .find((message) => message !== undefined)
}

function includeIn(text: string): string | undefined {
  const statement = codeOf(text).find(({ bare }) => INCLUDING.test(bare))
  return statement === undefined ? undefined : `the template has the statement ${quote(statement.bare.trim())}`
}

/** Templates that reach for Python's internals. */
export function observeReach(subject: Subject): readonly Observation[] {
  return firstOfEach([...inEachTree(subject, (template) => [reachIn(template)]), ...inEach(subject, reachInText)])
}

/** Templates that include, import or extend another, or call what Jinja does not have. */
export function observeIncludes(subject: Subject): readonly Observation[] {
  return firstOfEach([...inEach(subject, includeIn), ...inEachTree(subject, (template) => [foreignIn(template)])])
}

/** Templates that can grow without bound. */
export function observeGrowth(subject: Subject): readonly Observation[] {
  return inEachTree(subject, (template) => [growthIn(template)])
}

/** Letters written as tag characters, which nothing shows and which models read. */
const TAGGED = /[\u{e0020}-\u{e007e}]{4,}/u
/** Flags of regions are spelt with them, after a black flag. */
const FLAG = /\u{1f3f4}[\u{e0030}-\u{e007a}]{1,6}\u{e007f}/gu

function hiddenText(text: string): string | undefined {
  const found = TAGGED.exec(text.replace(FLAG, ''))?.[0]
  if (found === undefined) return undefined
  const letters = Array.from(found, (character) => String.fromCharCode((character.codePointAt(0) ?? 0) & 0x7f)).join('')
  return `characters that cannot be seen spell ${quote(letters)}`
}

/** Templates that say something on a condition, what nobody expects in a template, or what nobody sees. */
export function observeWording(subject: Subject): readonly Observation[] {
  return [...inEachTree(subject, wordingIn), ...inEach(subject, hiddenText)]
}

/** Templates with characters that cannot be seen. */
export function observeInvisible(subject: Subject): readonly Observation[] {
  return inEach(subject, (text) => {
    const at = text.search(INVISIBLE)
    if (at < 0) return undefined
    const code = (text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    return `the template holds the invisible character U+${code} in line ${text.slice(0, at).split('\n').length}`
  })
}
