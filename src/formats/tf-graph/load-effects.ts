/**
 * What runs when a model is loaded or restored: the nodes that the entry points name, and all that these need.
 */
import { quoteName } from '../names.ts'
import type { GraphContext, GraphScope } from './context.ts'
import { dangerOf } from './danger.ts'

const MOST_ENTRIES = 16

/** A node that a loader runs, and why. */
export interface EntryPoint {
  readonly node: string
  readonly why: string
}

/** `^control:0` is an input that names the node `control`. */
function nodeOf(input: string): string {
  const name = input.startsWith('^') ? input.slice(1) : input
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(0, colon)
}

interface Step {
  readonly scope: GraphScope
  readonly name: string
}

/** Operators with effects that are reached from a node, through inputs and functions. */
function effectsFrom(context: GraphContext, start: Step): ReadonlySet<string> {
  const found = new Set<string>()
  const seen = new Map<GraphScope, Set<string>>()
  const queue: Step[] = [start]
  for (let step = queue.pop(); step !== undefined; step = queue.pop()) {
    const { scope, name } = step
    const visited = seen.get(scope) ?? new Set<string>()
    seen.set(scope, visited)
    const node = scope.nodes.get(name)
    if (node === undefined || visited.has(name)) continue
    visited.add(name)
    if (dangerOf(node.operator) !== undefined) found.add(node.operator)
    for (const input of node.inputs) queue.push({ scope, name: nodeOf(input) })
    for (const callee of [node.operator, ...node.calls]) {
      const body = context.functions.get(callee)
      if (body === undefined || seen.has(body)) continue
      for (const inner of body.nodes.keys()) queue.push({ scope: body, name: inner })
    }
  }
  return found
}

/** Notes entry points that have effects outside the model. */
export function checkLoadEffects(context: GraphContext, main: GraphScope, entries: readonly EntryPoint[]): void {
  for (const { node, why } of entries.slice(0, MOST_ENTRIES)) {
    const effects = effectsFrom(context, { scope: main, name: nodeOf(node) })
    if (effects.size === 0) continue
    const operators = [...effects].map((operator) => quoteName(operator)).join(', ')
    const message = `node ${quoteName(node)}, which runs as ${why}, leads to ${operators}`
    context.facts.anomalies.add('tfg-load-effect', message, { locus: why })
  }
}
