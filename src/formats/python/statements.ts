/**
 * Statements of Python, one after the other: what they import, define, set and run.
 */
import { visit, visitTarget } from './expressions.ts'
import { namesOf } from './calls.ts'
import { noteAssignment, noteReturned } from './hooks.ts'
import { sinkOf } from './sinks.ts'
import { allInField, inField, type PyNode } from './syntax.ts'
import { choiceOf, nameValue, optionsOf, Scope, type Definition, type Value } from './values.ts'
import type { Context, Place, SourceWalk } from './walk.ts'

/** Statements whose parts run perhaps, or more than once. */
const CONDITIONAL: ReadonlySet<string> = new Set([
  'if_statement',
  'elif_clause',
  'else_clause',
  'for_statement',
  'while_statement',
  'try_statement',
  'except_clause',
  'except_group_clause',
  'finally_clause',
  'match_statement',
  'case_clause',
])

/** Decorators from outside that run what they are given; most only wrap it. */
const CALLING = /^(?:atexit|signal|threading|sys|weakref)\./

/** Walks statements in their order. */
export function walkStatements(walk: SourceWalk, nodes: readonly PyNode[], context: Context): void {
  for (const node of nodes) walkStatement(walk, node, context)
}

function walkStatement(walk: SourceWalk, node: PyNode, context: Context): void {
  walk.evaluator.forget()
  switch (node.type) {
    case 'import_statement':
    case 'import_from_statement':
      return walkImport(walk, node, context)
    case 'function_definition':
      return void defineFunction(walk, node, context)
    case 'class_definition':
      return void defineClass(walk, node, context)
    case 'decorated_definition':
      return walkDecorated(walk, node, context)
    case 'if_statement':
      return walkIf(walk, node, context)
    case 'assignment':
    case 'augmented_assignment':
    case 'named_expression':
      return walkAssignment(walk, node, context)
    default:
      return walkOther(walk, node, context)
  }
}

function walkOther(walk: SourceWalk, node: PyNode, context: Context): void {
  switch (node.type) {
    case 'expression_statement':
    case 'block':
    case 'with_statement':
      return walkStatements(walk, node.children, context)
    case 'with_clause':
    case 'with_item':
    case 'as_pattern':
      return walkBinding(walk, node, context)
    case 'for_statement':
      return walkFor(walk, node, context)
    case 'return_statement':
      return walkReturn(walk, node, context)
    case 'exec_statement':
      return walkExec(walk, node, context)
    default:
      if (!CONDITIONAL.has(node.type)) return visit(walk, node, context)
      return walkStatements(walk, node.children, { ...context, isCertain: false })
  }
}

/** A listed function that is returned is handed to somebody who will call it, as `__reduce__` does. */
function walkReturn(walk: SourceWalk, node: PyNode, context: Context): void {
  const value = walk.evaluator.value(node.children[0], context.scope)
  context.returns?.push(value)
  noteReturned(walk, value, { node, context })
  visit(walk, node, context)
}

/** `with open(x) as f`: the name stands for the result. */
function walkBinding(walk: SourceWalk, node: PyNode, context: Context): void {
  if (node.type !== 'as_pattern') return walkStatements(walk, node.children, context)
  const [source, target] = node.children
  if (source !== undefined) visit(walk, source, context)
  const name = walk.evaluator.sourceOf(target)
  if (/^\w+$/.test(name)) context.scope.set(name, walk.evaluator.value(source, context.scope), context.isCertain)
}

function walkFor(walk: SourceWalk, node: PyNode, context: Context): void {
  const { evaluator } = walk
  const [left, right] = [inField(node, 'left'), inField(node, 'right')]
  if (right !== undefined) visit(walk, right, context)
  const list = evaluator.value(right, context.scope)
  if (left?.type === 'identifier') {
    const item = list?.kind === 'list' ? choiceOf(list.items) : undefined
    context.scope.set(evaluator.sourceOf(left), item, false)
  } else if (left !== undefined) visitTarget(walk, left, { value: undefined, context })
  const bodies = node.children.filter(({ field }) => field === 'body' || field === 'alternative')
  walkStatements(walk, bodies, { ...context, isCertain: false })
}

