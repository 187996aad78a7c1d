/**
 * The syntax tree of a Jinja template, made by the parser of `@huggingface/jinja` and by nothing else of it.
 *
 * A template is never rendered: one loop over a range can fill any memory. The parser calls itself for each level of
 * nesting and its lexer goes over runs of white space again and again, so what is too long, too blank or too deep is
 * refused with a reason instead of being parsed. The package is loaded only when there is a template.
 *
 * Guarantee: a tree of at most {@link DEEPEST} levels, or a reason; never an exception.
 */
import { createRequire } from 'node:module'

/** A node, whatever its type; its parts are looked up by name. */
export interface JinjaNode {
  readonly type: string
  readonly [part: string]: unknown
}

/** A tree, or why there is none. */
export type ParsedTemplate =
  | { readonly root: JinjaNode; readonly trouble?: undefined }
  | { readonly trouble: string; readonly root?: undefined }

const require = createRequire(import.meta.url)
const LONGEST = 256 * 1024
const LONGEST_BLANK = 1024
const DEEPEST = 200
const BLANKS = new RegExp(`\\s{${LONGEST_BLANK}}`)

/** Whether a value is a node. */
export function isNode(value: unknown): value is JinjaNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** The nodes that hang directly under a node, in the order of the source as far as the tree keeps it. */
export function childrenOf(node: JinjaNode): readonly JinjaNode[] {
  return Object.entries(node).flatMap(([name, part]) => (name === 'operator' ? [] : nodesIn(part)))
}

function nodesIn(part: unknown): readonly JinjaNode[] {
  if (isNode(part)) return [part]
  if (Array.isArray(part)) return part.filter(isNode)
  return part instanceof Map ? [...part].flat().filter(isNode) : []
}

/** One part of a node, when it is a node. */
export function partOf(node: JinjaNode | undefined, name: string): JinjaNode | undefined {
  const part = node?.[name]
  return isNode(part) ? part : undefined
}

/** The nodes of a list or of a dictionary that is a part of a node. */
export function listOf(node: JinjaNode | undefined, name: string): readonly JinjaNode[] {
  return nodesIn(node?.[name]).filter((each) => each !== partOf(node, name))
}

/** The word of an identifier; undefined for every other node. */
export function wordOf(node: JinjaNode | undefined): string | undefined {
  return node?.type === 'Identifier' && typeof node['value'] === 'string' ? node['value'] : undefined
}

/** The sign or word of an operator. */
export function operatorOf(node: JinjaNode): string {
  const operator = node['operator']
  return isNode(operator) && typeof operator['value'] === 'string' ? operator['value'] : ''
}

/** All nodes under a node and itself, parents before children. */
export function* walk(root: JinjaNode): Generator<JinjaNode> {
  const stack = [root]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    yield node
    for (const child of childrenOf(node).toReversed()) stack.push(child)
  }
}

function isTooDeep(root: JinjaNode): boolean {
  const stack = [{ node: root, depth: 0 }]
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const depth = top.depth + 1
    if (depth > DEEPEST) return true
    for (const node of childrenOf(top.node)) stack.push({ node, depth })
  }
  return false
}

/** Tokens after which a parenthesis is a call, and the words that look like a name and are none. */
const CALLED: ReadonlySet<string> = new Set(['Identifier', 'CloseParen', 'CloseSquareBracket', 'StringLiteral'])
const OPERATORS: ReadonlySet<string> = new Set(['in', 'not', 'and', 'or', 'is', 'if', 'elif', 'else', 'set'])

interface Token {
  readonly type: string
  readonly value: string
}

/** What is used of the package, whose own types do not resolve. */
interface Jinja {
  tokenize(text: string, options: { readonly lstrip_blocks: boolean; readonly trim_blocks: boolean }): Token[]
  parse(tokens: readonly Token[]): unknown
}

/** The parser has no empty tuple, Jinja has: `().__class__`. It is read as the name `none`. */
function withTuples(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token, index) => {
    const opens = tokens[index - 1]?.type === 'OpenParen' && token.type === 'CloseParen'
    const before = tokens[index - 2]
    const calls = before !== undefined && CALLED.has(before.type) && !OPERATORS.has(before.value)
    return opens && !calls ? [{ value: 'none', type: 'Identifier' }, token] : [token]
  })
}

/** The tree of a template. @example parseTemplate('{{ a }}').root.type // 'Program' */
export function parseTemplate(text: string): ParsedTemplate {
  if (text.length > LONGEST) return { trouble: `${text.length} characters; templates of at most ${LONGEST} are parsed` }
  if (BLANKS.test(text)) return { trouble: `a run of more than ${LONGEST_BLANK} blanks` }
  try {
    const { parse, tokenize } = require('@huggingface/jinja') as Jinja
    const root = parse(withTuples(tokenize(text, { lstrip_blocks: true, trim_blocks: true })))
    if (!isNode(root)) return { trouble: 'the parser gave no tree' }
    return isTooDeep(root) ? { trouble: `nested deeper than ${DEEPEST} levels` } : { root }
  } catch (thrown) {
    if (thrown instanceof RangeError) return { trouble: `nested deeper than ${DEEPEST} levels` }
    return { trouble: thrown instanceof Error ? thrown.message.slice(0, 200).toWellFormed() : 'the parser failed' }
  }
}
