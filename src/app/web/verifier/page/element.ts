/**
 * Builds the document from values: elements with attributes and text, never with markup.
 *
 * Guarantee: whatever a certificate says becomes text. Nothing here or elsewhere in the page parses HTML, and the page
 * forbids it to itself (trusted types); characters that reorder or hide text are shown as their code points.
 */
import { showUnseen } from '../../../../base/index.ts'

/** What can stand in an element. Lists are joined; false, null and undefined leave nothing. */
export type Child = Node | string | number | false | null | undefined | readonly Child[]

/** Attributes that are set; false leaves one out, true sets it empty. */
export type Attributes = Readonly<Record<string, string | boolean>>

function toNodes(child: Child): readonly (Node | string)[] {
  if (child === false || child === null || child === undefined) return []
  if (typeof child === 'string') return [showUnseen(child)]
  if (typeof child === 'number') return [String(child)]
  return child instanceof Node ? [child] : child.flatMap(toNodes)
}

/** Makes an element. Attribute names come from our code; values may come from anywhere but must not be addresses. */
export function element(name: string, attributes: Attributes, ...children: readonly Child[]): HTMLElement {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes))
    if (value !== false) made.setAttribute(key, value === true ? '' : value)
  made.append(...toNodes(children))
  return made
}

/** The element of our own document with this id. @throws Error when the document is not ours */
export function find<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new Error(`the page has no ${kind.name} #${id}`)
}
