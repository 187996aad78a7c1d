/**
 * Expressions of Python: every call in them is looked at, whatever it stands in.
 */
import { variableEffect } from './calls.ts'
import { canonicalName } from './names.ts'
import { programIn } from './payloads.ts'
import { decodeUnnamed } from './decoders.ts'
import { inField, type PyNode } from './syntax.ts'
import { textIn } from './text-methods.ts'
import { optionsOf, type Value } from './values.ts'
import type { Context, SourceWalk } from './walk.ts'

const LONG_TEXT = 60

/** Looks at an expression and all that it is made of. */
export function visit(walk: SourceWalk, node: PyNode, context: Context): void {
  if (context.returns !== undefined && node.type !== 'named_expression') return
  switch (node.type) {
    case 'lambda':
      return void walk.lambda(node, context)
    case 'call':
      return visitCall(walk, node, context)
    case 'attribute':
      visitAttribute(walk, node, context)
      break
    case 'subscript':
      visitSubscript(walk, node, context)
      break
    case 'string':
    case 'concatenated_string':
      visitText(walk, node, context)
      break
    case 'named_expression':
      visitTarget(walk, node.children[0] as PyNode, {
        value: walk.evaluator.value(inField(node, 'value'), context.scope),
        context,
      })
      break
    default:
  }
  for (const child of node.children) visit(walk, child, context)
}

function visitCall(walk: SourceWalk, node: PyNode, context: Context): void {
  const { evaluator } = walk
  const callee = evaluator.value(inField(node, 'function'), context.scope)
  const given = evaluator.argumentsOf(node, context.scope)
  for (const child of inField(node, 'arguments')?.children ?? []) {
    const argument = child.type === 'keyword_argument' ? inField(child, 'value') : child
    if (argument?.type === 'lambda') walk.reached(walk.lambda(argument, context), context.reach)
  }
  const called = inField(node, 'function')
  const direct = called?.type === 'parenthesized_expression' ? called.children[0] : called
  if (direct?.type === 'lambda') walk.reached(walk.lambda(direct, context), context.reach, given)
  walk.called(callee, given, { node, context })
  for (const child of node.children) visit(walk, child, context)
}

/** An attribute of an instance may be a property: looking at it calls it. */
function visitAttribute(walk: SourceWalk, node: PyNode, context: Context): void {
  for (const value of optionsOf(walk.evaluator.value(node, context.scope)))
    if (value.kind === 'own' && value.definition.owner !== undefined && node.field !== 'function')
      walk.reached(value.definition, context.reach)
}

function visitSubscript(walk: SourceWalk, node: PyNode, context: Context): void {
  const { evaluator } = walk
  const key = textIn(evaluator.value(inField(node, 'subscript'), context.scope))
  for (const value of optionsOf(evaluator.value(inField(node, 'value'), context.scope))) {
    if (value.kind !== 'name') continue
    for (const { kind, target } of variableEffect(canonicalName(value.name), key))
      walk.note(kind, target, { node, context })
  }
}

/** A long text that holds a packed program, whether or not anything is done with it. */
function visitText(walk: SourceWalk, node: PyNode, context: Context): void {
  if (node.to - node.from < LONG_TEXT) return
  const text = textIn(walk.evaluator.value(node, context.scope))
  const decoded = text === undefined ? undefined : decodeUnnamed(text)
  const program = decoded === undefined ? undefined : programIn(decoded)
  if (program !== undefined) walk.note('payload', `${program} in an encoded text`, { node, context })
}

/** Gives the names of a target their values. */
export function visitTarget(
  walk: SourceWalk,
  target: PyNode,
  { value, context }: { readonly value: Value | undefined; readonly context: Context },
): void {
  const { evaluator } = walk
  if (target.type === 'identifier') {
    const name = evaluator.sourceOf(target)
    context.scope.set(name, value, context.isCertain)
    if (value !== undefined) context.owner?.members.set(name, value)
    return
  }
  if (['pattern_list', 'tuple_pattern', 'list_pattern', 'tuple', 'list', 'expression_list'].includes(target.type)) {
    const items = value?.kind === 'list' ? value.items : []
    target.children.forEach((child, index) => visitTarget(walk, child, { value: items[index], context }))
    return
  }
  if (target.type === 'attribute') setMember(walk, target, { value, context })
  visit(walk, target, context)
}

/** `self.run = os.system`. */
function setMember(
  walk: SourceWalk,
  target: PyNode,
  { value, context }: { readonly value: Value | undefined; readonly context: Context },
): void {
  const { evaluator } = walk
  if (value === undefined) return
  const name = evaluator.sourceOf(inField(target, 'attribute'))
  for (const owner of optionsOf(evaluator.value(inField(target, 'object'), context.scope)))
    if (owner.kind === 'instance' || owner.kind === 'own') owner.definition.members.set(name, value)
}
