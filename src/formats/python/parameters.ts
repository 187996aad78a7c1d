/** Gives the parameters of a function the values that its callers and its defaults give them. */
import type { CallArguments, Evaluator } from './evaluate.ts'
import { inField, type PyNode } from './syntax.ts'
import { choiceOf, Scope, type Definition, type Value } from './values.ts'

interface Parameter {
  readonly name: string
  readonly fallback: Value | undefined
  readonly isRest: boolean
}

function parameterOf(evaluator: Evaluator, node: PyNode, scope: Scope): Parameter {
  const isRest = node.type.endsWith('splat_pattern') || node.children[0]?.type.endsWith('splat_pattern') === true
  const named = inField(node, 'name') ?? (node.type === 'identifier' ? node : node.children[0])
  const inner = named?.type.endsWith('splat_pattern') === true ? named.children[0] : named
  return { name: evaluator.sourceOf(inner), fallback: evaluator.value(inField(node, 'value'), scope), isRest }
}

/** Whether a method is called with its instance first. */
function takesSelf(evaluator: Evaluator, { node, owner }: Definition): boolean {
  if (owner === undefined || node.type !== 'function_definition') return false
  const [first] = inField(node, 'parameters')?.children ?? []
  return (
    first?.type === 'identifier' && ['self', 'cls', 'mcs', 'mcls', 'klass', 'this'].includes(evaluator.sourceOf(first))
  )
}

/** A scope in which the parameters have their values. */
export function bindParameters(evaluator: Evaluator, definition: Definition, calls: readonly CallArguments[]): Scope {
  const scope = new Scope(definition.scope)
  const nodes = inField(definition.node, 'parameters')?.children ?? []
  const withSelf = takesSelf(evaluator, definition)
  nodes.forEach((node, index) => {
    const { name, fallback, isRest } = parameterOf(evaluator, node, definition.scope)
    if (name === '') return
    if (withSelf && index === 0 && definition.owner !== undefined)
      return scope.set(name, { kind: 'instance', definition: definition.owner }, true)
    const place = withSelf ? index - 1 : index
    const given = calls.map(({ placed, named }): Value | undefined => {
      if (isRest) return node.type === 'list_splat_pattern' ? { kind: 'list', items: placed.slice(place) } : undefined
      return named.get(name) ?? placed[place]
    })
    scope.set(name, choiceOf([...given, fallback]), true)
  })
  return scope
}
