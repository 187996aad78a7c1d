/**
 * What a template uses: the names that it takes from outside, what it picks from values, what it calls.
 *
 * Engines render templates with Jinja, where from any value a chain of attributes leads to the interpreter. What a
 * chain is spelled with is noted, whether it is written out, put together from constants or made up while rendering.
 * Nothing is judged here; of each kind and name one use is noted.
 */
import type { TemplateUse } from '../facts.ts'
import { listOf, operatorOf, partOf, walk, wordOf, type JinjaNode } from './syntax.ts'
import { settingsIn, textOf, type Settings } from './texts.ts'

const MOST_USES = 1000
const LONGEST_NAME = 256
/** Filters that pick attributes, and the argument that names them. */
const PICKING: ReadonlySet<string> = new Set(['attr', 'map', 'selectattr', 'rejectattr', 'groupby', 'sort', 'sum'])
/** A field of a format that picks an attribute or an item. */
const PICKING_FORMAT = /\{\w*(?:[.[])[^{}]{0,200}\}/
/** Names that Jinja or the engines bring along, and that only lead somewhere when they are more than called. */
const GADGETS: ReadonlySet<string> = new Set(
  'self request config cycler joiner lipsum url_for get_flashed_messages __builtins__'.split(' '),
)

/** Collects uses without repetition. */
export class UseList {
  readonly #uses = new Map<string, TemplateUse>()

  add(kind: TemplateUse['kind'], name: string, detail?: string): void {
    const key = `${kind} ${name}`
    if (this.#uses.size >= MOST_USES || this.#uses.has(key)) return
    const shown = { kind, name: name.slice(0, LONGEST_NAME).toWellFormed() }
    this.#uses.set(
      key,
      detail === undefined ? shown : { ...shown, detail: detail.slice(0, LONGEST_NAME).toWellFormed() },
    )
  }

  get isFull(): boolean {
    return this.#uses.size >= MOST_USES
  }

  toArray(): readonly TemplateUse[] {
    return [...this.#uses.values()]
  }
}

/** Names that a template gives a value itself: loops, `set`, macros and their parameters. */
export function boundNames(nodes: readonly JinjaNode[]): ReadonlySet<string> {
  const bound = new Set<string>()
  const bind = (node: JinjaNode | undefined): void => {
    const name = wordOf(node) ?? wordOf(partOf(node, 'key'))
    if (name !== undefined) bound.add(name)
    if (node?.type === 'TupleLiteral') for (const item of listOf(node, 'value')) bind(item)
  }
  for (const node of nodes) {
    if (node.type === 'For') bind(partOf(node, 'loopvar'))
    if (node.type === 'Set') bind(partOf(node, 'assignee'))
    if (node.type === 'Macro') for (const each of [partOf(node, 'name'), ...listOf(node, 'args')]) bind(each)
    if (node.type === 'CallStatement') for (const each of listOf(node, 'callerArgs')) bind(each)
  }
  return bound
}

/** Walks one template. */
class UseWalk {
  readonly #settings: Settings
  readonly #bound: ReadonlySet<string>
  readonly #macros: ReadonlySet<string>
  readonly #uses: UseList
  /** Identifiers that are no names of values: properties, filters, tests, keys, called names. */
  readonly #spoken = new Set<JinjaNode>()

  constructor(nodes: readonly JinjaNode[], uses: UseList) {
    this.#settings = settingsIn(nodes)
    this.#bound = boundNames(nodes)
    this.#macros = new Set(
      nodes.filter(({ type }) => type === 'Macro').map((macro) => wordOf(partOf(macro, 'name')) ?? ''),
    )
    this.#uses = uses
  }

  take(node: JinjaNode): void {
    if (node.type === 'MemberExpression') this.#member(node)
    else if (node.type === 'CallExpression') this.#call(node)
    else if (node.type === 'FilterExpression' || node.type === 'FilterStatement') this.#filter(node)
    else if (node.type === 'Identifier') this.#name(node)
    else this.#other(node)
  }

  #other(node: JinjaNode): void {
    if (node.type === 'KeywordArgumentExpression') {
      const key = partOf(node, 'key')
      this.#speak(key)
      if (key !== undefined) this.#uses.add('attribute', wordOf(key) ?? '')
    }
    if (node.type === 'TestExpression') this.#speak(partOf(node, 'test'))
    if (node.type === 'BinaryExpression') this.#built(node)
  }

  #speak(node: JinjaNode | undefined): void {
    if (node !== undefined) this.#spoken.add(node)
  }

  #name(node: JinjaNode): void {
    const name = wordOf(node) ?? ''
    if (this.#spoken.has(node) || this.#bound.has(name)) return
    if (GADGETS.has(name) || name.startsWith('__')) this.#uses.add('gadget', name)
  }

  #member(node: JinjaNode): void {
    const property = partOf(node, 'property')
    if (node['computed'] !== true) {
      this.#speak(property)
      return this.#uses.add('attribute', wordOf(property) ?? '')
    }
    this.#picked(property)
  }

  /** What stands between brackets or names an attribute for a filter. */
  #picked(property: JinjaNode | undefined): void {
    if (property === undefined || property.type === 'IntegerLiteral' || property.type === 'SliceExpression') return
    const text = textOf(property, this.#settings)
    if (text !== undefined) return this.#uses.add('attribute', text)
    if (isMadeUp(property)) this.#uses.add('computed', property.type)
  }

  #call(node: JinjaNode): void {
    const callee = partOf(node, 'callee')
    const name = wordOf(callee)
    if (name === undefined && callee?.type === 'CallExpression' && !this.#spoken.has(callee))
      this.#uses.add('method', '()')
    if (callee?.type === 'MemberExpression') return this.#method(node, callee)
    if (name === undefined || this.#spoken.has(node)) return
    this.#speak(callee)
    if (!this.#macros.has(name)) this.#uses.add('call', name)
  }

  #method(node: JinjaNode, callee: JinjaNode): void {
    const name = textOf(partOf(callee, 'property'), this.#settings) ?? wordOf(partOf(callee, 'property')) ?? ''
    const plain = wordOf(partOf(callee, 'property')) ?? name
    this.#uses.add('method', callee['computed'] === true ? name : plain)
    if (plain === 'format' || plain === 'format_map') this.#format(partOf(callee, 'object'))
    this.#built(node)
  }

  #format(receiver: JinjaNode | undefined): void {
    const field = PICKING_FORMAT.exec(textOf(receiver, this.#settings) ?? '')?.[0]
    if (field !== undefined) this.#uses.add('format', field)
  }

  #filter(node: JinjaNode): void {
    const filter = calledFilter(partOf(node, 'filter'))
    const callee = partOf(filter, 'callee') ?? filter
    const name = wordOf(callee) ?? ''
    if (filter !== undefined) this.#spoken.add(filter)
    this.#speak(callee)
    this.#uses.add('filter', name)
    if (name === 'format') this.#format(partOf(node, 'operand'))
    const args = listOf(filter, 'args')
    if (name === 'map') this.#mapped(args)
    else if (PICKING.has(name)) this.#picked(args[0]?.type === 'KeywordArgumentExpression' ? undefined : args[0])
    for (const argument of args) {
      const key = wordOf(partOf(argument, 'key'))
      if (key === 'attribute') this.#picked(partOf(argument, 'value'))
    }
    this.#built(node)
  }

  /** `map('name')` applies a filter by its name. */
  #mapped([first]: readonly JinjaNode[]): void {
    if (first === undefined || first.type === 'KeywordArgumentExpression') return
    const name = textOf(first, this.#settings)
    if (name === undefined) this.#uses.add('computed', 'map')
    else this.#uses.add('filter', name)
  }

  /** A text that is put together, when it comes to something that is written like an internal name. */
  #built(node: JinjaNode): void {
    const text = textOf(node, this.#settings)
    if (text !== undefined && /^_{2}\w+_{2}$/.test(text)) this.#uses.add('built', text)
  }
}

/** In `x|attr('y')(1)` the result of the filter is called: the filter is the innermost call. */
function calledFilter(filter: JinjaNode | undefined): JinjaNode | undefined {
  let inner = filter
  for (let next = partOf(inner, 'callee'); next?.type === 'CallExpression'; next = partOf(inner, 'callee')) inner = next
  return inner
}

/** Whether an expression makes up a text while rendering, as no index and no key of a message does. */
function isMadeUp(node: JinjaNode): boolean {
  if (node.type === 'FilterExpression') {
    const filter = partOf(node, 'filter')
    return ['join', 'reverse', 'replace', 'format', 'first', 'last'].includes(
      wordOf(filter) ?? wordOf(partOf(filter, 'callee')) ?? '',
    )
  }
  if (node.type === 'CallExpression') {
    const method = wordOf(partOf(partOf(node, 'callee'), 'property')) ?? wordOf(partOf(node, 'callee'))
    return ['join', 'format', 'chr', 'replace', 'decode'].includes(method ?? '')
  }
  if (node.type !== 'BinaryExpression' || !['~', '+', '%'].includes(operatorOf(node))) return false
  return operatorOf(node) === '~' || [...walk(node)].some(({ type }) => type === 'StringLiteral')
}

/** Notes what a template uses; `nodes` are all of its tree, parents before children. */
export function noteUses(nodes: readonly JinjaNode[], uses: UseList): void {
  const taker = new UseWalk(nodes, uses)
  for (const node of nodes) taker.take(node)
}
