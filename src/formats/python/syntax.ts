/**
 * The syntax tree of a Python source: plain nodes, made once, so that walking it asks nothing of the parser.
 *
 * The parser never fails; what it does not understand it marks, and a source with such a mark is not understood.
 *
 * Guarantee: at most {@link MOST_NODES} nodes and {@link DEEPEST} levels; of what has more the beginning is kept, and
 * the trouble is said.
 */
import type * as TreeSitter from 'web-tree-sitter'
import { Fault } from '../../base/index.ts'
import { forgetGrammar, pythonParser } from './grammar.ts'

/** Longest source that is parsed, in characters. */
const LONGEST = 512 * 1024
const MOST_NODES = 200_000
const DEEPEST = 250
/** Steps of the parser: a source of a megabyte takes some hundred thousand. */
const MOST_STEPS = 4_000_000

/** One node: its type in the grammar, its place in its parent, where it stands, what hangs under it. */
export interface PyNode {
  readonly type: string
  /** The field of its parent that it is in; empty when in none. */
  readonly field: string
  readonly from: number
  readonly to: number
  /** From 1. */
  readonly line: number
  readonly children: readonly PyNode[]
}

/** A tree, and why it is not the whole truth. */
export interface ParsedSource {
  readonly root: PyNode
  readonly trouble: string | undefined
}

interface Draft extends PyNode {
  readonly children: PyNode[]
}

const NOTHING: PyNode = { type: 'module', field: '', from: 0, to: 0, line: 1, children: [] }

function draftOf(cursor: TreeSitter.TreeCursor): Draft {
  return {
    type: cursor.nodeType,
    field: cursor.currentFieldName ?? '',
    from: cursor.startIndex,
    to: cursor.endIndex,
    line: cursor.startPosition.row + 1,
    children: [],
  }
}

/** Copies a tree; comments and signs that are in no field are left out. */
class Copying {
  readonly #cursor: TreeSitter.TreeCursor
  readonly #stack: Draft[]
  #nodes = 0
  trouble: string | undefined

  constructor(cursor: TreeSitter.TreeCursor) {
    this.#cursor = cursor
    this.#stack = [draftOf(cursor)]
  }

  run(): PyNode {
    const [root] = this.#stack
    let goes = this.#cursor.gotoFirstChild()
    while (goes && this.trouble === undefined) goes = this.#step()
    return root ?? NOTHING
  }

  /** Takes the node under the cursor and moves to the next one; false at the end. */
  #step(): boolean {
    const cursor = this.#cursor
    const parent = this.#stack.at(-1)
    const node = draftOf(cursor)
    this.#note(node)
    if (cursor.nodeIsNamed ? node.type !== 'comment' : node.field !== '') parent?.children.push(node)
    if (cursor.gotoFirstChild()) {
      this.#stack.push(node)
      return true
    }
    while (!cursor.gotoNextSibling()) {
      if (!cursor.gotoParent() || this.#stack.length <= 1) return false
      this.#stack.pop()
    }
    return true
  }

  #note({ type, line }: PyNode): void {
    if (++this.#nodes > MOST_NODES) this.trouble = `more than ${MOST_NODES} nodes of syntax`
    else if (this.#stack.length > DEEPEST) this.trouble = `nested deeper than ${DEEPEST} levels in line ${line}`
    else if (type === 'ERROR' || this.#cursor.nodeIsMissing)
      this.#marked ??= `no Python that is known here in line ${line}`
  }

  #marked: string | undefined
  get mark(): string | undefined {
    return this.trouble ?? this.#marked
  }
}

/** The tree of the parser. @throws Pending; Fault `budget-bytes` when the parser runs out of memory */
function treeOf(text: string): TreeSitter.Tree | null {
  let steps = 0
  const parser = pythonParser()
  try {
    return parser.parse(text, null, { progressCallback: () => ++steps > MOST_STEPS })
  } catch (thrown) {
    forgetGrammar()
    throw new Fault('budget-bytes', 'the source takes more memory to parse than one file may have', { cause: thrown })
  }
}

/** Parses a source. @throws Pending while the grammar is being loaded; Fault `budget-bytes` */
export function parseSource(text: string): ParsedSource {
  const length = `${text.length} characters; sources of at most ${LONGEST} are parsed`
  const cut = text.length > LONGEST ? length : undefined
  const tree = treeOf(text.slice(0, LONGEST))
  if (tree === null) return { root: NOTHING, trouble: 'the source takes too long to parse' }
  const cursor = tree.walk()
  try {
    const copying = new Copying(cursor)
    const root = copying.run()
    return { root, trouble: cut ?? copying.mark }
  } finally {
    cursor.delete()
    tree.delete()
  }
}

/** The child in a field. */
export function inField(node: PyNode | undefined, field: string): PyNode | undefined {
  return node?.children.find((child) => child.field === field)
}

/** The children in a field. */
export function allInField(node: PyNode, field: string): readonly PyNode[] {
  return node.children.filter((child) => child.field === field)
}
