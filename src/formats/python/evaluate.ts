/**
 * What expressions come to: names of the world outside, followed through aliases, attributes, `getattr`, `__import__`,
 * `globals()`, and constants, followed through all the ways of putting texts together.
 *
 * Nothing is run. What cannot be followed is unknown; who looks for danger must take that into account.
 *
 * Guarantee: a bounded number of steps for a source, after which everything is unknown and {@link Evaluator.isSpent}.
 */
import { negate, operate } from './arithmetic.ts'
import { callName } from './builtins.ts'
import { numberOf, prefixOf, unescape } from './literals.ts'
import { attributeOfName, numberOfText, pick, slice } from './picking.ts'
import { inField, type PyNode } from './syntax.ts'
import { callTextMethod, itemsOf, numberIn, textIn } from './text-methods.ts'
import { choiceOf, nameValue, optionsOf, Scope, textValue, type Value } from './values.ts'

const MOST_STEPS = 3_000_000
const DEEPEST = 120
const MOST_ITEMS = 65_536
const LONGEST = 1024 * 1024

const LISTS: ReadonlySet<string> = new Set(['list', 'tuple', 'set', 'expression_list'])
const COMPREHENSIONS: ReadonlySet<string> = new Set(['list_comprehension', 'generator_expression', 'set_comprehension'])

/** Arguments of a call: those by place, and those by name. */
export interface CallArguments {
  readonly placed: readonly (Value | undefined)[]
  readonly named: ReadonlyMap<string, Value | undefined>
}

/** What is asked of whoever walks the source. */
export interface SourceWalker {
  /** What an own function returns. */
  callOwn(callee: Value, given: CallArguments): Value | undefined
  /** The value of a lambda. */
  lambda(node: PyNode, scope: Scope): Value
}

/** See the module. */
export class Evaluator {
  readonly #text: string
  readonly #walker: SourceWalker
  /** What nodes came to in the statement that is being walked. */
  #memo = new Map<PyNode, { readonly scope: Scope; readonly value: Value | undefined }>()
  #steps = 0
  #depth = 0

  constructor(text: string, walker: SourceWalker) {
    this.#text = text
    this.#walker = walker
  }

  /** Whether not everything was followed. */
  get isSpent(): boolean {
    return this.#steps > MOST_STEPS
  }

  /** The source of a node. */
  sourceOf(node: PyNode | undefined): string {
    return node === undefined ? '' : this.#text.slice(node.from, node.to)
  }

  /** What an expression comes to. */
  value(node: PyNode | undefined, scope: Scope): Value | undefined {
    if (node === undefined || this.#depth > DEEPEST) return undefined
    const known = this.#memo.get(node)
    if (known?.scope === scope) return known.value
    if (++this.#steps > MOST_STEPS) return undefined
    this.#depth += 1
    try {
      const value = this.#value(node, scope)
      if (!scope.isShifting && node.children.length > 1) this.#memo.set(node, { scope, value })
      return value
    } finally {
      this.#depth -= 1
    }
  }

  /** Another statement begins: names may come to something else from here on. */
  forget(): void {
    if (this.#memo.size > 0) this.#memo = new Map()
  }

  #value(node: PyNode, scope: Scope): Value | undefined {
    switch (node.type) {
      case 'identifier':
        return this.#identifier(this.sourceOf(node), scope)
      case 'string':
        return this.#string(node, scope)
      case 'integer':
      case 'float':
        return this.#number(node)
      case 'call':
        return this.#call(node, scope)
      default:
        return this.#operation(node, scope)
    }
  }

  #operation(node: PyNode, scope: Scope): Value | undefined {
    switch (node.type) {
      case 'attribute':
        return this.attribute(this.value(inField(node, 'object'), scope), this.sourceOf(inField(node, 'attribute')))
      case 'subscript':
        return this.#subscript(node, scope)
      case 'binary_operator':
        return this.#binary(node, scope)
      case 'parenthesized_expression':
      case 'await':
        return this.value(node.children.at(-1), scope)
      case 'named_expression':
        return this.value(inField(node, 'value'), scope)
      case 'lambda':
        return this.#walker.lambda(node, scope)
      case 'unary_operator':
        return negate(this.sourceOf(inField(node, 'operator')), this.value(inField(node, 'argument'), scope))
      default:
        return this.#collection(node, scope)
    }
  }

  #collection(node: PyNode, scope: Scope): Value | undefined {
    if (LISTS.has(node.type))
      return { kind: 'list', items: node.children.slice(0, MOST_ITEMS).map((child) => this.value(child, scope)) }
    if (COMPREHENSIONS.has(node.type)) return this.#comprehension(node, scope)
    switch (node.type) {
      case 'concatenated_string':
        return this.#concatenated(node, scope)
      case 'dictionary':
        return this.#dictionary(node, scope)
      case 'conditional_expression':
        return choiceOf([this.value(node.children[0], scope), this.value(node.children[2], scope)])
      case 'boolean_operator':
        return choiceOf(['left', 'right'].map((field) => this.value(inField(node, field), scope)))
      case 'true':
      case 'false':
      case 'none':
        return nameValue(this.sourceOf(node))
      default:
        return undefined
    }
  }

