/**
 * How much a template can grow from its own numbers, whatever it is given.
 *
 * A loop over the messages of a conversation is as long as the conversation. A loop over `range(10 ** 9)`, a text times
 * a million, a text that is doubled in each round, or a macro that calls itself without a condition fills the memory of
 * every engine that renders the template, with the first message.
 */
import { childrenOf, listOf, operatorOf, partOf, walk, wordOf, type JinjaNode } from './syntax.ts'
import { settingsIn, textOf, type Settings } from './texts.ts'
import type { UseList } from './uses.ts'

/** Rounds and characters that no template needs. */
const MUCH = 1_000_000
const MOST = Number.MAX_SAFE_INTEGER
/** Methods and filters that fill a text up to a width. */
const FILLING: ReadonlySet<string> = new Set(['center', 'ljust', 'rjust', 'zfill', 'indent', 'expandtabs', 'range'])
const WIDE_FORMAT = /%\d{6,}[a-z]|\{[^{}]*:[^{}]*\d{6,}\}/

/** The number that an expression comes to, from constants alone. */
function amountOf(node: JinjaNode | undefined, settings: Settings): number | undefined {
  if (node === undefined) return undefined
  if (node.type === 'BinaryExpression') return calculated(node, settings)
  if (node.type !== 'IntegerLiteral' && node.type !== 'Identifier') return undefined
  const text = textOf(node, settings)
  return text !== undefined && /^\d{1,20}$/.test(text) ? Math.min(MOST, Number(text)) : undefined
}

/** Both sides of an operator. */
function sides(node: JinjaNode, settings: Settings): readonly (number | undefined)[] {
  return [amountOf(partOf(node, 'left'), settings), amountOf(partOf(node, 'right'), settings)]
}

function calculated(node: JinjaNode, settings: Settings): number | undefined {
  const [left, right] = sides(node, settings)
  if (left === undefined || right === undefined) return undefined
  const operator = operatorOf(node)
  if (operator === '*') return Math.min(MOST, left * right)
  if (operator === '**') return Math.min(MOST, left ** right)
  if (operator === '+') return Math.min(MOST, left + right)
  return operator === '-' ? left - right : undefined
}

/** Rounds of one loop: those of a range over constants; 1 for everything else. */
function roundsOf(loop: JinjaNode, settings: Settings): number {
  const iterable = partOf(loop, 'iterable')
  const source = iterable?.type === 'SelectExpression' ? partOf(iterable, 'lhs') : iterable
  if (wordOf(partOf(source, 'callee')) !== 'range') return 1
  const [first, second, third] = listOf(source, 'args').map((argument) => amountOf(argument, settings))
  if (first === undefined) return 1
  const length = second === undefined ? first : second - first
  return Math.max(1, Math.ceil(length / Math.max(1, third ?? 1)))
}

/** The most rounds that nested loops over fixed ranges make. */
export function roundsIn(root: JinjaNode): number {
  const settings = settingsIn(walk(root))
  let most = 1
  const stack = [{ node: root, rounds: 1 }]
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const own = top.node.type === 'For' ? roundsOf(top.node, settings) : 1
    const rounds = Math.min(MOST, top.rounds * own)
    most = Math.max(most, rounds)
    for (const node of childrenOf(top.node)) stack.push({ node, rounds })
  }
  return most
}

function sameText(node: JinjaNode): string {
  return JSON.stringify(node)
}

/** Whether the value of a `set` holds its own target more than once, so that it doubles. */
function doubles(set: JinjaNode): boolean {
  const target = partOf(set, 'assignee')
  const value = partOf(set, 'value')
  if (target === undefined || value?.type !== 'BinaryExpression') return false
  const own = sameText(target)
  return operandsOf(value).filter((operand) => sameText(operand) === own).length >= 2
}

function operandsOf(node: JinjaNode): readonly JinjaNode[] {
  if (node.type !== 'BinaryExpression' || !['~', '+'].includes(operatorOf(node))) return [node]
  return [partOf(node, 'left'), partOf(node, 'right')].flatMap((side) => (side === undefined ? [] : operandsOf(side)))
}

/** Nodes that are reached in every case: not under a condition and not in a loop. */
function* unconditional(macro: JinjaNode): Generator<JinjaNode> {
  const stack = [...listOf(macro, 'body')]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    yield node
    if (['If', 'For', 'Ternary', 'SelectExpression'].includes(node.type)) continue
    for (const child of childrenOf(node)) stack.push(child)
  }
}

function callsItself(macro: JinjaNode): boolean {
  const name = wordOf(partOf(macro, 'name'))
  for (const node of unconditional(macro))
    if (node.type === 'CallExpression' && wordOf(partOf(node, 'callee')) === name) return true
  return false
}

function isMuch(amount: number | undefined): boolean {
  return amount !== undefined && amount >= MUCH
}

function isWideProduct(node: JinjaNode, settings: Settings): boolean {
  const [left, right] = sides(node, settings)
  if (operatorOf(node) === '*') return isMuch(left) || isMuch(right)
  if (operatorOf(node) !== '**') return false
  return (right !== undefined && right >= 1000) || amountOf(node, settings) === MOST
}

function isWideCall(node: JinjaNode, settings: Settings): boolean {
  const callee = partOf(node, 'callee')
  const name = wordOf(callee) ?? wordOf(partOf(callee, 'property')) ?? ''
  return FILLING.has(name) && listOf(node, 'args').some((argument) => isMuch(amountOf(argument, settings)))
}

function isWide(node: JinjaNode, settings: Settings): boolean {
  if (node.type === 'BinaryExpression') return isWideProduct(node, settings)
  if (node.type === 'StringLiteral') return WIDE_FORMAT.test(String(node['value']))
  return node.type === 'CallExpression' && isWideCall(node, settings)
}

/** Notes what makes texts and loops explode. */
export function noteGrowth(nodes: readonly JinjaNode[], uses: UseList): void {
  const settings = settingsIn(nodes)
  for (const node of nodes) {
    if (isWide(node, settings)) uses.add('growth', 'a number of a million or more')
    if (node.type === 'Macro' && callsItself(node))
      uses.add('growth', `macro ${wordOf(partOf(node, 'name')) ?? ''} calls itself without a condition`)
    if (node.type !== 'For') continue
    for (const inner of walk(node))
      if (inner.type === 'Set' && doubles(inner)) uses.add('growth', 'a text that doubles in each round')
  }
}
