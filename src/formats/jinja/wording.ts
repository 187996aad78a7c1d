/**
 * What the text of a template says, and when.
 *
 * A template may hold a system prompt; every reader of it sees that, and the model is told it in every conversation. A
 * sentence that is only told when the user writes a certain word, or on a certain day, is seen in no test that does
 * not know the word: so a template is turned into a trap. Markers of a protocol (`<tool_call>`, `/no_think`) are
 * no such words, and what they switch on is no sentence.
 *
 * Source: poisoned chat templates, as described in the literature of 2025 and 2026.
 */
import { isNode, listOf, operatorOf, partOf, walk, wordOf, type JinjaNode } from './syntax.ts'
import { settingsIn, textOf } from './texts.ts'
import type { UseList } from './uses.ts'

/** Letters, and at most what stands between words: no sign of markup. */
const WORDS = /^[\p{L}\p{N}][\p{L}\p{N}\s'’,.!?:-]{1,200}$/u
/** Signs of a protocol or of a format. */
const MARKUP = /[<>[\]{}|\\/_#*`]/
const SENTENCE = /(?:\p{L}+[\s,;:'’-]+){3,}\p{L}+/u
const ADDRESS = /\b(?:https?|ftp|wss?):\/\/[^\s"'<>`\\)]{4,200}/gi
/** Hosts that name a grammar or stand in examples. */
const NAMING_HOSTS =
  /^\w+:\/\/(?:[\w-]+\.)*(?:json-schema\.org|w3\.org|schema\.org|example\.(?:com|org|net))(?:[/:]|$)/i
const ORDERS =
  /\b(?:ignore|disregard|forget)\s+(?:all\s+|any\s+)?(?:of\s+)?(?:the\s+|your\s+)?(?:previous|prior|above|earlier)\s+(?:instructions?|prompts?|messages?|rules?)/i
const DATES: ReadonlySet<string> = new Set(['strftime_now', 'now', 'today', 'date_string', 'current_date', 'utcnow'])
const COMPARING: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=', 'in', 'not in'])

/** Names and attributes under which what a user wrote is found in one template. */
function contentNames(nodes: readonly JinjaNode[]): ReadonlySet<string> {
  const names = new Set(['content', 'text', 'prompt', 'query', 'user_input', 'user_message'])
  for (let round = 0; round < 3; round++) {
    for (const node of nodes) {
      const [target, source] =
        node.type === 'Set'
          ? [partOf(node, 'assignee'), partOf(node, 'value')]
          : node.type === 'For'
            ? [partOf(node, 'loopvar'), partOf(node, 'iterable')]
            : []
      const name = wordOf(target) ?? wordOf(partOf(target, 'property'))
      if (name !== undefined && source !== undefined && speaksOf(source, names)) names.add(name)
    }
  }
  return names
}

/** Whether an expression is made of what one of the names holds. */
function speaksOf(expression: JinjaNode, names: ReadonlySet<string>): boolean {
  for (const node of walk(expression)) {
    const word = wordOf(node) ?? (node.type === 'StringLiteral' ? String(node['value']) : undefined)
    if (word !== undefined && names.has(word)) return true
  }
  return false
}

/** The text that a condition is about, when what is written or the date decides. */
class Conditions {
  readonly #names: ReadonlySet<string>
  readonly #settings: ReturnType<typeof settingsIn>

  constructor(nodes: readonly JinjaNode[]) {
    this.#names = contentNames(nodes)
    this.#settings = settingsIn(nodes)
  }

  trigger(test: JinjaNode): string | undefined {
    for (const node of walk(test)) {
      const found = node.type === 'BinaryExpression' ? this.#compared(node) : this.#searched(node)
      if (found !== undefined) return found
    }
    return undefined
  }

  #compared(node: JinjaNode): string | undefined {
    if (!COMPARING.has(operatorOf(node))) return undefined
    const sides = [partOf(node, 'left'), partOf(node, 'right')]
    for (const [side, other] of [sides, sides.toReversed()]) {
      if (side === undefined || other === undefined) continue
      if (speaksOf(side, DATES) && isConstant(other)) return 'the date'
      const word = this.#word(other)
      if (word !== undefined && speaksOf(side, this.#names)) return word
    }
    return undefined
  }

  /** `content.startswith('word')`, `content.find('word')`, `content.count('word')`. */
  #searched(node: JinjaNode): string | undefined {
    const callee = partOf(node, 'callee')
    if (node.type !== 'CallExpression' || callee?.type !== 'MemberExpression') return undefined
    const method = wordOf(partOf(callee, 'property')) ?? ''
    if (!['startswith', 'endswith', 'find', 'rfind', 'index', 'count', '__contains__'].includes(method))
      return undefined
    const object = partOf(callee, 'object')
    if (object === undefined || !speaksOf(object, this.#names)) return undefined
    return listOf(node, 'args')
      .map((argument) => this.#word(argument))
      .find((word) => word !== undefined)
  }

  #word(node: JinjaNode): string | undefined {
    const texts = node.type === 'ArrayLiteral' || node.type === 'TupleLiteral' ? listOf(node, 'value') : [node]
    return texts
      .map((each) => textOf(each, this.#settings))
      .find((text) => text !== undefined && WORDS.test(text) && !MARKUP.test(text) && !KEYS.has(text))
  }
}

/** Words that are compared with fields beside the content, and never with what a user wrote. */
const KEYS: ReadonlySet<string> = new Set(
  'user assistant system tool developer function text image image_url video audio content role type thinking reasoning tool_calls function_call string object'.split(
    ' ',
  ),
)

function isConstant(node: JinjaNode): boolean {
  return ['StringLiteral', 'IntegerLiteral', 'ArrayLiteral', 'TupleLiteral'].includes(node.type)
}

/** The first sentence that is told under a node. */
function sentenceIn(nodes: readonly JinjaNode[]): string | undefined {
  for (const root of nodes) {
    for (const node of walk(root)) {
      if (node.type !== 'StringLiteral') continue
      const text = String(node['value'])
      if (SENTENCE.test(text.replaceAll(/<[^<>]{0,60}>/g, ' '))) return text.trim()
    }
  }
  return undefined
}

function branchesOf(node: JinjaNode): { readonly test: JinjaNode; readonly bodies: readonly JinjaNode[] } | undefined {
  const test = partOf(node, node.type === 'Ternary' ? 'condition' : 'test')
  if (test === undefined) return undefined
  if (node.type === 'If')
    return { test, bodies: [...listOf(node, 'body'), ...withoutRefusals(listOf(node, 'alternate'))] }
  if (node.type !== 'Ternary') return undefined
  return { test, bodies: [partOf(node, 'trueExpr'), partOf(node, 'falseExpr')].filter(isNode) }
}

/** What follows `else` counts only when it is no further condition of its own. */
function withoutRefusals(nodes: readonly JinjaNode[]): readonly JinjaNode[] {
  return nodes.filter(({ type }) => type !== 'If')
}

/** A branch that refuses the conversation tells the model nothing. */
function isRefusal(nodes: readonly JinjaNode[]): boolean {
  return nodes.some((node) => wordOf(partOf(node, 'callee')) === 'raise_exception')
}

function noteConditions(nodes: readonly JinjaNode[], uses: UseList): void {
  const conditions = new Conditions(nodes)
  for (const node of nodes) {
    const branches = branchesOf(node)
    const trigger = branches === undefined ? undefined : conditions.trigger(branches.test)
    if (branches === undefined || trigger === undefined) continue
    const bodies = branches.bodies.filter((body) => !isRefusal([body]))
    const sentence = sentenceIn(bodies)
    if (sentence !== undefined) uses.add('trigger', trigger, sentence)
  }
}

/** Notes triggers, addresses and orders to hide something. */
export function noteWording(nodes: readonly JinjaNode[], uses: UseList): void {
  noteConditions(nodes, uses)
  for (const node of nodes) {
    if (node.type !== 'StringLiteral') continue
    const text = String(node['value'])
    for (const [address] of text.matchAll(ADDRESS)) if (!NAMING_HOSTS.test(address)) uses.add('address', address)
    const order = ORDERS.exec(text)?.[0]
    if (order !== undefined) uses.add('order', order)
  }
}