  #identifier(name: string, scope: Scope): Value | undefined {
    if (scope.has(name)) return scope.get(name)
    const [wildcard] = scope.wildcards
    const builtin = nameValue(`builtins.${name}`)
    if (wildcard === undefined) return builtin
    return choiceOf([builtin, ...scope.wildcards.map((module) => nameValue(`${module}.${name}`))])
  }

  #number(node: PyNode): Value | undefined {
    const number = numberOf(this.sourceOf(node))
    return number === undefined ? undefined : { kind: 'number', number }
  }

  #string(node: PyNode, scope: Scope): Value | undefined {
    const prefix = prefixOf(this.sourceOf(node))
    const isRaw = prefix.includes('r')
    let text = ''
    for (const part of node.children) {
      if (part.type === 'string_content') text += isRaw ? this.sourceOf(part) : unescape(this.sourceOf(part))
      if (part.type !== 'interpolation') continue
      const value = this.value(inField(part, 'expression'), scope)
      const shown = textIn(value) ?? numberIn(value)?.toString()
      if (shown === undefined) return undefined
      text += shown
    }
    return text.length > LONGEST ? undefined : textValue(text, prefix.includes('b'))
  }

  #concatenated(node: PyNode, scope: Scope): Value | undefined {
    const parts = node.children.map((child) => this.value(child, scope))
    const texts = parts.map(textIn)
    if (texts.includes(undefined)) return undefined
    const first = parts[0]
    return textValue(texts.join('').slice(0, LONGEST), first?.kind === 'text' && first.isBytes)
  }

  #dictionary(node: PyNode, scope: Scope): Value {
    const pairs = node.children.filter(({ type }) => type === 'pair').slice(0, MOST_ITEMS)
    return {
      kind: 'map',
      entries: pairs.map((pair) => [
        this.value(inField(pair, 'key'), scope),
        this.value(inField(pair, 'value'), scope),
      ]),
    }
  }

  #binary(node: PyNode, scope: Scope): Value | undefined {
    const [left, right] = ['left', 'right'].map((field) => this.value(inField(node, field), scope))
    return operate(left, this.sourceOf(inField(node, 'operator')), right)
  }

  #subscript(node: PyNode, scope: Scope): Value | undefined {
    const value = this.value(inField(node, 'value'), scope)
    const key = inField(node, 'subscript')
    if (key?.type !== 'slice') {
      const picked = this.value(key, scope)
      return choiceOf(optionsOf(value).map((option) => pick(option, picked, scope)))
    }
    return slice(
      value,
      this.sourceOf(key)
        .split(':')
        .map((part) => numberOfText(part)),
    )
  }

  /** One `for` over a constant, as it is used to spell a text by numbers. */
  #comprehension(node: PyNode, scope: Scope): Value | undefined {
    const clauses = node.children.filter(({ type }) => type === 'for_in_clause')
    const [clause] = clauses
    if (clauses.length !== 1 || clause === undefined) return undefined
    const items = itemsOf(this.value(inField(clause, 'right'), scope))
    const target = inField(clause, 'left')
    if (items === undefined || target?.type !== 'identifier' || items.length > MOST_ITEMS) return undefined
    const inner = new Scope(scope, { isShifting: true })
    const body = inField(node, 'body')
    const made: (Value | undefined)[] = []
    for (const item of items) {
      inner.set(this.sourceOf(target), item, true)
      made.push(this.value(body, inner))
    }
    return { kind: 'list', items: made }
  }

  /** An attribute of a value. */
  attribute(value: Value | undefined, name: string): Value | undefined {
    if (name === '__globals__' || name === '__builtins__') return nameValue('builtins.globals()')
    if (name === '__subclasses__') return nameValue('builtins.object.__subclasses__')
    return choiceOf(optionsOf(value).map((option) => this.#attributeOf(option, name)))
  }

  #attributeOf(value: Value, name: string): Value | undefined {
    if (value.kind === 'name') return attributeOfName(value, name)
    if (value.kind === 'own' && name === '__call__') return value
    if (value.kind === 'text') return { kind: 'bound', receiver: value, method: name }
    if (value.kind === 'instance' || value.kind === 'own') return this.#member(value, name)
    return value.kind === 'map' || value.kind === 'list' ? { kind: 'bound', receiver: value, method: name } : undefined
  }

  #member({ definition }: Value & { kind: 'own' | 'instance' }, name: string, depth = 0): Value | undefined {
    const own = definition.members.get(name)
    if (own !== undefined || depth > 8) return own
    for (const base of definition.bases) {
      if (base.kind !== 'own') continue
      const found = this.#member(base, name, depth + 1)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** The arguments of a call. */
  argumentsOf(node: PyNode, scope: Scope): CallArguments {
    const list = inField(node, 'arguments')
    const placed: (Value | undefined)[] = []
    const named = new Map<string, Value | undefined>()
    if (list?.type === 'generator_expression') placed.push(this.value(list, scope))
    for (const child of list?.type === 'argument_list' ? list.children : []) {
      if (child.type === 'keyword_argument')
        named.set(this.sourceOf(inField(child, 'name')), this.value(inField(child, 'value'), scope))
      else if (child.type === 'list_splat')
        placed.push(...(itemsOf(this.value(child.children[0], scope)) ?? [undefined]))
      else placed.push(this.value(child, scope))
    }
    return { placed, named }
  }

  #call(node: PyNode, scope: Scope): Value | undefined {
    const callee = this.value(inField(node, 'function'), scope)
    const options = optionsOf(callee)
    if (options.length === 0) return undefined
    const given = this.argumentsOf(node, scope)
    return choiceOf(options.map((option) => this.called(option, given, scope)))
  }

  /** What calling a value comes to. */
  called(callee: Value, given: CallArguments, scope: Scope): Value | undefined {
    if (callee.kind === 'name') return callName(this, { name: callee.name, given, scope })
    if (callee.kind === 'partial')
      return this.called(callee.callee, { ...given, placed: [...callee.first, ...given.placed] }, scope)
    if (callee.kind === 'bound') return callMethod(callee, given)
    return callee.kind === 'own' || callee.kind === 'instance' ? this.#walker.callOwn(callee, given) : undefined
  }
}

function callMethod({ receiver, method }: Value & { kind: 'bound' }, { placed }: CallArguments): Value | undefined {
  if (receiver.kind === 'text') return callTextMethod(receiver, method, placed)
  if (receiver.kind === 'map' && (method === 'get' || method === '__getitem__' || method === 'pop'))
    return pick(receiver, placed[0])
  return receiver.kind === 'list' && (method === '__getitem__' || method === 'pop')
    ? pick(receiver, placed[0])
    : undefined
}
