/**
 * Texts that an expression of a template comes to, as far as they follow from constants.
 *
 * Names of Python's internals are spelled in pieces so that nobody finds them: `'__cla' ~ 'ss__'`, `['__','class','__']
 * | join`, `'__ssalc__'[::-1]`, `'%c%c' % (95, 95)`. Constants, names that are set to constants, and the ways of putting
 * texts together are followed; everything else comes to nothing.
 *
 * Guarantee: no text grows beyond {@link LONGEST}; the tree is at most as deep as the parser lets it be.
 */
import { isNode, listOf, operatorOf, partOf, wordOf, type JinjaNode } from './syntax.ts'

const LONGEST = 4096
const DEEPEST = 64

/** What names are set to, where it is a constant text. */
export type Settings = ReadonlyMap<string, string>

function bounded(text: string | undefined): string | undefined {
  return text === undefined || text.length > LONGEST ? undefined : text
}

/** Evaluates expressions of one template. */
class Evaluation {
  readonly #settings: Settings
  #depth = 0

  constructor(settings: Settings) {
    this.#settings = settings
  }

  text(node: JinjaNode | undefined): string | undefined {
    if (node === undefined || this.#depth > DEEPEST) return undefined
    this.#depth += 1
    try {
      return bounded(this.#text(node))
    } finally {
      this.#depth -= 1
    }
  }

  #text(node: JinjaNode): string | undefined {
    const { value } = node
    if (node.type === 'StringLiteral') return typeof value === 'string' ? value : undefined
    if (node.type === 'IntegerLiteral') return String(value)
    if (node.type === 'Identifier') return this.#settings.get(String(value))
    if (node.type === 'BinaryExpression') return this.#joined(node)
    if (node.type === 'FilterExpression') return this.#filtered(node)
    if (node.type === 'CallExpression') return this.#called(node)
    return node.type === 'MemberExpression' ? this.#sliced(node) : undefined
  }

  #joined(node: JinjaNode): string | undefined {
    const [left, right] = [this.text(partOf(node, 'left')), this.text(partOf(node, 'right'))]
    const operator = operatorOf(node)
    if (operator === '%' && left !== undefined) return this.#percent(left, partOf(node, 'right'))
    if (left === undefined || right === undefined) return undefined
    if (operator === '*') return left.length * Number(right) <= LONGEST ? left.repeat(Number(right) || 0) : undefined
    return operator === '~' || operator === '+' ? left + right : undefined
  }

  #percent(format: string, operand: JinjaNode | undefined): string | undefined {
    const values = operand?.type === 'TupleLiteral' ? listOf(operand, 'value') : operand === undefined ? [] : [operand]
    const texts = values.map((value) => this.text(value))
    if (texts.includes(undefined)) return undefined
    let index = 0
    return format.replaceAll(/%[cs]/g, (sign) => {
      const text = texts[index++] ?? ''
      return sign === '%c' && /^\d{1,7}$/.test(text) ? character(text) : text
    })
  }

  items(node: JinjaNode | undefined): readonly (string | undefined)[] | undefined {
    if (node?.type !== 'ArrayLiteral' && node?.type !== 'TupleLiteral') return undefined
    return listOf(node, 'value').map((item) => this.text(item))
  }

  #join(list: JinjaNode | undefined, between: string): string | undefined {
    const items = this.items(list)
    if (items === undefined) return bounded(this.text(list))?.split('').join(between)
    return items.includes(undefined) ? undefined : items.join(between)
  }

  #filtered(node: JinjaNode): string | undefined {
    const filter = partOf(node, 'filter')
    const name = wordOf(filter) ?? wordOf(partOf(filter, 'callee')) ?? ''
    const args = listOf(filter, 'args')
    const operand = partOf(node, 'operand')
    if (name === 'join') return this.#join(operand, this.text(args[0]) ?? '')
    const text = this.text(operand)
    return text === undefined ? undefined : this.#changed(text, name, args)
  }

  #changed(text: string, name: string, args: readonly JinjaNode[]): string | undefined {
    const given = args.map((argument) => this.text(argument))
    if (name === 'lower') return text.toLowerCase()
    if (name === 'upper') return text.toUpperCase()
    if (name === 'reverse') return text.split('').toReversed().join('')
    if (name === 'trim' || name === 'strip') return text.trim()
    if (name === 'replace' && given[0] !== undefined && given[1] !== undefined)
      return text.replaceAll(given[0], () => given[1] ?? '')
    if (name === 'format' && !given.includes(undefined)) return formatted(text, given as readonly string[])
    return ['safe', 'string', 'decode', 'encode'].includes(name) ? text : undefined
  }

  #called(node: JinjaNode): string | undefined {
    const callee = partOf(node, 'callee')
    const args = listOf(node, 'args')
    if (wordOf(callee) === 'chr') {
      const number = this.text(args[0]) ?? ''
      return /^\d{1,7}$/.test(number) ? character(number) : undefined
    }
    if (callee?.type !== 'MemberExpression') return undefined
    const text = this.text(partOf(callee, 'object'))
    const method = wordOf(partOf(callee, 'property'))
    if (text === undefined || method === undefined) return undefined
    return method === 'join' ? this.#join(args[0], text) : this.#changed(text, method, args)
  }

  #sliced(node: JinjaNode): string | undefined {
    const property = partOf(node, 'property')
    const text = this.text(partOf(node, 'object'))
    if (text === undefined || property === undefined || node['computed'] !== true) return undefined
    if (property.type === 'IntegerLiteral') return text.at(Number(property['value']))
    if (property.type !== 'SliceExpression') return undefined
    const [start, stop, step] = ['start', 'stop', 'step'].map((name) => numberOf(partOf(property, name)))
    const backwards = step !== undefined && step < 0
    const cut = backwards ? text : text.slice(start ?? 0, stop)
    const ordered = backwards ? cut.split('').toReversed() : cut.split('')
    const stride = Math.max(1, Math.abs(step ?? 1))
    return ordered.filter((_, index) => index % stride === 0).join('')
  }
}

function character(number: string): string {
  const code = Number(number)
  return code <= 0x10ffff ? String.fromCodePoint(code).toWellFormed() : ''
}

function formatted(text: string, given: readonly string[]): string {
  let index = 0
  return text.replaceAll(/\{(\d{0,3})\}|%s/g, (_, place: string | undefined) => {
    return given[place === undefined || place === '' ? index++ : Number(place)] ?? ''
  })
}

/** The whole number that a node is, with its sign. */
export function numberOf(node: JinjaNode | undefined): number | undefined {
  if (node?.type === 'UnaryExpression' && operatorOf(node) === '-') {
    const inner = numberOf(partOf(node, 'argument'))
    return inner === undefined ? undefined : -inner
  }
  return node?.type === 'IntegerLiteral' && typeof node['value'] === 'number' ? node['value'] : undefined
}

/** The constant text that an expression comes to, or undefined. */
export function textOf(node: JinjaNode | undefined, settings: Settings): string | undefined {
  return new Evaluation(settings).text(node)
}

/** The names that the `set` statements of a template give a constant text. */
export function settingsIn(statements: Iterable<JinjaNode>): Settings {
  const settings = new Map<string, string>()
  for (const node of statements) {
    if (node.type !== 'Set' || !isNode(node['value'])) continue
    const name = wordOf(partOf(node, 'assignee'))
    const text = textOf(partOf(node, 'value'), settings)
    if (name !== undefined && text !== undefined) settings.set(name, text)
  }
  return settings
}