/** Python 2: `exec "code"`. */
function walkExec(walk: SourceWalk, node: PyNode, context: Context): void {
  const code = walk.evaluator.value(inField(node, 'code') ?? node.children[0], context.scope)
  if (context.returns !== undefined) return
  const { reach, inside } = context
  walk.report.add('execution', 'builtins.exec', { reach, inside, line: node.line, detail: walk.lineOf(node) })
  if (code?.kind === 'text') walk.follow(code.text, node, context)
}

/** What stands under `if __name__ == '__main__'` or `if TYPE_CHECKING` does not run on import. */
function walkIf(walk: SourceWalk, node: PyNode, context: Context): void {
  const test = walk.evaluator.sourceOf(inField(node, 'condition'))
  const isApart = /^\(?\s*(?:__name__\s*==\s*['"]__main__['"]|(?:typing\.)?TYPE_CHECKING)\s*\)?$/.test(test)
  const inner: Context = { ...context, isCertain: false }
  for (const child of node.children) {
    if (child.field === 'condition') visit(walk, child, context)
    else if (child.field === 'consequence' && isApart) walkStatements(walk, child.children, { ...inner, reach: 'call' })
    else walkStatement(walk, child, inner)
  }
}

/** The module of a `from` clause; a relative one keeps its dots. */
function moduleOf(walk: SourceWalk, node: PyNode): string {
  return walk.evaluator.sourceOf(inField(node, 'module_name')).replaceAll(/\s/g, '')
}

function noteImport(walk: SourceWalk, module: string, { node, context }: Place): void {
  if (module !== '' && !module.startsWith('.')) walk.note('import', module, { node, context })
}

function walkImport(walk: SourceWalk, node: PyNode, context: Context): void {
  if (node.type === 'import_from_statement') return walkImportFrom(walk, node, context)
  const { evaluator } = walk
  for (const each of allInField(node, 'name')) {
    const alias = inField(each, 'alias')
    const name = evaluator.sourceOf(alias === undefined ? each : inField(each, 'name')).replaceAll(/\s/g, '')
    noteImport(walk, name, { node: each, context })
    const first = name.split('.', 1)[0] ?? name
    if (alias === undefined) context.scope.set(first, nameValue(first), context.isCertain)
    else context.scope.set(evaluator.sourceOf(alias), nameValue(name), context.isCertain)
  }
}

function walkImportFrom(walk: SourceWalk, node: PyNode, context: Context): void {
  const { evaluator } = walk
  const from = moduleOf(walk, node)
  noteImport(walk, from, { node, context })
  const takesAll = node.children.some(({ type }) => type === 'wildcard_import')
  if (takesAll && !from.startsWith('.')) context.scope.wildcards.push(from)
  for (const each of allInField(node, 'name')) {
    const alias = inField(each, 'alias')
    const name = evaluator.sourceOf(alias === undefined ? each : inField(each, 'name')).replaceAll(/\s/g, '')
    const bound = alias === undefined ? name : evaluator.sourceOf(alias)
    context.scope.set(bound, nameValue(`${from}.${name}`), context.isCertain)
  }
}

function visitParameters(walk: SourceWalk, node: PyNode, context: Context): void {
  for (const parameter of inField(node, 'parameters')?.children ?? []) visit(walk, parameter, context)
}

/** Takes note of a function; its defaults are computed where it stands. */
function defineFunction(walk: SourceWalk, node: PyNode, context: Context): Value {
  const name = walk.evaluator.sourceOf(inField(node, 'name'))
  visitParameters(walk, node, context)
  const definition: Definition = {
    node,
    name: context.inside === '' ? name : `${context.inside}.${name}`,
    owner: context.owner,
    members: new Map(),
    bases: [],
    scope: context.scope,
  }
  const value: Value = { kind: 'own', definition }
  return bind(walk, { name, value, context })
}

/** Binds a definition in its scope, and as a member of the class that it stands in. */
function bind(
  walk: SourceWalk,
  { name, value, context }: { readonly name: string; readonly value: Value; readonly context: Context },
): Value {
  if (context.returns === undefined && value.kind === 'own') walk.define(value.definition)
  context.scope.set(name, value, context.isCertain)
  context.owner?.members.set(name, value)
  return value
}

/** What a class inherits from; who makes classes runs when one is made. */
function basesOf(walk: SourceWalk, parents: readonly PyNode[], context: Context): readonly Value[] {
  const bases: Value[] = []
  for (const child of parents) {
    const isKeyword = child.type === 'keyword_argument'
    const value = walk.evaluator.value(isKeyword ? inField(child, 'value') : child, context.scope)
    if (!isKeyword) bases.push(value ?? nameValue('?'))
    if (value?.kind === 'own' && context.returns === undefined) walk.reached(value.definition, context.reach)
  }
  return bases
}

/** Takes note of a class; its body runs where it stands, and so do those who make classes. */
function defineClass(walk: SourceWalk, node: PyNode, context: Context): Value {
  const { evaluator } = walk
  const name = evaluator.sourceOf(inField(node, 'name'))
  const parents = inField(node, 'superclasses')
  if (parents !== undefined) visit(walk, parents, context)
  const bases = basesOf(walk, parents?.children ?? [], context)
  const inside = context.inside === '' ? name : `${context.inside}.${name}`
  const definition: Definition = {
    node,
    name: inside,
    owner: undefined,
    members: new Map(),
    bases,
    scope: context.scope,
  }
  const value = bind(walk, { name, value: { kind: 'own', definition }, context })
  const body = inField(node, 'body')?.children ?? []
  walkStatements(walk, body, { ...context, scope: new Scope(context.scope), inside, owner: definition })
  return value
}

function walkDecorated(walk: SourceWalk, node: PyNode, context: Context): void {
  const { evaluator } = walk
  const definition = inField(node, 'definition')
  const decorators = node.children.filter(({ type }) => type === 'decorator')
  for (const decorator of decorators) visit(walk, decorator, context)
  if (definition === undefined) return
  const isClass = definition.type === 'class_definition'
  const value = isClass ? defineClass(walk, definition, context) : defineFunction(walk, definition, context)
  if (context.returns !== undefined) return
  for (const decorator of decorators) {
    const callee = evaluator.value(decorator.children[0], context.scope)
    const calls = optionsOf(callee).some((option) => option.kind !== 'name' || CALLING.test(option.name))
    if (calls || namesOf(callee).some((name) => sinkOf(name) !== undefined))
      walk.called(callee, { placed: [value], named: new Map() }, { node: decorator, context })
  }
}

/** `a = b = c`, `a += b`, `a: T = b`. */
function walkAssignment(walk: SourceWalk, node: PyNode, context: Context): void {
  const { evaluator } = walk
  const target = inField(node, 'left') ?? inField(node, 'name')
  const right = inField(node, 'right') ?? inField(node, 'value')
  if (right?.type === 'assignment') walkAssignment(walk, right, context)
  else if (right !== undefined) visit(walk, right, context)
  const last = lastOf(right)
  const isSum = node.type === 'augmented_assignment'
  const value = isSum ? sumOf(walk, node, context) : evaluator.value(last, context.scope)
  if (target === undefined) return
  noteAssignment(walk, { node, target, value, context })
  visitTarget(walk, target, { value, context })
}

function lastOf(node: PyNode | undefined): PyNode | undefined {
  return node?.type === 'assignment' ? lastOf(inField(node, 'right')) : node
}

/** Only a text or a list grows by `+=`; what else is changed so is unknown from then on. */
function sumOf(walk: SourceWalk, node: PyNode, context: Context): Value | undefined {
  const { evaluator } = walk
  const [left, right] = ['left', 'right'].map((field) => evaluator.value(inField(node, field), context.scope))
  if (left?.kind === 'text' && right?.kind === 'text')
    return { ...left, text: (left.text + right.text).slice(0, 1 << 20) }
  if (left?.kind === 'list' && right?.kind === 'list') return { ...left, items: [...left.items, ...right.items] }
  return undefined
}
