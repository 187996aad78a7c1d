/**
 * HTML that cannot be broken out of.
 *
 * Names, messages and model cards come from strangers; the page is read by an officer. Everything that goes into a
 * page passes through the tag `html`, which escapes it unless it is itself the result of the tag.
 *
 * Guarantee: text from outside never becomes markup, in content or in a quoted attribute. Bidirectional controls and
 * other invisible characters are shown as their code points, so that a name reads as it is.
 */

/** Markup that was made by {@link html} and needs no escaping. */
export interface Html {
  readonly markup: string
}

/** What can stand in a template. Lists are joined; false, null and undefined leave nothing. */
export type HtmlPart = Html | string | number | false | null | undefined | readonly HtmlPart[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
// C0 and C1 controls but tab and newline, and the characters that reorder or hide text.
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/gu

/** Shows characters that cannot be seen as `⟨U+202E⟩`. @example showUnseen('a\u202eb') // 'a⟨U+202E⟩b' */
export function showUnseen(text: string): string {
  return text.replace(
    UNSEEN,
    (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  )
}

/** Escapes text for content and quoted attributes. @example escapeHtml('<b a="1">') // '&lt;b a=&quot;1&quot;&gt;' */
export function escapeHtml(text: string): string {
  return showUnseen(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}

function render(part: HtmlPart): string {
  if (part === false || part === null || part === undefined) return ''
  if (typeof part === 'string') return escapeHtml(part)
  if (typeof part === 'number') return String(part)
  if ('markup' in part) return part.markup
  return part.map(render).join('')
}

/** The template tag; see the module. @example html`<b>${'<'}</b>`.markup // '<b>&lt;</b>' */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  const markup = strings.reduce((text, string, index) => text + string + render(parts[index]), '')
  return { markup }
}

/** Trusts markup of our own, such as a style sheet. Never call it with anything from outside. */
export function trustedMarkup(markup: string): Html {
  return { markup }
}
